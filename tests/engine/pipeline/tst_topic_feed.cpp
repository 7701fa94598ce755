// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/topic_feed.h"

#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/record_ring.h"
#include "app/engine/pipeline/topic_feed_metrics.h"
#include "tests/support/manual_clock.h"

#include <QTest>

#include <condition_variable>
#include <thread>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

struct OneRecord
{
    std::int64_t offset = 0;
    EpochMs timestamp = 0;
    std::optional<std::string> value = R"({"id":1})";
    TimestampType type = TimestampType::CreateTime;
};

RecordBatchPtr batchOf(int partition, EpochMs received, const std::vector<OneRecord>& records,
    std::shared_ptr<MemoryBudget> budget = nullptr)
{
    static const auto topic = std::make_shared<const std::string>("orders");
    std::size_t bytes = 0;
    for (const OneRecord& record : records)
        bytes += record.value ? record.value->size() : 0;
    RecordBatchBuilder builder(topic, PartitionId{partition}, {records.size(), 0, bytes});
    for (const OneRecord& record : records) {
        std::optional<std::string_view> value;
        if (record.value)
            value = *record.value;
        builder.add(record.offset, record.timestamp, record.type, std::nullopt, value);
    }
    return builder.finish(received, std::move(budget));
}

/// What a scripted source and its test share.
struct Script
{
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<RecordBatchPtr> next;
    std::optional<Error> failure;
    SourceState state;
    bool hanging = false;
    bool inPoll = false;
    std::atomic<int> destroyed{0};

    void give(RecordBatchPtr batch)
    {
        const std::scoped_lock lock(mutex);
        next.push_back(std::move(batch));
        changed.notify_all();
    }
    template <typename Change>
    void change(Change&& change)
    {
        const std::scoped_lock lock(mutex);
        change(*this);
        changed.notify_all();
    }
};

class ScriptedSource final : public Source
{
public:
    explicit ScriptedSource(std::shared_ptr<Script> script) : m_script(std::move(script)) { }
    ~ScriptedSource() override { ++m_script->destroyed; }

    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds timeout) override
    {
        std::unique_lock lock(m_script->mutex);
        m_script->inPoll = true;
        m_script->changed.notify_all();
        m_script->changed.wait(lock, [this] { return !m_script->hanging; });
        m_script->changed.wait_for(
            lock, std::min(timeout, 5ms), [this] { return !m_script->next.empty() || m_script->failure; });
        m_script->inPoll = false;
        if (m_script->failure)
            return *m_script->failure;
        return std::exchange(m_script->next, {});
    }
    SourceState state() const override
    {
        const std::scoped_lock lock(m_script->mutex);
        return m_script->state;
    }
    const std::string& topic() const override
    {
        static const std::string name = "orders";
        return name;
    }

private:
    std::shared_ptr<Script> m_script;
};

std::shared_ptr<Script> upScript(std::vector<PartitionPosition> partitions = {})
{
    auto script = std::make_shared<Script>();
    script->state.connection = Connection::Up;
    script->state.partitions = std::move(partitions);
    return script;
}

std::shared_ptr<RowBuffer> inMemory(
    std::size_t share = std::size_t{256} << 20, const std::shared_ptr<MemoryBudget>& budget = nullptr)
{
    return std::make_shared<RecordRing>(share, budget);
}

std::vector<std::unique_ptr<Source>> sourcesOf(const std::vector<std::shared_ptr<Script>>& scripts)
{
    std::vector<std::unique_ptr<Source>> sources;
    for (const auto& script : scripts)
        sources.push_back(std::make_unique<ScriptedSource>(script));
    return sources;
}

std::uint64_t countOf(const SeriesSnapshotPtr& series)
{
    std::uint64_t count = 0;
    for (const Bin& bin : series->levels.back().bins)
        count += bin.count;
    return count;
}

} // namespace

class TestTopicFeed : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { QVERIFY(Reaper::instance().drain(10s)); }
    void takesInAllSources();
    void observerSeesEveryBatchInOrder();
    void rowsLeaveAboveTheirShare();
    void countingAloneKeepsNoRows();
    void latencyLeavesHistoryOut();
    void latencyOfHistoryOnDemand();
    void latencyFromAField();
    void endsWithItsSources();
    void oneFailureDoesNotStopTheOthers();
    void stateOfAllSources();
    void stopDoesNotWaitForAPoll();
    void trimsWhileNothingArrives();
    void valueCheck_data();
    void valueCheck();
    void theTimeThatWasRead();
    void ratesOverTwoSeconds();
    void absurdTimestamps();
};

