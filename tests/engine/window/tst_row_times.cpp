// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/row_times.h"
#include "tests/support/columns.h"

#include <QTest>

using namespace weir;
using namespace weir::window;

namespace {

using Times = std::vector<std::optional<Timestamp>>;
using Longs = std::vector<std::int64_t>;
using Rows = std::vector<std::uint32_t>;

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
        QCOMPARE(sorted.inTime.rows, (Rows{0, 1, 4}));
        QCOMPARE(sorted.inTime.sliceEnds, (Longs{10, 20, 20}));
        QCOMPARE(sorted.doubtful.rows.rows, (Rows{3}));
        QCOMPARE(sorted.doubtful.rows.sliceEnds, (Longs{10}));
        QCOMPARE(sorted.doubtful.ownWatermark, (Longs{9}));
        QCOMPARE(sorted.withoutTime, (Rows{2}));
        sortRows(batchOf(5), {slices, time, own, false}, sorted);
        QVERIFY(sorted.inTime.rows.empty());
        QCOMPARE(sorted.doubtful.rows.rows, (Rows{0, 1, 3, 4}));
        sortRows(batchOf(5), {slices, time, {}, true}, sorted);
        QCOMPARE(sorted.inTime.rows, (Rows{0, 1, 3, 4}));
    }
};

QTEST_GUILESS_MAIN(TestRowTimes)
#include "tst_row_times.moc"
