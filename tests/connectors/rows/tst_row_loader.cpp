// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/row_loader.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <semaphore>

using namespace weir;
using namespace weir::rows;
using namespace std::chrono_literals;

namespace {

RowEntry entryOf(std::int64_t row, std::uint32_t rows = 1)
{
    RowEntry entry;
    entry.firstRow = row;
    entry.first = row;
    entry.end = row + rows;
    entry.rows = rows;
    return entry;
}

RecordBatchPtr batchOf(const RowEntry& entry, std::size_t bytes)
{
    const std::string value(bytes, 'x');
    RecordBatchBuilder builder(
        std::make_shared<const std::string>("orders"), PartitionId{0}, {entry.rows, 0, bytes * entry.rows});
    for (std::uint32_t i = 0; i < entry.rows; ++i)
        builder.add(entry.first + i, 0, TimestampType::CreateTime, std::nullopt, value);
    return builder.finish(0, nullptr);
}

std::vector<RowEntry> entriesOf(std::int64_t first, std::int64_t count)
{
    std::vector<RowEntry> entries;
    for (std::int64_t i = 0; i < count; ++i)
        entries.push_back(entryOf(first + i));
    return entries;
}

} // namespace

class TestRowLoader : public QObject
{
    Q_OBJECT
private slots:
    void whatIsAskedAgainIsNotReadAgain()
    {
        std::atomic<int> reads = 0;
        RowLoader loader(
            [&](const RowEntry& entry) -> Result<RecordBatchPtr> {
                ++reads;
                return batchOf(entry, 100);
            },
            1 << 20);
        for (int i = 0; i < 3; ++i) {
            const auto loaded = loader.get(entriesOf(10, 5), 10s);
            QCOMPARE(loaded.size(), std::size_t{5});
            for (std::size_t at = 0; at < 5; ++at)
                QCOMPARE(loaded[at].batch->offset(0), std::int64_t(10 + at));
        }
        QCOMPARE(reads.load(), 5);
        QCOMPARE(loader.loads(), std::uint64_t{0}); // nobody had to be told to ask again
    }

    void aSlowDiskDoesNotHoldUpWhoAsks()
    {
        std::counting_semaphore<> disk(0);
        RowLoader loader(
            [&](const RowEntry& entry) -> Result<RecordBatchPtr> {
                disk.acquire();
                return batchOf(entry, 10);
            },
            1 << 20);
        QElapsedTimer timer;
        timer.start();
        auto loaded = loader.get(entriesOf(0, 3), 8ms);
        QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));
        for (const auto& one : loaded) {
            QVERIFY(!one.batch);
            QCOMPARE(one.absence, RowAbsence::Loading);
        }
        disk.release(3);
        QTRY_COMPARE(loader.loads(), std::uint64_t{3});
        loaded = loader.get(entriesOf(0, 3), 0ms);
        QVERIFY(loaded[0].batch && loaded[1].batch && loaded[2].batch);
    }

    /// Whoever was told to ask again is told when, also if somebody asked for one row in between.
    void aRowChosenMeanwhileLeavesTheOthers()
    {
        std::counting_semaphore<> disk(0);
        RowLoader loader(
            [&](const RowEntry& entry) -> Result<RecordBatchPtr> {
                disk.acquire();
                return batchOf(entry, 10);
            },
            1 << 20);
        disk.release(1);
        QVERIFY(loader.get(entriesOf(7, 1), 10s)[0].batch);
        loader.get(entriesOf(0, 5), 0ms);
        QVERIFY(loader.get(entriesOf(7, 1), 0ms)[0].batch); // is there already
        loader.get(entriesOf(3, 1), 0ms); // comes first now
        disk.release(5);
        QTRY_COMPARE(loader.loads(), std::uint64_t{5});
        for (const auto& one : loader.get(entriesOf(0, 5), 0ms))
            QVERIFY(one.batch);
    }

    /// Scrolling past a thousand places reads where it stops, not all of them.
    void onlyWhatWasAskedLastIsRead()
    {
        std::counting_semaphore<> disk(0);
        std::atomic<int> reads = 0;
        RowLoader loader(
            [&](const RowEntry& entry) -> Result<RecordBatchPtr> {
                disk.acquire();
                ++reads;
                return batchOf(entry, 10);
            },
            1 << 20);
        for (std::int64_t place = 0; place < 100; ++place)
            loader.get(entriesOf(place * 10, 10), 0ms);
        disk.release(1'000);
        const auto loaded = loader.get(entriesOf(990, 10), 10s);
        for (const auto& one : loaded)
            QVERIFY(one.batch);
        QVERIFY2(reads <= 21, qPrintable(QString::number(reads)));
    }

    void memoryStaysInItsBounds()
    {
        constexpr std::size_t each = 100'000;
        RowLoader loader(
            [&](const RowEntry& entry) -> Result<RecordBatchPtr> { return batchOf(entry, each); }, 10 * each);
        for (std::int64_t place = 0; place < 50; ++place)
            QVERIFY(loader.get(entriesOf(place, 1), 10s)[0].batch);
        // More on one screen than may be kept: some are not shown, and the same ones each time.
        for (int again = 0; again < 3; ++again) {
            std::size_t here = 0;
            for (const auto& one : loader.get(entriesOf(1'000, 30), 10s)) {
                here += one.batch ? 1 : 0;
                QVERIFY(one.batch || one.absence == RowAbsence::Unreadable);
            }
            QVERIFY2(here > 0 && here <= 10, qPrintable(QString::number(here)));
        }
        const std::uint64_t loads = loader.loads();
        loader.get(entriesOf(1'000, 30), 10s);
        QCOMPARE(loader.loads(), loads);
        // One that is chosen is shown, however large.
        const std::vector<RowEntry> chosen = entriesOf(1'029, 1);
        QVERIFY(loader.get(chosen, 10s)[0].batch);
    }

    void whatCannotBeReadSaysWhy()
    {
        RowLoader loader(
            [&](const RowEntry& entry) -> Result<RecordBatchPtr> {
                if (entry.firstRow == 0)
                    return Error{ErrorKind::NotFound, "gone", {}};
                if (entry.firstRow == 1)
                    return Error{ErrorKind::Corrupt, "broken", {}};
                return batchOf(entryOf(entry.firstRow, 1), 10); // one record where two are told of
            },
            1 << 20);
        const std::vector<RowEntry> entries{entryOf(0), entryOf(1), entryOf(2, 2)};
        const auto loaded = loader.get(entries, 10s);
        QCOMPARE(loaded[0].absence, RowAbsence::Evicted);
        QCOMPARE(loaded[1].absence, RowAbsence::Unreadable);
        QCOMPARE(loaded[2].absence, RowAbsence::Unreadable);
        QVERIFY(!loaded[0].batch && !loaded[1].batch && !loaded[2].batch);
    }
};

QTEST_GUILESS_MAIN(TestRowLoader)
#include "tst_row_loader.moc"
