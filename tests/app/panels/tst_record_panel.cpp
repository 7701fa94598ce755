// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/background.h"
#include "app/panels/record_lines.h"
#include "app/panels/record_panel.h"
#include "widgets/inspector/field_list.h"
#include "widgets/inspector/hex_view.h"
#include "widgets/inspector/json_view.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QPushButton>
#include <QTest>

using namespace weir;

namespace {

const std::string value = R"({"order":{"id":4711},"items":[1,"two"]})";

RecordBatchPtr recordOf(const std::optional<std::string>& key, const std::optional<std::string>& bytes,
    const std::vector<std::pair<std::string, std::string>>& headers = {})
{
    BatchSize size{1, headers.size(), (key ? key->size() : 0) + (bytes ? bytes->size() : 0)};
    for (const auto& [name, content] : headers)
        size.bytes += name.size() + content.size();
    RecordBatchBuilder builder(std::make_shared<const std::string>("orders"), PartitionId{3}, size);
    builder.add(42, 1'700'000'000'123, TimestampType::CreateTime,
        key ? std::optional<std::string_view>(*key) : std::nullopt,
        bytes ? std::optional<std::string_view>(*bytes) : std::nullopt);
    for (const auto& [name, content] : headers)
        builder.addHeader(name, content);
    return builder.finish(1'700'000'000'200, nullptr);
}

const inspector::InspectorLine* lineOf(const std::vector<inspector::InspectorLine>& lines, const QString& key)
{
    const auto found = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.key == key; });
    return found == lines.end() ? nullptr : &*found;
}

} // namespace

class TestRecordPanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void linesNameTheirBytes()
    {
        const RecordBatchPtr batch = recordOf("ord-1", value, {{"traceparent", "00-ab"}, {"source", "shop"}});
        const auto lines = dissect(*batch, 0).lines;
        for (const inspector::InspectorLine& line : lines) {
            if (line.bytes.isEmpty())
                continue;
            const auto bytes = layerBytes(*batch, 0, line.layer);
            QVERIFY(bytes && line.bytes.end <= qint64(bytes->size()));
        }
        const auto textOf = [&](const QString& key) {
            const auto* line = lineOf(lines, key);
            const auto bytes = layerBytes(*batch, 0, line->layer);
            return QString::fromUtf8(bytes->data() + line->bytes.first, line->bytes.length());
        };
        QCOMPARE(textOf("id"), QString("4711"));
        QCOMPARE(textOf("order"), QString(R"({"id":4711})"));
        QCOMPARE(textOf("Key"), QString("ord-1"));
        QCOMPARE(textOf("source"), QString("shop"));
        QCOMPARE(textOf("Value"), QString::fromStdString(value));
        QCOMPARE(lineOf(lines, "leader epoch")->value, QString("unknown")); // never made up
        QCOMPARE(lineOf(lines, "Headers")->type, QString("2"));
    }

    void whatIsWrappedIsOpened()
    {
        const std::string wrapped = "{\"at\":1700000000123,\"json\":\"{\\\"inner\\\":7}\","
                                    "\"text\":\"VGhpcyBpcyBhIHNlbnRlbmNlLg==\"}";
        const Dissection whole =
            dissect(*recordOf("k", wrapped,
                        {{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                            {"ce_type", "order.paid"}}),
                0);
        const auto& lines = whole.lines;
        QVERIFY(lineOf(lines, "at")->type.contains("ms of epoch: 2023-11-14 22:13:20.123"));
        QCOMPARE(lineOf(lines, "inner")->value, QString("7"));
        QCOMPARE(lineOf(lines, "Base64")->value, QString("This is a sentence."));
        // What was taken out is a layer of its own, and its lines tell their bytes there.
        const auto bytesOf = [&](const QString& key) {
            const auto* line = lineOf(lines, key);
            const std::string& layer = *whole.derived.at(std::size_t(line->layer - FirstDerivedLayer)).bytes;
            return QString::fromStdString(
                layer.substr(std::size_t(line->bytes.first), std::size_t(line->bytes.length())));
        };
        QCOMPARE(bytesOf("inner"), QString("7"));
        QCOMPARE(bytesOf("Base64"), QString("This is a sentence."));
        QCOMPARE(whole.derived.size(), std::size_t{2});
        QCOMPARE(whole.derived.front().name, QString("json: JSON in a text"));
        QCOMPARE(lineOf(lines, "trace id")->value, QString("0af7651916cd43dd8448eb211c80319c"));
        QCOMPARE(lineOf(lines, "parent span")->bytes, (inspector::ByteSpan{36, 52}));
        QCOMPARE(lineOf(lines, "ce_type")->type, QString("CloudEvents type"));
    }

    void oddRecords()
    {
        QCOMPARE(lineOf(dissect(*recordOf({}, {}), 0).lines, "Value")->value, QString("null"));
        QCOMPARE(lineOf(dissect(*recordOf("", ""), 0).lines, "Key")->value, QString("\"\""));
        const auto broken = dissect(*recordOf("k", "{\"a\":1,\"b\":"), 0).lines;
        QVERIFY(lineOf(broken, "a"));
        QVERIFY(std::any_of(broken.begin(), broken.end(),
            [](const auto& line) { return line.valueClass == inspector::ValueClass::Error; }));
        const auto huge = dissect(*recordOf("k", "{\"a\":\"" + std::string(20 << 20, 'x') + "\"}"), 0).lines;
        QVERIFY(huge.size() < 30'000);
        QVERIFY(huge.back().value.contains("Only the beginning"));
        const auto many = dissect(*recordOf("k",
                                      [] {
                                          std::string text = "[1";
                                          for (int i = 0; i < 100'000; ++i)
                                              text += ",1";
                                          return text + "]";
                                      }()),
            0)
                              .lines;
        QVERIFY(many.size() < 30'000);
        QVERIFY(!layerBytes(*recordOf("k", "v"), 0, 99));
        QVERIFY(!layerBytes(*recordOf("k", "v"), 0, FirstHeaderLayer));
    }

    void treeAndBytesAreInStep()
    {
        Background background;
        RecordPanel panel(background);
        panel.resize(1000, 400);
        panel.show();
        panel.showRecord({recordOf("ord-1", value, {{"source", "shop"}}), 0});
        auto* json = panel.findChild<inspector::JsonView*>();
        auto* hex = panel.findChild<inspector::HexView*>();
        QCOMPARE(hex->size(), qint64(value.size()));
        // Bytes choose the innermost field …
        hex->setSelection({15, 17});
        emit hex->selectionChanged({15, 17});
        QCOMPARE(json->lines()[std::size_t(json->currentLine())].key, QString("id"));
        auto* fields = panel.findChild<inspector::FieldList*>();
        QCOMPARE(fields->textOf(0), QString("Field\torder.id"));
        // … a field its bytes, in whatever layer they lie.
        emit json->bytesChosen(KeyLayer, {0, 5});
        QCOMPARE(hex->size(), qint64{5});
        QVERIFY(hex->selection() == (inspector::ByteSpan{0, 5}));
        for (QPushButton* button : panel.findChildren<QPushButton*>()) {
            if (button->text() == "Headers")
                button->click();
        }
        QCOMPARE(hex->size(), qint64{4});
        QCOMPARE(json->lines()[std::size_t(json->currentLine())].key, QString("source"));
    }

    void anEvictedRowShowsNothing()
    {
        Background background;
        RecordPanel panel(background);
        panel.showRecord({recordOf("k", value), 0});
        panel.showRecord(StoredRow());
        QVERIFY(panel.findChild<inspector::JsonView*>()->lines().empty());
        QCOMPARE(panel.findChild<inspector::HexView*>()->size(), qint64{0});
    }

    void aLargeValueIsLaidOutAside()
    {
        Background background;
        RecordPanel panel(background);
        auto* json = panel.findChild<inspector::JsonView*>();
        const std::string large = "{\"text\":\"" + std::string(1 << 20, 'x') + "\",\"last\":1}";
        panel.showRecord({recordOf("k", large), 0});
        QVERIFY(json->lines().empty()); // not by the thread that paints
        QCOMPARE(panel.findChild<inspector::HexView*>()->size(), qint64(large.size()));
        QTRY_VERIFY(lineOf(json->lines(), "last"));
        // What comes too late for another record is dropped.
        panel.showRecord({recordOf("k", large), 0});
        panel.showRecord({recordOf("k", value), 0});
        const auto shown = json->lines().size();
        QTest::qWait(300);
        QCOMPARE(json->lines().size(), shown);
        QVERIFY(!lineOf(json->lines(), "last"));
    }

    void theRecordStaysWhenItsRowLeaves()
    {
        Background background;
        RecordPanel panel(background);
        panel.resize(800, 300);
        panel.show();
        RecordBatchPtr batch = recordOf("k", value);
        const std::weak_ptr<const RecordBatch> watched = batch;
        panel.showRecord({batch, 0});
        batch.reset();
        QVERIFY(!watched.expired()); // held by who shows it
        panel.repaint();
        panel.showRecord(StoredRow());
        QVERIFY(watched.expired());
    }
};

QTEST_MAIN(TestRecordPanel)
#include "tst_record_panel.moc"