void TestTopicFeed::takesInAllSources()
{
    const SystemClock clock;
    const auto a = upScript();
    const auto b = upScript();
    TopicFeed feed(sourcesOf({a, b}), inMemory(), nullptr, clock, {});
    QVERIFY(feed.snapshot()->arrivals && feed.snapshot()->latency);
    feed.start();
    feed.start();
    a->give(batchOf(0, 1'000'100, {{0, 1'000'000}, {1, 1'000'050}, {2, 1'000'050, "no json"}}));
    b->give(batchOf(1, 1'000'200, {{7, 1'000'000}, {8, 0, std::nullopt, TimestampType::NotAvailable}}));
    QTRY_COMPARE(feed.snapshot()->records, 5u);
    QTRY_VERIFY(feed.snapshot()->recordsPerSecond > 0);
    const auto snapshot = feed.snapshot();
    QCOMPARE(snapshot->endRow, std::int64_t{5});
    QCOMPARE(snapshot->bytes, 31u);
    QCOMPARE(snapshot->undecodable, 1u);
    QCOMPARE(countOf(snapshot->arrivals), 4u);
    QCOMPARE(snapshot->latency->records, 4u);
    QCOMPARE(snapshot->latency->withoutTimestamp, 1u);
    QCOMPARE(snapshot->state.connection, Connection::Up);
    QVERIFY(!snapshot->ended);
    QCOMPARE(feed.rows()->read(0, 10, {})->size(), std::size_t{5});
}

void TestTopicFeed::observerSeesEveryBatchInOrder()
{
    const SystemClock clock;
    const auto script = upScript();
    TopicFeed feed(sourcesOf({script}), inMemory(), nullptr, clock, {});
    std::atomic<std::int64_t> next{0};
    std::atomic<bool> inOrder{true};
    feed.setBatchObserver([&](const RecordBatchPtr& batch) {
        inOrder = inOrder && batch->offset(0) == next;
        next += static_cast<std::int64_t>(batch->size());
    });
    feed.start();
    for (std::int64_t offset = 0; offset < 200; offset += 2)
        script->give(batchOf(0, 5'000, {{offset, 4'000}, {offset + 1, 4'000}}));
    QTRY_COMPARE(next.load(), std::int64_t{200});
    QVERIFY(inOrder);
    feed.stop();
    script->give(batchOf(0, 5'000, {{200, 4'000}}));
    QTest::qWait(30);
    QCOMPARE(next.load(), std::int64_t{200});
}

void TestTopicFeed::rowsLeaveAboveTheirShare()
{
    const SystemClock clock;
    const auto script = upScript();
    TopicFeed feed(sourcesOf({script}), inMemory(10'000), nullptr, clock, {});
    feed.start();
    for (std::int64_t i = 0; i < 100; ++i)
        script->give(batchOf(0, 5'000, {{i, 4'000, R"({"a":")" + std::string(1'000, 'x') + R"("})"}}));
    QTRY_COMPARE(feed.snapshot()->endRow, std::int64_t{100});
    QVERIFY(feed.snapshot()->firstRow > 80);
    QVERIFY(!(*feed.rows()->read(0, 1, {}))[0].isHere());
    QVERIFY((*feed.rows()->read(99, 1, {}))[0].isHere());
}

