// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/feed_queue.h"

#include <QTest>

#include <atomic>
#include <map>
#include <thread>

using namespace weir;
using namespace std::chrono_literals;

namespace {

FeedItem itemOf(int partition, std::int64_t offset, std::shared_ptr<MemoryBudget> budget = nullptr)
{
    static const auto topic = std::make_shared<const std::string>("orders");
    RecordBatchBuilder builder(topic, PartitionId{partition}, {1, 0, 100});
    builder.add(offset, 0, TimestampType::CreateTime, std::nullopt, std::string(100, 'x'));
    return {builder.finish(0, std::move(budget)), 0};
}

} // namespace

class TestFeedQueue : public QObject
{
    Q_OBJECT

private slots:
    void partitionsKeepTheirOrder();
    void isBoundedByBytes();
    void closingHandsOutWhatIsThere();
    void droppingLetsGoAtOnce();
};

void TestFeedQueue::partitionsKeepTheirOrder()
{
    constexpr std::int64_t perPartition = 2'000;
    FeedQueue queue(3, 5'000);
    std::atomic<int> wrong{0};
    std::atomic<std::int64_t> seen{0};
    std::vector<std::jthread> workers;
    for (std::size_t worker = 0; worker < 3; ++worker)
        workers.emplace_back([&, worker] {
            std::map<int, std::int64_t> next;
            while (const auto item = queue.pop(worker)) {
                const int partition = item->batch->partition().value;
                wrong += item->batch->offset(0) != next[partition]++ ? 1 : 0;
                ++seen;
            }
        });
    {
        std::vector<std::jthread> readers; // each has partitions of its own
        for (int reader = 0; reader < 2; ++reader)
            readers.emplace_back([&queue, reader] {
                for (std::int64_t offset = 0; offset < perPartition; ++offset) {
                    for (int partition = reader; partition < 7; partition += 2) {
                        FeedItem item = itemOf(partition, offset);
                        while (!queue.push(item, 10ms)) { }
                    }
                }
            });
    }
    queue.close();
    workers.clear();
    QCOMPARE(seen.load(), 7 * perPartition);
    QCOMPARE(wrong.load(), 0);
}

void TestFeedQueue::isBoundedByBytes()
{
    FeedItem first = itemOf(0, 0);
    FeedQueue queue(1, first.batch->memoryBytes() + 1);
    QVERIFY(queue.push(first, 0ms)); // within the bound
    FeedItem second = itemOf(0, 1);
    QVERIFY(queue.push(second, 0ms)); // goes beyond it
    FeedItem third = itemOf(0, 2);
    QVERIFY(!queue.push(third, 1ms));
    QVERIFY(third.batch);
    QCOMPARE(queue.pop(0)->batch->offset(0), std::int64_t{0});
    QVERIFY(queue.push(third, 0ms));
    FeedQueue tiny(1, 1);
    QVERIFY(tiny.push(first = itemOf(0, 0), 0ms)); // one always fits
}

void TestFeedQueue::closingHandsOutWhatIsThere()
{
    FeedQueue queue(2, 1'000'000);
    FeedItem item = itemOf(0, 0);
    QVERIFY(queue.push(item, 0ms));
    queue.close();
    QVERIFY(queue.pop(0));
    QVERIFY(!queue.pop(0));
    QVERIFY(!queue.pop(1));
}

void TestFeedQueue::droppingLetsGoAtOnce()
{
    const auto budget = std::make_shared<MemoryBudget>(1'000'000);
    FeedQueue queue(1, 1);
    FeedItem item = itemOf(0, 0, budget);
    QVERIFY(queue.push(item, 0ms));
    FeedItem waiting = itemOf(0, 1, budget);
    std::jthread reader([&] { QVERIFY(queue.push(waiting, 60s)); });
    QTest::qWait(10);
    queue.drop();
    reader.join();
    QVERIFY(!queue.pop(0));
    waiting.batch.reset();
    QCOMPARE(budget->used(), std::size_t{0});
}

QTEST_GUILESS_MAIN(TestFeedQueue)
#include "tst_feed_queue.moc"
