// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"
#include "widgets/tables/record_table.h"
#include "widgets/tables/result_table.h"
#include "widgets/tables/spark_tree.h"

#include <QDir>
#include <QStandardItemModel>
#include <QTest>

#include <cmath>
#include <memory>

using namespace weir;
using namespace weir::tables;

namespace {

/// Pictures are kept where WEIR_RENDER_DIR says, for looking; the test itself checks single colours.
void keep(const QImage& image, const QString& name)
{
    const QString folder = qEnvironmentVariable("WEIR_RENDER_DIR");
    if (!folder.isEmpty())
        QVERIFY(image.save(QDir(folder).filePath(name)));
}

QString suffix()
{
    return style::Theme::current().mode == style::Mode::Dark ? QStringLiteral("-dark.png")
                                                             : QStringLiteral("-light.png");
}

TableColumn column(const char* name, const char* caption, int width, bool number, bool field)
{
    TableColumn made;
    made.id = made.name = QString::fromUtf8(name);
    made.caption = QString::fromUtf8(caption);
    made.width = width;
    made.number = number;
    made.field = field;
    return made;
}

TableCell cell(const char* text, Tone tone = Tone::Primary)
{
    return {QString::fromUtf8(text), tone};
}

class OrderRows final : public RecordRows
{
public:
    OrderRows()
    {
        m_columns = {column("Time", "", 106, false, false), column("Part.", "", 52, true, false),
            column("Offset", "", 84, true, false), column("Key", "", 102, false, false),
            column("customer_id", "BIGINT", 152, true, true), column("region", "", 62, false, true),
            column("status", "", 92, false, true), column("amount", "", 84, true, true),
            column("cur.", "", 46, false, true), column("items", "", 54, true, true),
            column("failure", "", 240, false, true), column("created_at", "TS(3)", 112, false, true),
            column("Size", "", 50, true, false)};
    }
    qint64 firstRow() const override { return 0; }
    qint64 endRow() const override { return 3'214'870; }
    const std::vector<TableColumn>& columns() const override { return m_columns; }
    std::vector<TableRow> rows(qint64 first, int count) const override
    {
        std::vector<TableRow> rows;
        for (qint64 number = first; number < first + count; ++number)
            rows.push_back(made(number));
        return rows;
    }

private:
    static TableRow made(qint64 number)
    {
        TableRow row;
        const bool cancelled = number % 7 == 0;
        row.cells = {cell("14:12:03.118", Tone::Secondary), cell("7", Tone::Secondary),
            cell("88120314", Tone::Secondary), cell("ord-471173"), cell("9007199254741031"), cell("EU-W"),
            cancelled ? cell("CANCELLED", Tone::Warn) : cell("FAILED", Tone::Error), cell("249.90"),
            cell("EUR", Tone::Secondary), cell("2"), cancelled ? cell("NULL", Tone::Null) : cell("card declined: 51"),
            cell("14:12:02.874"), cell("83", Tone::Secondary)};
        if (number % 10 == 3)
            makeFailure(row);
        else if (number % 10 == 5)
            makeTombstone(row);
        else if (number % 10 == 7)
            makeControl(row);
        return row;
    }
    static void makeFailure(TableRow& row)
    {
        row.glyph = RowGlyph::DecodeFailure;
        row.tint = RowTint::Error;
        row.span = MessageSpan::Fields;
        row.leadTone = row.messageTone = Tone::Error;
        row.messageLead = QStringLiteral("Cannot decode value:");
        row.message = QStringLiteral("Avro schema 41, byte 23 of 118: union index 7, but only 2 branches exist. Raw "
                                     "bytes kept, filter undecided.");
    }
    static void makeTombstone(TableRow& row)
    {
        row.glyph = RowGlyph::Tombstone;
        row.span = MessageSpan::Fields;
        row.messageItalic = true;
        row.message = QStringLiteral("tombstone: the value is null, so every field is NULL");
        row.cells.back() = cell("null", Tone::Null);
    }
    static void makeControl(TableRow& row)
    {
        row.glyph = RowGlyph::Control;
        row.span = MessageSpan::AfterFirst;
        row.messageTone = Tone::Secondary;
        row.message =
            QStringLiteral("partition 3, offset 88101899: control record (transaction commit), carries no data");
        row.cells.resize(1);
    }

    std::vector<TableColumn> m_columns;
};

class RegionResult final : public ResultRows
{
public:
    RegionResult()
    {
        m_columns = {column("window_start", "TIMESTAMP(3)", 196, false, true),
            column("region", "STRING", 72, false, true), column("order_count", "BIGINT", 104, true, true),
            column("revenue", "DECIMAL(38, 2)", 132, true, true), column("failed", "BIGINT", 84, true, true)};
    }
    const std::vector<TableColumn>& columns() const override { return m_columns; }
    qint64 firstFinal() const override { return 0; }
    qint64 endFinal() const override { return 215; }
    qint64 provisionalCount() const override { return 5; }
    OpenWindowWords openWindow() const override
    {
        return {QStringLiteral("Open window 14:12:00 to 14:13:00"),
            QStringLiteral("rows below can still change, Flink would not emit them yet"),
            QStringLiteral("24.1 s left")};
    }
    std::vector<TableRow> finalRows(qint64, int count) const override { return made(count); }
    std::vector<TableRow> provisionalRows(qint64, int count) const override { return made(count); }

private:
    static std::vector<TableRow> made(int count)
    {
        std::vector<TableRow> rows(static_cast<std::size_t>(count));
        for (TableRow& row : rows)
            row.cells = {
                cell("2026-03-12 14:11:00.000"), cell("EU-N"), cell("18,040"), cell("950,368.18"), cell("5,459")};
        return rows;
    }

