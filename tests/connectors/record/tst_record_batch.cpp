// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/record/memory_budget.h"
#include "connectors/record/record_batch.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

using namespace weir;

namespace {

using Bytes = std::optional<std::string>;

/// What a record is made of, owning its bytes: the slow twin of an arena.
struct Plain
{
    Bytes key;
    Bytes value;
    std::vector<std::pair<std::string, Bytes>> headers;
};

/// Record i of a batch: all mixes of null, empty and bytes, with none to three headers.
Plain plainRecord(int i)
{
    const auto bytes = [i](int kind, char first) -> Bytes {
        if (kind % 3 == 0)
            return std::nullopt;
        return kind % 3 == 1 ? std::string() : std::string(1, first) + '\0' + std::to_string(i);
    };
    Plain plain{bytes(i, 'k'), bytes(i / 3, 'v'), {}};
    for (int h = 0; h < i % 4; ++h)
        plain.headers.emplace_back(h == 2 ? "again" : "name", bytes(i + h, 'h'));
    return plain;
}

std::optional<std::string_view> viewOf(const Bytes& bytes)
{
    return bytes ? std::optional<std::string_view>(*bytes) : std::nullopt;
}

BatchSize sizeOf(const std::vector<Plain>& records)
{
    BatchSize size;
    size.records = records.size();
    for (const Plain& record : records) {
        size.bytes += record.key.value_or("").size() + record.value.value_or("").size();
        size.headers += record.headers.size();
        for (const auto& [name, value] : record.headers)
            size.bytes += name.size() + value.value_or("").size();
    }
    return size;
}

RecordBatchPtr batchOf(const std::vector<Plain>& records, std::shared_ptr<MemoryBudget> budget)
{
    RecordBatchBuilder builder(std::make_shared<const std::string>("orders"), PartitionId{3}, sizeOf(records));
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto number = static_cast<std::int64_t>(i);
        builder.add(
            100 + 2 * number, number, TimestampType::CreateTime, viewOf(records[i].key), viewOf(records[i].value));
        for (const auto& [name, value] : records[i].headers)
            builder.addHeader(name, viewOf(value));
    }
    builder.addGap({90, 100, GapReason::Retention});
    return builder.finish(42, std::move(budget));
}

} // namespace

class TestRecordBatch : public QObject
{
    Q_OBJECT

private slots:
    void recordsComeBackAsTheyWentIn()
    {
        std::vector<Plain> records;
        for (int i = 0; i < 500; ++i)
            records.push_back(plainRecord(i));
        const RecordBatchPtr batch = batchOf(records, nullptr);
        QCOMPARE(batch->size(), records.size());
        QCOMPARE(batch->topic(), std::string("orders"));
        QCOMPARE(batch->partition().value, 3);
        QCOMPARE(batch->receiveTime(), EpochMs(42));
        QCOMPARE(batch->payloadBytes(), sizeOf(records).bytes);
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < records.size(); ++i) {
            const Record record = batch->record(i);
            QCOMPARE(record.offset, std::int64_t(100 + 2 * i));
            QVERIFY(record.key == viewOf(records[i].key));
            QVERIFY(record.value == viewOf(records[i].value));
            QVERIFY(batch->key(i) == record.key && batch->value(i) == record.value);
            QCOMPARE(batch->headerCount(i), records[i].headers.size());
            for (std::size_t h = 0; h < records[i].headers.size(); ++h) {
                QVERIFY(batch->header(i, h).name == records[i].headers[h].first);
                QVERIFY(record.headers[h].value == viewOf(records[i].headers[h].second));
            }
            bytes += batch->recordBytes(i);
        }
        QCOMPARE(bytes, batch->payloadBytes());
        QVERIFY(batch->gaps().size() == 1 && batch->gaps()[0] == (Gap{90, 100, GapReason::Retention}));
    }

    void theArenaIsPadded()
    {
        const RecordBatchPtr batch = batchOf({Plain{std::nullopt, "last", {}}}, nullptr);
        const std::string_view last = *batch->value(0);
        const char* end = last.data() + last.size();
        QVERIFY(std::all_of(end, end + RecordBatch::padding, [](char c) { return c == '\0'; }));
    }

    void aGenerousGuessIsGivenBack()
    {
        const auto topic = std::make_shared<const std::string>("orders");
        for (const std::size_t records : {1U, 900U, 1000U}) {
            RecordBatchBuilder builder(topic, PartitionId{0}, {1000, 0, 4000});
            for (std::size_t i = 0; i < records; ++i) {
                QVERIFY(builder.hasRoomFor(4));
                QVERIFY(!builder.hasRoomFor(4000 - 4 * i + 1));
                builder.add(static_cast<std::int64_t>(i), 0, TimestampType::CreateTime, std::nullopt, "abcd");
            }
            QCOMPARE(builder.hasRoomFor(0), records < 1000);
            const RecordBatchPtr batch = builder.finish(0, nullptr);
            QCOMPARE(batch->size(), records);
            QCOMPARE(*batch->value(records - 1), std::string_view("abcd"));
            QVERIFY(batch->memoryBytes() < sizeof(RecordBatch) + RecordBatch::padding + records * 4 * (4 + 48) / 3);
        }
    }

    void memoryIsBookedUntilTheLastReaderGoes()
    {
        const auto budget = std::make_shared<MemoryBudget>(std::size_t{1} << 20);
        RecordBatchPtr batch = batchOf({plainRecord(1), plainRecord(5)}, budget);
        QCOMPARE(budget->used(MemoryUse::Arenas), batch->memoryBytes());
        RecordBatchPtr reader = batch;
        batch.reset();
        QVERIFY(budget->used() > 0);
        reader.reset();
        QCOMPARE(budget->used(), std::size_t(0));
    }

    void aLeaseMovesAndResizes()
    {
        const auto budget = std::make_shared<MemoryBudget>(100);
        {
            MemoryLease first(budget, MemoryUse::Rows, 40);
            MemoryLease second = std::move(first);
            second.resize(70);
            QCOMPARE(budget->used(MemoryUse::Rows), std::size_t(70));
            second = MemoryLease(budget, MemoryUse::Series, 10);
            QCOMPARE(budget->used(MemoryUse::Rows), std::size_t(0));
            QCOMPARE(budget->used(), std::size_t(10));
            QVERIFY(!budget->tryReserve(MemoryUse::Other, 91));
            QVERIFY(budget->tryReserve(MemoryUse::Other, 90));
            const auto adopted = MemoryLease::adopt(budget, MemoryUse::Other, 90);
            QCOMPARE(budget->used(), std::size_t(100));
        }
        QCOMPARE(budget->used(), std::size_t(0));
    }

    void theLimitHoldsAmongThreads()
    {
        MemoryBudget budget(1000);
        std::atomic<bool> exceeded{false};
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t)
                threads.emplace_back([&] {
                    for (int i = 0; i < 20'000; ++i) {
                        if (!budget.tryReserve(MemoryUse::Other, 400))
                            continue;
                        exceeded = exceeded || budget.used() > 1000;
                        budget.release(MemoryUse::Other, 400);
                    }
                });
        }
        QVERIFY(!exceeded);
        QCOMPARE(budget.used(), std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestRecordBatch)
#include "tst_record_batch.moc"
