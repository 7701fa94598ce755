// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/row_times.h"
#include "tests/support/columns.h"

#include <QTest>

#include <map>
#include <random>

using namespace weir;
using namespace weir::window;

namespace {

using Times = std::vector<std::optional<Timestamp>>;
using Longs = std::vector<std::int64_t>;
using Rows = std::vector<std::uint32_t>;

using Slices = std::map<std::int64_t, Rows>; ///< rows by slice end

Slices inTime(const SortedRows& sorted)
{
    Slices slices;
    for (const SlicedRows::Slice& slice : sorted.inTime.slices())
        slices[slice.end] = slice.rows;
    return slices;
}

EventBatch batchOf(std::size_t rows)
{
    EventBatch batch;
    batch.rowCount = rows;
    return batch;
}

} // namespace

class TestRowTimes : public QObject
{
    Q_OBJECT
private slots:
    void watermarkTakesEffectAfterItsRow()
    {
        PartitionClock clock(INT64_MIN);
        Longs before;
        const Column column = columnOf<Timestamp>(
            types::timestamp(3), Times{Timestamp{10, 0}, Timestamp{5, 0}, std::nullopt, Timestamp{30, 0}});
        clock.run(batchOf(4), column, before);
        QCOMPARE(before, (Longs{INT64_MIN, 10, 10, 10}));
        QCOMPARE(clock.watermark(), 30);
        clock.run(batchOf(1), columnOf<Timestamp>(types::timestamp(3), Times{Timestamp{1, 0}}), before);
        QCOMPARE(before, (Longs{30}));
    }

    void rowsThatAreNotSelectedDoNotCount()
    {
        PartitionClock clock(INT64_MIN);
        Longs before;
        EventBatch batch = batchOf(3);
        batch.selection = {false, {0, 2}};
        clock.run(batch,
            columnOf<Timestamp>(types::timestamp(3), Times{Timestamp{1, 0}, Timestamp{9, 0}, Timestamp{2, 0}}), before);
        QCOMPARE(before[2], 1);
        QCOMPARE(clock.watermark(), 2);
    }

    void theOperatorStartsAtZero()
    {
        PartitionClock clock(0);
        Longs before;
        clock.run(
            batchOf(2), columnOf<Timestamp>(types::timestamp(3), Times{Timestamp{-50, 0}, Timestamp{0, 0}}), before);
        QCOMPARE(clock.watermark(), INT64_MIN);
    }

    void sortsRowsByWhatTheirPartitionTells()
    {
        const SliceAssigner slices = SliceAssigner::tumble(10, 0);
        const Column time = columnOf<Timestamp>(types::timestamp(3),
            Times{Timestamp{5, 0}, Timestamp{12, 0}, std::nullopt, Timestamp{6, 0}, Timestamp{13, 0}});
        const Longs own{INT64_MIN, 8, 9, 9, 9};
        SortedRows sorted;
        sortRows(batchOf(5), {slices, time, own, true}, sorted);
        QVERIFY(inTime(sorted) == (Slices{{10, {0}}, {20, {1, 4}}}));
        QCOMPARE(sorted.doubtful.rows, (Rows{3}));
        QCOMPARE(sorted.doubtful.sliceEnds, (Longs{10}));
        QCOMPARE(sorted.doubtful.ownWatermark, (Longs{9}));
        QCOMPARE(sorted.withoutTime, (Rows{2}));
        sortRows(batchOf(5), {slices, time, own, false}, sorted);
        QVERIFY(sorted.inTime.empty());
        QCOMPARE(sorted.doubtful.rows, (Rows{0, 1, 3, 4}));
        sortRows(batchOf(5), {slices, time, {}, true}, sorted);
        QVERIFY(inTime(sorted) == (Slices{{10, {0, 3}}, {20, {1, 4}}}));
    }

    /// Whole batches take a short way; whatever a batch holds, each row comes out where the rule says.
    void sortsEveryBatchRowByRow()
    {
        const SliceAssigner slices = SliceAssigner::tumble(10, 3);
        std::mt19937 random(11);
        SortedRows sorted;
        for (int round = 0; round < 2000; ++round) {
            EventBatch batch = batchOf(1 + random() % 8);
            const std::int64_t spread = 1 + random() % 30;
            Times times;
            Longs own;
            for (std::uint32_t row = 0; row < batch.rowCount; ++row) {
                const bool isNull = round % 5 == 0 && random() % 4 == 0;
                times.push_back(
                    isNull ? std::nullopt : std::optional(Timestamp{std::int64_t(random() % spread) - 9, 0}));
                own.push_back((own.empty() ? -20 : own.back()) + std::int64_t(random() % 12));
            }
            if (round % 3 == 0)
                batch.selection = {false, {static_cast<std::uint32_t>(random() % batch.rowCount)}};
            const bool hasWatermark = round % 7 != 0;
            const bool trusted = round % 4 != 0;
            sortRows(batch,
                {slices, columnOf<Timestamp>(types::timestamp(3), times), hasWatermark ? own : Longs{}, trusted},
                sorted);
            std::map<std::int64_t, Rows> expected;
            Rows doubtful;
            batch.forEachSelected([&](std::uint32_t row) {
                if (!times[row])
                    return;
                const std::int64_t end = slices.sliceOf(times[row]->millis).end;
                if (!hasWatermark || (trusted && !hasFired(end, own[row])))
                    expected[end].push_back(row);
                else
                    doubtful.push_back(row);
            });
            QVERIFY(inTime(sorted) == expected);
            QCOMPARE(sorted.doubtful.rows, doubtful);
        }
    }
};

QTEST_GUILESS_MAIN(TestRowTimes)
#include "tst_row_times.moc"
