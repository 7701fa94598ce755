// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/record_ring.h"

#include <QTest>

#include <random>
#include <thread>

using namespace weir;

namespace {

RecordBatchPtr batchOf(std::int64_t firstOffset, std::size_t records, std::shared_ptr<MemoryBudget> budget = nullptr)
{
    static const auto topic = std::make_shared<const std::string>("orders");
    RecordBatchBuilder builder(topic, PartitionId{0}, {records, 0, records * 8});
    for (std::size_t i = 0; i < records; ++i) {
        const std::int64_t offset = firstOffset + static_cast<std::int64_t>(i);
        builder.add(offset, 1'000 + offset, TimestampType::CreateTime, std::nullopt,
            std::string_view(reinterpret_cast<const char*>(&offset), 8));
    }
    return builder.finish(5'000, std::move(budget));
}

/// The row number doubles as the offset in these tests.
void verifyRow(const StoredRow& row, std::int64_t number)
{
    QVERIFY(row.isHere());
    QCOMPARE(row.batch->offset(row.index), number);
}

} // namespace

class TestRecordRing : public QObject
{
    Q_OBJECT

private slots:
    void emptyRing();
    void readsAnyRange();
    void evictsWholeBatchesAboveItsShare();
    void aBatchAboveTheShareStays();
    void shortBudgetEvicts();
    void ringsTogetherLeaveRoomToReadOn();
    void handedOutRowsStayReadable();
    void randomBatchesAgainstAPlainList();
    void writersAndReadersAtOnce();
};

void TestRecordRing::emptyRing()
{
    RecordRing ring(1'000'000, nullptr);
    ring.append(nullptr, {});
    ring.append(batchOf(0, 0), {});
    QCOMPARE(ring.firstRow(), std::int64_t{0});
    QCOMPARE(ring.endRow(), std::int64_t{0});
    QVERIFY(ring.read(0, 10, {})->empty());
    QVERIFY(!ring.read(-1, 10, {}));
    ring.trim();
    QCOMPARE(ring.bytes(), std::size_t{0});
}

void TestRecordRing::readsAnyRange()
{
    RecordRing ring(1'000'000, nullptr);
    ring.append(batchOf(0, 3), {});
    ring.append(batchOf(3, 1), {});
    ring.append(batchOf(4, 6), {});
    for (std::int64_t first = 0; first < 12; ++first) {
        for (std::size_t count = 0; count < 13; ++count) {
            const auto rows = ring.read(first, count, {});
            QVERIFY(rows);
            QCOMPARE(rows->size(), std::min(count, static_cast<std::size_t>(std::max<std::int64_t>(10 - first, 0))));
            for (std::size_t i = 0; i < rows->size(); ++i)
                verifyRow((*rows)[i], first + static_cast<std::int64_t>(i));
        }
    }
    QCOMPARE(ring.read(0, std::numeric_limits<std::size_t>::max(), {})->size(), std::size_t{10});
}

void TestRecordRing::evictsWholeBatchesAboveItsShare()
{
    const std::size_t bytes = batchOf(0, 10)->memoryBytes();
    RecordRing ring(3 * bytes, nullptr);
    for (std::int64_t batch = 0; batch < 5; ++batch)
        ring.append(batchOf(batch * 10, 10), {});
    QCOMPARE(ring.firstRow(), std::int64_t{20});
    QCOMPARE(ring.endRow(), std::int64_t{50});
    QCOMPARE(ring.bytes(), 3 * bytes);
    const auto rows = ring.read(15, 10, {});
    for (std::size_t i = 0; i < 5; ++i)
        QVERIFY(!(*rows)[i].isHere());
    for (std::size_t i = 5; i < 10; ++i)
        verifyRow((*rows)[i], 15 + static_cast<std::int64_t>(i));
    QVERIFY(!(*ring.read(0, 1, {}))[0].isHere());
}

void TestRecordRing::aBatchAboveTheShareStays()
{
    RecordRing ring(100, nullptr);
    ring.append(batchOf(0, 1'000), {});
    verifyRow((*ring.read(999, 1, {}))[0], 999);
    ring.append(batchOf(1'000, 1'000), {});
    QCOMPARE(ring.firstRow(), std::int64_t{1'000});
}

void TestRecordRing::shortBudgetEvicts()
{
    auto budget = std::make_shared<MemoryBudget>(1'000'000);
    RecordRing ring(10'000'000, budget);
    for (std::int64_t batch = 0; batch < 200; ++batch)
        ring.append(batchOf(batch * 100, 100, budget), {});
    QVERIFY(ring.firstRow() > 0);
    QVERIFY(budget->used() <= 333'333);
    // Somebody else needs more: the ring gives back without a new batch.
    budget->reserve(MemoryUse::QueryState, 700'000);
    const std::size_t held = ring.bytes();
    ring.trim();
    QVERIFY(ring.bytes() < held);
    QVERIFY2(budget->used() <= 875'000, qPrintable(QString::number(budget->used())));
    budget->reserve(MemoryUse::QueryState, 5'000'000);
    ring.trim();
    QCOMPARE(ring.endRow() - ring.firstRow(), std::int64_t{100});
}

/// Sources stop while arenas hold two fifths of the budget: views that keep their rows up to there would read nothing
/// more, for ever.
void TestRecordRing::ringsTogetherLeaveRoomToReadOn()
{
    auto budget = std::make_shared<MemoryBudget>(1'000'000);
    RecordRing full(250'000, budget);
    RecordRing other(250'000, budget);
    for (std::int64_t batch = 0; batch < 100; ++batch)
        full.append(batchOf(batch * 100, 100, budget), {});
    for (std::int64_t batch = 0; batch < 100; ++batch) {
        QVERIFY(budget->used(MemoryUse::Arenas) < 400'000);
        other.append(batchOf(batch * 100, 100, budget), {});
    }
    QCOMPARE(other.endRow(), std::int64_t{10'000});
}

void TestRecordRing::handedOutRowsStayReadable()
{
    auto budget = std::make_shared<MemoryBudget>(100'000'000);
    RecordRing ring(1, budget);
    ring.append(batchOf(0, 10, budget), {});
    const StoredRow held = (*ring.read(7, 1, {}))[0];
    const std::size_t one = budget->used();
    ring.append(batchOf(10, 10, budget), {});
    QVERIFY(!(*ring.read(7, 1, {}))[0].isHere());
    verifyRow(held, 7);
    QVERIFY(budget->used() > one); // what is held is still booked
}

void TestRecordRing::randomBatchesAgainstAPlainList()
{
    std::mt19937 random(3);
    RecordRing ring(60'000, nullptr);
    std::int64_t end = 0;
    for (int step = 0; step < 2'000; ++step) {
        const std::size_t records = random() % 40;
        ring.append(batchOf(end, records), {});
        end += static_cast<std::int64_t>(records);
        const std::int64_t first = static_cast<std::int64_t>(random() % static_cast<unsigned>(end + 5));
        const std::size_t count = random() % 100;
        const auto rows = ring.read(first, count, {});
        QCOMPARE(static_cast<std::int64_t>(rows->size()),
            std::clamp<std::int64_t>(end - first, 0, static_cast<std::int64_t>(count)));
        for (std::size_t i = 0; i < rows->size(); ++i) {
            const std::int64_t number = first + static_cast<std::int64_t>(i);
            if (number < ring.firstRow())
                QVERIFY(!(*rows)[i].isHere());
            else
                verifyRow((*rows)[i], number);
        }
        QVERIFY(ring.bytes() <= 60'000 || ring.endRow() - ring.firstRow() <= 40);
    }
    QVERIFY(ring.firstRow() > 0);
}

void TestRecordRing::writersAndReadersAtOnce()
{
    RecordRing ring(50'000, nullptr);
    std::atomic<std::uint64_t> readable{0};
    std::atomic<bool> done{false};
    std::jthread reader([&] {
        while (!done || readable == 0) { // at the latest when the writers are done there is something to read
            const auto rows = ring.read(std::max<std::int64_t>(ring.endRow() - 50, 0), 50, {});
            for (const StoredRow& row : *rows)
                readable += !row.isHere() ? 0 : row.batch->offset(row.index) >= 0 ? 1 : 0;
        }
    });
    {
        std::vector<std::jthread> writers;
        for (int writer = 0; writer < 2; ++writer)
            writers.emplace_back([&] {
                for (int i = 0; i < 2'000; ++i)
                    ring.append(batchOf(i, 5), {});
            });
    }
    done = true;
    reader.join();
    QCOMPARE(ring.endRow(), std::int64_t{20'000});
    QVERIFY(readable > 0);
}

QTEST_GUILESS_MAIN(TestRecordRing)
#include "tst_record_ring.moc"
