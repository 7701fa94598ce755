// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/filtered_rows.h"

#include "app/engine/pipeline/record_ring.h"

#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

RecordBatchPtr batchOf(std::int64_t first, int count)
{
    static const auto topic = std::make_shared<const std::string>("t");
    RecordBatchBuilder builder(topic, PartitionId{0}, {std::size_t(count), 0, std::size_t(count) * 8});
    for (int i = 0; i < count; ++i)
        builder.add(first + i, 1'700'000'000'000 + first + i, TimestampType::CreateTime, std::nullopt, "12345678");
    return builder.finish(1'700'000'100'000, nullptr);
}

/// Every third offset matches; those that end with 7 cannot be decided.
class ThirdsFactory final : public search::RecordFilterFactory
{
public:
    class Thirds final : public search::RecordFilter
    {
    public:
        search::Selected select(const RecordBatchPtr& batch) override
        {
            search::Selected selected;
            for (std::size_t i = 0; i < batch->size(); ++i) {
                if (batch->offset(i) % 10 == 7)
                    selected.undecided.push_back(static_cast<std::uint32_t>(i));
                else if (batch->offset(i) % 3 == 0)
                    selected.rows.push_back(static_cast<std::uint32_t>(i));
            }
            return selected;
        }
    };
    std::unique_ptr<search::RecordFilter> make() const override { return std::make_unique<Thirds>(); }
    const search::PredicateScope& scope() const override { return m_scope; }

private:
    search::PredicateScope m_scope;
};

std::vector<std::int64_t> matchingOffsets(std::int64_t first, std::int64_t end)
{
    std::vector<std::int64_t> offsets;
    for (std::int64_t offset = first; offset < end; ++offset) {
        if (offset % 3 == 0 && offset % 10 != 7)
            offsets.push_back(offset);
    }
    return offsets;
}

bool isUpToDate(const FilteredRows& rows, std::int64_t asked)
{
    const FilterProgress progress = rows.progress();
    return progress.upToDate && progress.asked + progress.gone == asked;
}

std::vector<std::int64_t> offsetsOf(const FilteredRows& rows)
{
    std::vector<std::int64_t> offsets;
    const std::int64_t first = rows.firstRow();
    const auto read = rows.read(first, static_cast<std::size_t>(rows.endRow() - first), 1s);
    for (const StoredRow& row : *read)
        offsets.push_back(row.isHere() ? row.batch->offset(row.index) : -1);
    return offsets;
}

} // namespace

class TestFilteredRows : public QObject
{
    Q_OBJECT

private slots:
    void findsWhatIsThereAndWhatComes()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        ring->append(batchOf(0, 1000), 0ms);
        FilteredRows rows(ring, std::make_shared<ThirdsFactory>(), nullptr);
        QTRY_VERIFY(isUpToDate(rows, 1000));
        QCOMPARE(offsetsOf(rows), matchingOffsets(0, 1000));
        QCOMPARE(rows.progress().undecided, 100);
        QCOMPARE(rows.rowOf(1), 3);
        QCOMPARE(rows.matchingFrom(4), 2);
        const std::uint64_t before = rows.generation();
        ring->append(batchOf(1000, 500), 0ms);
        QTRY_VERIFY(isUpToDate(rows, 1500));
        QVERIFY(rows.generation() > before);
        QCOMPARE(offsetsOf(rows), matchingOffsets(0, 1500));
        std::uint64_t counted = 0;
        const auto arrivals = rows.arrivals();
        for (const Bin& bin : arrivals->levels.front().bins)
            counted += bin.count;
        QCOMPARE(counted, std::uint64_t(rows.endRow()));
    }

    void scansOneByOne()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        ring->append(batchOf(0, 100), 0ms);
        FilteredRows rows(ring, std::make_shared<ThirdsFactory>(), nullptr);
        QTRY_VERIFY(isUpToDate(rows, 100));
        const auto scan = rows.scan();
        const StoredRow third = scan->at(2);
        QCOMPARE(third.batch->offset(third.index), 6);
        QVERIFY(!scan->at(rows.endRow()).isHere());
    }

    /// As finding among filtered rows does: row numbers are those of the rows that are shown.
    void aFilterOverAFilter()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        ring->append(batchOf(0, 100), 0ms);
        ring->append(batchOf(100, 100), 0ms);
        auto shown = std::make_shared<FilteredRows>(ring, std::make_shared<ThirdsFactory>(), nullptr);
        QTRY_VERIFY(isUpToDate(*shown, 200));
        FilteredRows found(shown, std::make_shared<ThirdsFactory>(), nullptr);
        QTRY_VERIFY(isUpToDate(found, shown->endRow()));
        QCOMPARE(offsetsOf(found), matchingOffsets(0, 200)); // what is let through once is let through twice
        for (std::int64_t i = 0; i < found.endRow(); ++i)
            QCOMPARE(found.rowOf(i), i);
    }

    /// Rows that left before they were looked at are told, and those that leave later are no rows any more.
    void whatLeavesIsGone()
    {
        const std::size_t bytes = batchOf(0, 1000)->memoryBytes();
        auto ring = std::make_shared<RecordRing>(bytes * 3, nullptr);
        for (int i = 0; i < 10; ++i)
            ring->append(batchOf(i * 1000, 1000), 0ms);
        const std::int64_t first = ring->firstRow();
        QVERIFY(first > 0);
        FilteredRows rows(ring, std::make_shared<ThirdsFactory>(), nullptr);
        QTRY_VERIFY(isUpToDate(rows, 10'000));
        QCOMPARE(rows.progress().gone, first);
        QCOMPARE(offsetsOf(rows), matchingOffsets(first, 10'000));
        ring->append(batchOf(10'000, 1000), 0ms);
        QTRY_VERIFY(isUpToDate(rows, 11'000));
        QCOMPARE(offsetsOf(rows), matchingOffsets(ring->firstRow(), 11'000));
    }
};

QTEST_GUILESS_MAIN(TestFilteredRows)
#include "tst_filtered_rows.moc"
