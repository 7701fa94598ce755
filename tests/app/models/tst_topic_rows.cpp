// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/record_ring.h"
#include "app/models/topic_rows.h"
#include "widgets/tables/rows_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace weir;

namespace {

constexpr EpochMs noon = 1'700'049'600'000;

RecordBatchPtr batchOf(std::int64_t offset, const std::vector<std::optional<std::string>>& values, EpochMs time = noon)
{
    BatchSize size{values.size(), 0, 0};
    for (const auto& value : values)
        size.bytes += 3 + (value ? value->size() : 0);
    RecordBatchBuilder builder(std::make_shared<const std::string>("orders"), PartitionId{4}, size);
    for (const auto& value : values)
        builder.add(offset++, time, TimestampType::CreateTime, "k-1",
            value ? std::optional<std::string_view>(*value) : std::nullopt);
    return builder.finish(noon + 20, nullptr);
}

QStringList cellsOf(const tables::TableRow& row)
{
    QStringList cells;
    for (const tables::TableCell& cell : row.cells)
        cells.append(cell.text);
    return cells;
}

/// A store that counts what it is asked for.
class CountingStore final : public RowStore
{
public:
    explicit CountingStore(std::int64_t rows) : m_rows(rows), m_batch(batchOf(0, {"{}"})) { }
    std::int64_t firstRow() const override { return 0; }
    std::int64_t endRow() const override { return m_rows; }
    Result<std::vector<StoredRow>> read(std::int64_t first, std::size_t count, std::chrono::milliseconds) const override
    {
        asked += count;
        return std::vector<StoredRow>(
            std::min<std::size_t>(count, std::size_t(m_rows - first)), StoredRow{m_batch, 0, {}});
    }
    std::unique_ptr<RowScan> scan() const override { return nullptr; }
    std::optional<std::int64_t> rowNear(const TopicPartition&, std::int64_t) const override { return std::nullopt; }
    mutable std::size_t asked = 0;

private:
    std::int64_t m_rows;
    RecordBatchPtr m_batch;
};

} // namespace

class TestTopicRows : public QObject
{
    Q_OBJECT
private slots:
    void cells()
    {
        auto ring = std::make_shared<RecordRing>(1 << 20, nullptr);
        ring->append(batchOf(88'120'314, {R"({"a":1})", "", "plain text"}), {});
        ring->append(batchOf(88'120'317, {R"({"a":2})"}, noon - 86'400'000), {});
        const TopicRows rows(ring);
        const auto shown = rows.rows(0, 10);
        QCOMPARE(shown.size(), std::size_t{4});
        QCOMPARE(
            cellsOf(shown[0]), QStringList({"12:00:00.000", "4", "88120314", "k-1", R"({"a":1})", "7", "unknown"}));
        QCOMPARE(shown[1].cells[4].text, QString("\"\""));
        QCOMPARE(shown[2].cells[4].text, QString("plain text"));
        QCOMPARE(shown[2].span, tables::MessageSpan::None);
        QCOMPARE(shown[3].cells[0].text, QString("2023-11-14 12:00:00.000")); // another day than its receipt
    }

    void tombstonesAndMalformedValuesSayWhatTheyAre()
    {
        auto ring = std::make_shared<RecordRing>(1 << 20, nullptr);
        ring->append(batchOf(0, {std::nullopt, R"({"order_id":1,"amount":)", R"({"ok":true})"}), {});
        const auto shown = TopicRows(ring).rows(0, 3);
        QCOMPARE(shown[0].glyph, tables::RowGlyph::Tombstone);
        QVERIFY(shown[0].message.contains("tombstone"));
        QCOMPARE(shown[1].glyph, tables::RowGlyph::DecodeFailure);
        QCOMPARE(shown[1].messageLead, QString("Cannot decode value"));
        QVERIFY2(shown[1].message.contains("from byte 23 of 23"), qPrintable(shown[1].message));
        QVERIFY(shown[1].message.contains(R"({"order_id":1)")); // the bytes are kept
        QCOMPARE(shown[2].glyph, tables::RowGlyph::None);
    }

    void evictedRowsSaySo()
    {
        auto ring = std::make_shared<RecordRing>(4000, nullptr);
        for (int i = 0; i < 200; ++i)
            ring->append(batchOf(i, {std::string(100, 'x')}), {});
        QVERIFY(ring->firstRow() > 0);
        const TopicRows rows(ring);
        QCOMPARE(rows.firstRow(), qint64(ring->firstRow()));
        QCOMPARE(rows.endRow(), qint64{200});
        const auto shown = rows.rows(rows.firstRow() - 2, 4);
        QCOMPARE(shown.size(), std::size_t{4});
        QCOMPARE(shown[0].span, tables::MessageSpan::All);
        QVERIFY(shown[0].message.contains("left the buffer"));
        QVERIFY(shown[0].message.contains(QString::number(rows.firstRow() - 2)));
        QCOMPARE(shown[2].span, tables::MessageSpan::None);
    }

    void hostileValuesStaySmall()
    {
        auto ring = std::make_shared<RecordRing>(64 << 20, nullptr);
        ring->append(
            batchOf(0, {"{" + std::string(8 << 20, '['), std::string("{\"\xff\xfe\0", 5), std::string(1 << 20, '\n')}),
            {});
        for (const tables::TableRow& row : TopicRows(ring).rows(0, 3))
            QVERIFY(row.cells[4].text.size() <= 400 && row.message.size() < 600);
    }

    void asModelForAccessibility()
    {
        auto ring = std::make_shared<RecordRing>(1 << 20, nullptr);
        ring->append(batchOf(0, {R"({"a":1})", std::nullopt, "{"}), {});
        tables::RowsModel model(std::make_shared<TopicRows>(ring));
        QAbstractItemModelTester tester(&model);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, 3).data().toString(), QString("k-1"));
    }

    void onlyTheRangeAskedForIsRead()
    {
        auto store = std::make_shared<CountingStore>(5'000'000'000);
        const TopicRows rows(store);
        QCOMPARE(rows.endRow(), qint64{5'000'000'000});
        QCOMPARE(rows.rows(4'999'999'990, 40).size(), std::size_t{10});
        QVERIFY(store->asked <= 40);
    }
};

QTEST_MAIN(TestTopicRows)
#include "tst_topic_rows.moc"