    std::vector<TableColumn> m_columns;
};

QList<QStandardItem*> treeRow(const QString& name, const QString& rate, const QString& size, Tone tone = Tone::Primary)
{
    QList<QStandardItem*> row{
        new QStandardItem(name), new QStandardItem, new QStandardItem(rate), new QStandardItem(size)};
    QList<double> series;
    for (int i = 0; i < 30; ++i)
        series.append(10 + std::sin(i * 0.7 + static_cast<double>(name.size())));
    row[1]->setData(QVariant::fromValue(series), SparkRole::Series);
    if (tone != Tone::Primary) {
        for (int i = 1; i < 4; ++i)
            row[i]->setData(static_cast<int>(tone), SparkRole::Tone);
    }
    return row;
}

QList<QStandardItem*> headRow(const QString& name, style::Icon icon, const QString& note, const QStringList& heads)
{
    QList<QStandardItem*> row{new QStandardItem(name)};
    row[0]->setData(static_cast<int>(icon), SparkRole::Icon);
    row[0]->setData(note, SparkRole::Note);
    for (const QString& head : heads) {
        row.append(new QStandardItem(head));
        row.last()->setData(true, SparkRole::Caption);
    }
    return row;
}

void fill(QStandardItemModel& model)
{
    QList<QStandardItem*> cluster{
        new QStandardItem(QStringLiteral("prod-eu-1")), new QStandardItem, new QStandardItem, new QStandardItem};
    cluster[0]->setData(QColor(QStringLiteral("#E6496D")), SparkRole::Chip);
    cluster[0]->setData(true, SparkRole::Strong);
    cluster[0]->setData(QStringLiteral("read-only"), SparkRole::State);
    cluster[0]->setData(static_cast<int>(style::Icon::LockClosed), SparkRole::StateIcon);
    cluster[3]->setData(static_cast<int>(Tone::Ok), SparkRole::Tone);
    const QString span = QStringLiteral("15 min");
    const auto topics = headRow(QStringLiteral("Topics"), style::Icon::Topic, QStringLiteral("10"),
        {span, QStringLiteral("msg/s"), QStringLiteral("size")});
    topics[0]->appendRow(treeRow(QStringLiteral("orders"), QStringLiteral("1,842"), QStringLiteral("412 GiB")));
    topics[0]->appendRow(
        treeRow(QStringLiteral("orders.enriched"), QStringLiteral("1,839"), QStringLiteral("688 GiB")));
    topics[0]->appendRow(treeRow(QStringLiteral("payments.dlq"), QStringLiteral("48"), QStringLiteral("1.1 GiB")));
    const auto groups = headRow(QStringLiteral("Groups"), style::Icon::Group, QStringLiteral("7"),
        {span, QStringLiteral("lag"), QStringLiteral("behind")});
    groups[0]->appendRow(
        treeRow(QStringLiteral("fulfilment"), QStringLiteral("148,812"), QStringLiteral("4m 02s"), Tone::Error));
    groups[0]->appendRow(treeRow(QStringLiteral("billing"), QStringLiteral("214"), QStringLiteral("0.1 s")));
    cluster[0]->appendRow(topics);
    cluster[0]->appendRow(groups);
    model.appendRow(cluster);
}

} // namespace

class TestTablesRender : public QObject
{
    Q_OBJECT
private slots:
    void recordTable_data() { modes(); }
    void recordTable()
    {
        begin();
        RecordTable table;
        table.setRows(std::make_shared<OrderRows>());
        table.resize(1290, 332);
        table.setErrorMarks({1'600'000, 2'400'000});
        table.show();
        table.setCurrentRow(table.topRow() + 8);
        const QImage image = table.grab().toImage();
        keep(image, QStringLiteral("record-table") + suffix());
        const auto& color = style::Theme::current().color;
        QCOMPARE(image.pixelColor(200, 4), color.bg.header);
        bool selected = false;
        bool failed = false;
        for (int y = 0; y < image.height(); ++y) {
            selected = selected || image.pixelColor(2, y) == color.selection.inactive
                || image.pixelColor(2, y) == color.selection.bg;
            failed = failed || image.pixelColor(2, y) == color.state.errorTint;
        }
        QVERIFY(selected);
        QVERIFY(failed);
    }

    void resultTable_data() { modes(); }
    void resultTable()
    {
        begin();
        ResultTable table;
        table.setResult(std::make_shared<RegionResult>());
        table.resize(728, 482);
        table.show();
        const QImage image = table.grab().toImage();
        keep(image, QStringLiteral("result-table") + suffix());
        int provisional = 0;
        for (int y = 0; y < image.height(); ++y)
            provisional += image.pixelColor(2, y) == style::Theme::current().color.state.provisionalTint;
        QVERIFY(provisional >= 5 * 22);
    }

    void sparkTree_data() { modes(); }
    void sparkTree()
    {
        begin();
        QStandardItemModel model;
        fill(model);
        SparkTree tree;
        tree.setModel(&model);
        tree.setColumnPixels(1, 54);
        tree.setColumnPixels(2, 66);
        tree.setColumnPixels(3, 68);
        tree.resize(328, 300);
        tree.expandAll();
        tree.show();
        tree.setCurrentIndex(model.index(0, 0, model.index(0, 0, model.index(0, 0))));
        const QImage image = tree.grab().toImage();
        keep(image, QStringLiteral("spark-tree") + suffix());
        QCOMPARE(image.pixelColor(300, 285), style::Theme::current().color.bg.chrome);
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

QTEST_MAIN(TestTablesRender)
#include "tst_tables_render.moc"
