// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/field_list.h"
#include "widgets/inspector/hex_view.h"
#include "widgets/inspector/json_view.h"
#include "widgets/style/theme.h"

#include <QDir>
#include <QTest>

using namespace weir;
using namespace weir::inspector;

namespace {

/// Pictures are kept where WEIR_RENDER_DIR says, for looking; the test itself checks single colours.
void keep(const QImage& image, const QString& name)
{
    const QString folder = qEnvironmentVariable("WEIR_RENDER_DIR");
    const bool dark = style::Theme::current().mode == style::Mode::Dark;
    const QString file = name + (dark ? QStringLiteral("-dark.png") : QStringLiteral("-light.png"));
    if (!folder.isEmpty())
        QVERIFY(image.save(QDir(folder).filePath(file)));
}

InspectorLine line(int depth, const char* key, const char* type, const char* value, ByteSpan bytes)
{
    InspectorLine made;
    made.depth = depth;
    made.key = QString::fromUtf8(key);
    made.type = QString::fromUtf8(type);
    made.value = QString::fromUtf8(value);
    made.bytes = bytes;
    made.strong = depth == 0;
    return made;
}

std::vector<InspectorLine> order()
{
    std::vector<InspectorLine> lines{line(0, "Record", "orders, partition 7", "offset 88120314, epoch 14", {}),
        line(1, "timestamp", "int64", "14:12:03.118", {}), line(0, "Key", "string", "\"ord-471173\"", {0, 10}),
        line(0, "Value", "Avro, Confluent framing", "83 bytes", {0, 83}), line(1, "magic", "1 byte", "0x00", {0, 1}),
        line(1, "schema id", "int32 BE", "41 orders-value, version 6", {1, 5}),
        line(1, "Order", "record", "10 fields", {5, 83}), line(2, "order_id", "string", "\"ord-471173\"", {5, 16}),
        line(2, "customer_id", "long", "9007199254741031", {16, 24}),
        line(2, "amount", "bytes : decimal(10, 2)", "249.90", {26, 29}),
        line(2, "failure", "string", "NULL", {33, 34})};
    lines[0].foldable = lines[0].folded = lines[3].foldable = lines[6].foldable = true;
    lines[6].valueClass = ValueClass::Container;
    lines[10].valueClass = ValueClass::Null;
    return lines;
}

int pixelsOf(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == color;
    }
    return count;
}

} // namespace

class TestInspectorRender : public QObject
{
    Q_OBJECT
private slots:
    void dissection_data() { modes(); }
    void dissection()
    {
        begin();
        JsonView view;
        view.setLines(order());
        view.resize(680, 300);
        view.show();
        QVERIFY(view.selectBytes(0, {27, 28}));
        const QImage image = view.grab().toImage();
        keep(image, QStringLiteral("dissection"));
        const auto& color = style::Theme::current().color;
        QVERIFY(pixelsOf(image, color.selection.bg) + pixelsOf(image, color.selection.inactive) > 660 * 15);
    }

    void bytes_data() { modes(); }
    void bytes()
    {
        begin();
        HexView view;
        view.setBytes(QByteArray::fromHex("0000000029146f72642d343731313733ce8080808080802004080461"
                                          "9e06455552f48a9fa69c67041253554b552d3230343138021253")
            + QByteArray("KU-00733\3\6\0\2\"card declined: 51\0", 31));
        view.setFraming({0, 5});
        view.setSelection({26, 29});
        view.resize(560, 220);
        view.show();
        const QImage image = view.grab().toImage();
        keep(image, QStringLiteral("bytes"));
        QVERIFY(pixelsOf(image, style::Theme::current().color.accent.base) > 300);
    }

    void fields_data() { modes(); }
    void fields()
    {
        begin();
        FieldList list;
        using Look = FieldText::Look;
        list.setRows({{QStringLiteral("SQL type"), {{QStringLiteral("DECIMAL(10, 2)")}}},
            {QStringLiteral("Encoding"), {{QStringLiteral("Avro bytes, two's complement, scale 2"), Look::Words}}},
            {QStringLiteral("Bytes"),
                {{QStringLiteral("26–28")}, {QStringLiteral("04 length 2,"), Look::Muted},
                    {QStringLiteral("61 9E"), Look::Accent}, {QStringLiteral("= 24990")}}},
            {QStringLiteral("Leader epoch"), {{QStringLiteral("unknown"), Look::Muted}}}});
        list.resize(560, 110);
        list.show();
        const QImage image = list.grab().toImage();
        keep(image, QStringLiteral("fields"));
        QVERIFY(pixelsOf(image, style::Theme::current().color.bg.well) > 560 * 80);
    }

private:
    static void modes()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("dark") << true;
        QTest::newRow("light") << false;
    }
    static void begin()
    {
        QFETCH(bool, dark);
        style::ThemeSwitch::instance().apply(*qApp, dark ? style::Mode::Dark : style::Mode::Light);
    }
};

QTEST_MAIN(TestInspectorRender)
#include "tst_inspector_render.moc"