void TestTopicFeed::countingAloneKeepsNoRows()
{
    const SystemClock clock;
    const auto script = upScript();
    TopicFeedOptions options;
    options.checkValues = false;
    TopicFeed feed(sourcesOf({script}), nullptr, nullptr, clock, options);
    feed.start();
    script->give(batchOf(0, 5'000, {{0, 4'000}, {1, 4'000, "{broken"}}));
    QTRY_COMPARE(feed.snapshot()->records, 2u);
    QCOMPARE(feed.snapshot()->endRow, std::int64_t{0});
    QCOMPARE(feed.snapshot()->undecodable, 0u);
}

void TestTopicFeed::latencyLeavesHistoryOut()
{
    const SystemClock clock;
    PartitionPosition position;
    position.high = 100;
    const auto script = upScript({position});
    TopicFeed feed(sourcesOf({script}), inMemory(), nullptr, clock, {});
    feed.start();
    script->give(batchOf(0, 1'000'000, {{97, 1'000}, {98, 1'000}})); // history
    QTRY_COMPARE(feed.snapshot()->records, 2u);
    script->give(batchOf(0, 1'000'000, {{99, 1'000}, {100, 999'960}, {103, 999'980}})); // across the border
    script->change([](Script& s) { s.state.partitions[0].high = 500; }); // the border stays where it was
    script->give(batchOf(0, 1'001'000, {{104, 1'000'970}}));
    QTRY_COMPARE(feed.snapshot()->records, 6u);
    QCOMPARE(feed.snapshot()->latency->records, 3u);
    QVERIFY(std::abs(feed.snapshot()->latency->p99 - 30) <= 0.3); // rank 1 of 20, 30, 40
    QCOMPARE(countOf(feed.snapshot()->arrivals), 6u);
}

void TestTopicFeed::latencyOfHistoryOnDemand()
{
    const SystemClock clock;
    PartitionPosition position;
    position.high = 100;
    const auto script = upScript({position});
    TopicFeedOptions options;
    options.latencyOfHistory = true;
    TopicFeed feed(sourcesOf({script}), inMemory(), nullptr, clock, options);
    feed.start();
    script->give(batchOf(0, 1'000'000, {{97, 1'000}, {98, 1'000}}));
    QTRY_COMPARE(feed.snapshot()->latency->records, 2u);
    QCOMPARE(feed.snapshot()->latency->p50, 999'000.0);
}

void TestTopicFeed::latencyFromAField()
{
    const SystemClock clock;
    const auto script = upScript();
    TopicFeedOptions options;
    options.latencyField = "at";
    TopicFeed feed(sourcesOf({script}), inMemory(), nullptr, clock, options);
    feed.start();
    // The record's own timestamps would give 1 ms each, and one record ahead of the clock.
    const EpochMs now = 1'700'000'000'000;
    script->give(batchOf(0, now,
        {{0, now - 1, R"({"at":1699999999980})"}, {1, now - 1, R"({"at":"2023-11-14T22:13:19.960Z"})"},
            {2, now - 1, R"({"other":1})"}, {3, now - 1, "no json"}, {4, now - 1, std::nullopt},
            {5, now + 1'000, R"({"at":1699999999940000})", TimestampType::NotAvailable}}));
    QTRY_COMPARE(feed.snapshot()->records, 6u);
    const LatencyDistribution all = feed.totalLatency();
    QCOMPARE(all.count(), 3u);
    QCOMPARE(all.negative(), 0u);
    QCOMPARE(all.min(), 20.0);
    QCOMPARE(all.max(), 60.0);
    QCOMPARE(feed.snapshot()->latency->withoutTimestamp, 3u);
}

void TestTopicFeed::endsWithItsSources()
{
    const SystemClock clock;
    const auto a = upScript();
    const auto b = upScript();
    TopicFeed feed(sourcesOf({a, b}), inMemory(), nullptr, clock, {});
    feed.start();
    a->give(batchOf(0, 5'000, {{0, 4'000}}));
    a->change([](Script& s) { s.state.ended = true; });
    QTRY_COMPARE(feed.snapshot()->records, 1u);
    QTest::qWait(30);
    QVERIFY(!feed.snapshot()->ended);
    b->change([](Script& s) {
        s.next.push_back(batchOf(1, 5'000, {{0, 4'000}}));
        s.state.ended = true;
    });
    QTRY_VERIFY(feed.snapshot()->ended);
    QCOMPARE(feed.snapshot()->records, 2u);
    QCOMPARE(feed.snapshot()->recordsPerSecond, 0.0);
    QVERIFY(feed.snapshot()->state.ended);
}

void TestTopicFeed::oneFailureDoesNotStopTheOthers()
{
    const SystemClock clock;
    const auto broken = upScript();
    const auto fine = upScript();
    TopicFeed feed(sourcesOf({broken, fine}), inMemory(), nullptr, clock, {});
    feed.start();
    broken->change([](Script& s) { s.failure = Error{ErrorKind::Internal, "The client is fatally broken.", {}}; });
    QTRY_VERIFY(feed.snapshot()->failure);
    QCOMPARE(feed.snapshot()->failure->message, std::string("The client is fatally broken."));
    QVERIFY(!feed.snapshot()->ended);
    fine->give(batchOf(1, 5'000, {{0, 4'000}}));
    QTRY_COMPARE(feed.snapshot()->records, 1u);
}

void TestTopicFeed::stateOfAllSources()
{
    SourceState up;
    up.connection = Connection::Up;
    up.partitions.push_back({PartitionId{3}, 0, 5, 0, 5, true, false});
    up.throttle = 20ms;
    SourceState down;
    down.connection = Connection::Down;
    down.partitions.push_back({PartitionId{1}, 0, 5, 0, 9, false, false});
    down.problems.push_back({ProblemKind::Throttled, "slow", std::nullopt, 1});
    down.problems.push_back({ProblemKind::BrokerUnreachable, "gone", std::nullopt, 2});
    SourceState connecting;
    connecting.problems = down.problems;
    const SourceState all = combined({up, down, connecting});
    QCOMPARE(all.connection, Connection::Down);
    QCOMPARE(all.throttle, 20ms);
    QCOMPARE(all.problems.size(), std::size_t{2}); // told by two sources, shown once
    QCOMPARE(all.problems[0].kind, ProblemKind::BrokerUnreachable);
    QCOMPARE(all.partitions[0].partition.value, 1);
    QCOMPARE(combined({up, connecting}).connection, Connection::Connecting);
    QCOMPARE(combined({up, up}).connection, Connection::Up);
    QVERIFY(!combined({}).ended);
}

void TestTopicFeed::stopDoesNotWaitForAPoll()
{
    const auto script = upScript();
    script->hanging = true;
    const auto begin = std::chrono::steady_clock::now();
    {
        const SystemClock clock;
        TopicFeed feed(sourcesOf({script}), inMemory(), nullptr, clock, {});
        feed.start();
        std::unique_lock lock(script->mutex);
        script->changed.wait(lock, [&] { return script->inPoll; });
    }
    QVERIFY(std::chrono::steady_clock::now() - begin < 500ms);
    QCOMPARE(script->destroyed.load(), 0);
    script->change([](Script& s) { s.hanging = false; });
    QVERIFY(Reaper::instance().drain(5s));
    QCOMPARE(script->destroyed.load(), 1);
}

void TestTopicFeed::trimsWhileNothingArrives()
{
    const SystemClock clock;
    auto budget = std::make_shared<MemoryBudget>(50'000'000);
    const auto script = upScript();
    TopicFeed feed(sourcesOf({script}), inMemory(std::size_t{256} << 20, budget), budget, clock, {});
    feed.start();
    for (std::int64_t i = 0; i < 20; ++i)
        script->give(batchOf(0, 5'000, {{i, 4'000, R"({"a":")" + std::string(100'000, 'x') + R"("})"}}, budget));
    QTRY_COMPARE(feed.snapshot()->endRow, std::int64_t{20});
    QCOMPARE(feed.snapshot()->firstRow, std::int64_t{0});
    budget->reserve(MemoryUse::QueryState, 43'000'000);
    QTRY_VERIFY(feed.snapshot()->firstRow > 0);
    QTRY_VERIFY(budget->used() <= 50'000'000 / 8 * 7);
    budget->release(MemoryUse::QueryState, 43'000'000);
}

void TestTopicFeed::valueCheck_data()
{
    QTest::addColumn<QStringList>("values");
    QTest::addColumn<int>("times");
    QTest::addColumn<qulonglong>("undecodable");
    QTest::newRow("all fine") << QStringList{"{}", "[1]"} << 10 << qulonglong{0};
    QTest::newRow("some broken") << QStringList{"{}", "{}", "{\"a\":"} << 10 << qulonglong{10};
    QTest::newRow("scalars are neither") << QStringList{"{}", "17", "{"} << 10 << qulonglong{10};
    QTest::newRow("text topic") << QStringList{"hello", "{}", "world"} << 10 << qulonglong{0};
    QTest::newRow("text topic, many") << QStringList{"hello", "{}", "world"} << 500 << qulonglong{0};
    QTest::newRow("JSON topic, many broken") << QStringList{"{}", "{}", "{"} << 500 << qulonglong{500};
}

void TestTopicFeed::valueCheck()
{
    QFETCH(QStringList, values);
    QFETCH(int, times);
    QFETCH(qulonglong, undecodable);
    ValueCheck check;
    for (int i = 0; i < times; ++i) {
        std::vector<OneRecord> records{{0, 0, std::nullopt}};
        for (const QString& value : values)
            records.push_back({0, 0, value.toStdString()});
        check.add(*batchOf(0, 0, records));
    }
    QCOMPARE(qulonglong{check.undecodable()}, undecodable);
}

/// Two partitions, of which one was not read from its beginning, and one not yet to its end.
void TestTopicFeed::theTimeThatWasRead()
{
    const auto script = std::make_shared<Script>();
    const auto sourcesAt = [&script](std::vector<PartitionPosition> positions) {
        script->state.partitions = std::move(positions);
        std::vector<std::unique_ptr<Source>> sources;
        sources.push_back(std::make_unique<ScriptedSource>(script));
        return sources;
    };
    ReadTime time;
    const auto whole = [&](const std::vector<PartitionPosition>& positions) { return time.span(sourcesAt(positions)); };
    const PartitionPosition unread{PartitionId{1}, 5, 5, 0, 9, false, false};
    QCOMPARE(whole({unread}), std::pair(EpochMs{0}, EpochMs{0})); // nothing is known of it
    time.add(*batchOf(0, 0, {{0, 1'000}, {1, 4'000}}));
    time.add(*batchOf(1, 0, {{5, 2'000}, {6, 3'000}}));
    const auto [from, to] =
        whole({{PartitionId{0}, 0, 2, 0, 2, true, false}, {PartitionId{1}, 5, 7, 0, 9, false, false}});
    QCOMPARE(from, EpochMs{2'000}); // before that the second partition has records that were not read
    QCOMPARE(to, EpochMs{3'000});
    time.add(*batchOf(1, 0, {{7, 3'500}, {8, 5'000}}));
    QCOMPARE(whole({{PartitionId{0}, 0, 2, 0, 2, true, false}, {PartitionId{1}, 0, 9, 0, 9, true, false}}),
        std::pair(std::numeric_limits<EpochMs>::min(), std::numeric_limits<EpochMs>::max()));
    const PartitionPosition empty{PartitionId{2}, 0, 0, 0, 0, true, false};
    QCOMPARE(whole({{PartitionId{1}, 5, 9, 0, 9, true, false}, empty}),
        std::pair(EpochMs{2'000}, std::numeric_limits<EpochMs>::max()));
}

void TestTopicFeed::ratesOverTwoSeconds()
{
    RecentRate rate;
    const auto at = [](std::int64_t ms) {
        return std::chrono::steady_clock::time_point(std::chrono::milliseconds(ms));
    };
    QCOMPARE(rate.update(at(10'000), 0, 0).records, 0.0);
    QCOMPARE(rate.update(at(10'010), 1'000, 50'000).records, 2'000.0); // no less than half a second
    QCOMPARE(rate.update(at(11'000), 1'000, 50'000).records, 1'000.0);
    std::uint64_t total = 1'000;
    RecentRate::Rates last;
    for (std::int64_t ms = 11'100; ms <= 20'000; ms += 100) {
        total += 30;
        last = rate.update(at(ms), total, total * 100);
    }
    QVERIFY(std::abs(last.records - 300) < 1e-9);
    QVERIFY(std::abs(last.bytes - 30'000) < 1e-6);
    for (std::int64_t ms = 20'100; ms <= 22'100; ms += 100)
        last = rate.update(at(ms), total, total * 100);
    QCOMPARE(last.records, 0.0);
}

void TestTopicFeed::absurdTimestamps()
{
    Series arrivals({100, 8, 8192});
    LatencyTracker latency;
    const EpochMs now = 1'700'000'000'000;
    const auto batch = batchOf(0, now,
        {{0, now - 10}, {1, std::numeric_limits<EpochMs>::max()}, {2, std::numeric_limits<EpochMs>::min()},
            {3, now + 90'000'000}, {4, now - 12}, {5, -1}});
    addArrivals(arrivals, *batch);
    LatencyReader({}).add(latency, batch, 0);
    QCOMPARE(arrivals.snapshot()->levels[0].bins.size(), std::size_t{8}); // the two of now; nothing was pushed out
    QCOMPARE(latency.snapshot()->negative, 2u);
    QCOMPARE(latency.snapshot()->records, 4u);
}

QTEST_GUILESS_MAIN(TestTopicFeed)
#include "tst_topic_feed.moc"
