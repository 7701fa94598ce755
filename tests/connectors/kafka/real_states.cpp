// SPDX-License-Identifier: GPL-3.0-or-later
// What librdkafka is silent about becomes a state that comes soon and goes by itself.
#include "tests/connectors/kafka/real_kafka.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;

namespace {

/// States come within five seconds of a quiet machine.
constexpr int patience = 20'000;

} // namespace

class TestRealStates : public QObject
{
    Q_OBJECT

    RealKafka& m_kafka;

public:
    explicit TestRealStates(RealKafka& kafka) : m_kafka(kafka) { }

private:
    /// As fast as it goes: deletion is asynchronous, and the name is taken until it is done.
    bool makeAnew(const std::string& topic)
    {
        bool created = false;
        if (!m_kafka.feeder->deleteTopic(topic))
            return false;
        for (int i = 0; i < 100 && !created; ++i) {
            created = m_kafka.feeder->createTopic(topic, 1);
            QTest::qWait(created ? 0 : 50);
        }
        return created;
    }

private slots:
    void initTestCase()
    {
        const bool started = m_kafka.start();
        if (!m_kafka.skip.isEmpty())
            QSKIP(qPrintable(m_kafka.skip));
        QVERIFY(started);
    }

    void aMissingTopicIsAnError()
    {
        auto sources = m_kafka.cluster->open(bounded("no-such-topic", 1));
        QVERIFY(!sources);
        QCOMPARE(sources.error().kind, ErrorKind::NotFound);
        const auto metadata = m_kafka.cluster->metadata();
        QVERIFY(std::none_of(metadata->topics.begin(), metadata->topics.end(),
            [](const TopicInfo& topic) { return topic.name == "no-such-topic"; }));
    }

    void retentionMovingUnderTheReaderIsTold()
    {
        QVERIFY(m_kafka.feeder->createTopic("shrinking", 1));
        QVERIFY(m_kafka.fill("shrinking", 0, 1000));
        ReadRequest request = bounded("shrinking", 1);
        QVERIFY(m_kafka.feeder->deleteRecords("shrinking", 0, 400));
        request.start = FromOffset{100};
        auto sources = m_kafka.cluster->open(request);
        QVERIFY2(sources.ok(), sources ? "" : sources.error().text().c_str());
        QVERIFY(hasProblem(sources->front()->state(), ProblemKind::OffsetOutOfRange));
        std::vector<RecordBatchPtr> batches;
        QVERIFY(drain(*sources, batches, 20'000));
        QCOMPARE(batches.front()->offset(0), std::int64_t(400));
        QVERIFY(batches.front()->gaps().size() == 1);
        QVERIFY(batches.front()->gaps()[0] == (Gap{100, 400, GapReason::Retention}));
    }

    /// The beginning moves past a reader that is slower than what is thrown away.
    void retentionPassingASlowReaderIsTold()
    {
        constexpr std::int64_t count = 60;
        QVERIFY(m_kafka.feeder->createTopic("passing", 1));
        const std::string value(400'000, 'v');
        Record record;
        record.value = value;
        KafkaFeeder plain(m_kafka.server->bootstrap(), "none");
        for (int i = 0; i < count; ++i)
            plain.produce("passing", record);
        QVERIFY(plain.flush());
        KafkaSettings small = m_kafka.settings;
        small.budget = std::make_shared<MemoryBudget>(std::size_t{64} << 20); // of which the client queues 3 MiB
        auto cluster = openCluster(small);
        QVERIFY(cluster.ok());
        auto sources = (*cluster)->open(bounded("passing", 1));
        QVERIFY(sources.ok());
        Source& source = *sources->front();
        QVERIFY(readUpTo(source, 1, 10'000) > 0);
        QVERIFY(m_kafka.feeder->deleteRecords("passing", 0, count - 2));
        std::vector<RecordBatchPtr> batches;
        QVERIFY(drain(*sources, batches, 30'000));
        std::int64_t lost = 0;
        std::int64_t read = 0;
        for (const RecordBatchPtr& batch : batches) {
            read += static_cast<std::int64_t>(batch->size());
            for (const Gap& gap : batch->gaps()) {
                QVERIFY(gap.reason == GapReason::Retention);
                QCOMPARE(gap.end, count - 2);
                lost += gap.end - gap.first;
            }
        }
        QVERIFY2(lost > 0, "the reader was faster than the test means it to be");
        QVERIFY(hasProblem(source.state(), ProblemKind::OffsetOutOfRange));
        QTRY_VERIFY_WITH_TIMEOUT(!hasProblem(source.state(), ProblemKind::OffsetOutOfRange), 30'000);
    }

    void aDeletedTopicIsToldAndReadAgainWhenItIsBack()
    {
        QVERIFY(m_kafka.feeder->createTopic("phoenix", 1));
        QVERIFY(m_kafka.fill("phoenix", 0, 300));
        const auto source = m_kafka.follow("phoenix");
        QVERIFY(source != nullptr);
        QCOMPARE(readUpTo(*source, 300, 10'000), std::size_t(300));
        QVERIFY(m_kafka.feeder->deleteTopic("phoenix"));
        QTRY_VERIFY_WITH_TIMEOUT(pollsWith(*source, ProblemKind::TopicDeleted), patience);
        QVERIFY(m_kafka.feeder->createTopic("phoenix", 1));
        QVERIFY(m_kafka.fill("phoenix", 0, 50));
        std::int64_t last = -1;
        QCOMPARE(readUpTo(*source, 50, 20'000, &last), std::size_t(50));
        QCOMPARE(last, std::int64_t(49));
        QTRY_VERIFY_WITH_TIMEOUT(!pollsWith(*source, ProblemKind::TopicDeleted), patience);
    }

    /// The broker lets this user see the topic but not read it, or not even see it, while it is being read at its end:
    /// the state stays as long as that is so, and goes although no record comes.
    void aTopicThatMayNotBeReadAnyMoreSaysSo_data()
    {
        QTest::addColumn<bool>("seen");
        QTest::newRow("may be seen") << true;
        QTest::newRow("may not be seen") << false;
    }

    void aTopicThatMayNotBeReadAnyMoreSaysSo()
    {
        QFETCH(bool, seen);
        const std::string topic = seen ? "seen" : "hidden";
        QVERIFY(m_kafka.feeder->createTopic(topic, 2));
        QVERIFY(m_kafka.fill(topic, 0, 100));
        const auto source = m_kafka.follow(topic);
        QVERIFY(source != nullptr);
        QCOMPARE(readUpTo(*source, 100, 10'000), std::size_t(100));
        QVERIFY(
            m_kafka.feeder->setAccess(topic, seen ? KafkaFeeder::Access::DescribeOnly : KafkaFeeder::Access::Nothing));
        QTRY_VERIFY_WITH_TIMEOUT(pollsWith(*source, ProblemKind::NotAuthorized), patience);
        QVERIFY(source->state().problems.front().text.find(topic) != std::string::npos);
        auto sources = m_kafka.cluster->open(bounded(topic, 1));
        QVERIFY(seen || (!sources.ok() && sources.error().kind == ErrorKind::NotAuthorized));
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 3'000)
            QVERIFY(pollsWith(*source, ProblemKind::NotAuthorized));
        QVERIFY(m_kafka.feeder->setAccess(topic, KafkaFeeder::Access::All));
        QTRY_VERIFY_WITH_TIMEOUT(!pollsWith(*source, ProblemKind::NotAuthorized), patience);
        QVERIFY(m_kafka.fill(topic, 100, 150));
        std::int64_t last = -1;
        QCOMPARE(readUpTo(*source, 50, 20'000, &last), std::size_t(50));
        QCOMPARE(last, std::int64_t(149));
    }

    void aQuotaShowsAsThrottling()
    {
        QVERIFY(m_kafka.feeder->createTopic("slow", 1));
        KafkaFeeder plain(m_kafka.server->bootstrap(), "none");
        for (int i = 0; i < 60'000; ++i)
            plain.produce("slow", Sample(i, 1).record);
        QVERIFY(plain.flush());
        QVERIFY2(m_kafka.server->setFetchQuota("weir", 200'000), qPrintable(m_kafka.server->problem()));
        const auto source = m_kafka.follow("slow");
        QVERIFY(source != nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(pollsWith(*source, ProblemKind::Throttled), patience);
        QVERIFY(source->state().throttle.count() > 0);
        QVERIFY(m_kafka.server->setFetchQuota("weir", 0));
        QTRY_VERIFY_WITH_TIMEOUT(!pollsWith(*source, ProblemKind::Throttled), 60'000);
        QCOMPARE(source->state().throttle.count(), std::chrono::milliseconds::rep(0));
    }

    /// Made anew between two looks of the watch, with fewer records than were read.
    void aTopicMadeAnewAndShorterIsReadFromItsBeginning()
    {
        QVERIFY(m_kafka.feeder->createTopic("shorter", 1));
        QVERIFY(m_kafka.fill("shorter", 0, 300));
        const auto source = m_kafka.follow("shorter");
        QVERIFY(source != nullptr);
        QCOMPARE(readUpTo(*source, 300, 10'000), std::size_t(300));
        QVERIFY(makeAnew("shorter"));
        QVERIFY(m_kafka.fill("shorter", 5000, 5040));
        std::int64_t last = -1;
        QCOMPARE(readUpTo(*source, 40, 20'000, &last), std::size_t(40));
        QCOMPARE(last, std::int64_t(39));
        QVERIFY(hasProblem(source->state(), ProblemKind::TopicRecreated));
        QTRY_VERIFY_WITH_TIMEOUT(!pollsWith(*source, ProblemKind::TopicRecreated), 30'000);
    }

    /// Made anew between two looks of the watch and already longer: only the first record tells.
    void aTopicMadeAnewAndLongerIsReadFromItsBeginning()
    {
        QVERIFY(m_kafka.feeder->createTopic("swapped", 1));
        QVERIFY(m_kafka.fill("swapped", 0, 100));
        const auto source = m_kafka.follow("swapped");
        QVERIFY(source != nullptr);
        QCOMPARE(readUpTo(*source, 100, 10'000), std::size_t(100));
        QTest::qWait(4000); // the watch has seen the first record
        QVERIFY(makeAnew("swapped"));
        QVERIFY(m_kafka.fill("swapped", 5000, 5600));
        std::set<std::int64_t> offsets;
        bool told = false;
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 45'000 && !(told && offsets.size() == 600)) {
            const auto batches = source->poll(std::chrono::milliseconds(50));
            QVERIFY(batches.ok());
            told = told || hasProblem(source->state(), ProblemKind::TopicRecreated);
            for (const RecordBatchPtr& batch : *batches) {
                for (std::size_t r = 0; r < batch->size(); ++r) {
                    QCOMPARE(batch->timestamp(r), firstTime + 5000 + batch->offset(r));
                    offsets.insert(batch->offset(r));
                }
            }
        }
        QVERIFY2(told, "nothing said that the topic was made anew");
        QCOMPARE(offsets.size(), std::size_t(600));
    }

    /// The offsets that a bounded read was asked for are gone: it ends with words instead of waiting for them.
    void aBoundedReadOfATopicMadeAnewFails()
    {
        QVERIFY(m_kafka.feeder->createTopic("bounded", 1));
        QVERIFY(m_kafka.fill("bounded", 0, 300));
        ReadRequest request = bounded("bounded", 1);
        request.stop = UntilOffset{1000};
        auto sources = m_kafka.cluster->open(request);
        QVERIFY2(sources.ok(), sources ? "" : sources.error().text().c_str());
        Source& source = *sources->front();
        QCOMPARE(readUpTo(source, 300, 10'000), std::size_t(300));
        QVERIFY(makeAnew("bounded"));
        std::string words;
        const auto fails = [&] {
            // The error comes once, and the macro asks once more when it has come.
            if (const auto polled = source.poll(std::chrono::milliseconds(20)); !polled)
                words = polled.error().text();
            return !words.empty();
        };
        QTRY_VERIFY_WITH_TIMEOUT(fails(), patience);
        QVERIFY2(words.find("bounded was made anew") != std::string::npos, words.c_str());
    }

    /// Last, since it stops the broker: killed while reading, nothing is lost and nothing comes twice.
    void aKilledBrokerLosesNothing_data()
    {
        QTest::addColumn<int>("instances");
        QTest::newRow("one instance") << 1;
        QTest::newRow("three instances") << 3;
    }

    void aKilledBrokerLosesNothing()
    {
        QFETCH(int, instances);
        constexpr int partitions = 3;
        constexpr int perPartition = 20'000;
        const std::string topic = "survivor-" + std::to_string(instances);
        QVERIFY(m_kafka.feeder->createTopic(topic, partitions));
        for (int i = 0; i < partitions * perPartition; ++i)
            m_kafka.feeder->produce(topic, Sample(i, partitions).record);
        QVERIFY(m_kafka.feeder->flush());
        ReadRequest request = bounded(topic, instances);
        request.stop = Unbounded{};
        auto sources = m_kafka.cluster->open(request);
        QVERIFY2(sources.ok(), sources ? "" : sources.error().text().c_str());
        std::map<PartitionId, std::int64_t> expected;
        bool inOrder = true;
        const auto read = [&](bool toEnd) {
            std::int64_t sum = 0;
            for (const auto& source : *sources) {
                const auto polled = source->poll(std::chrono::milliseconds(20));
                for (const RecordBatchPtr& batch : polled ? *polled : std::vector<RecordBatchPtr>{}) {
                    std::int64_t& next = expected[batch->partition()];
                    for (std::size_t r = 0; r < batch->size(); ++r)
                        inOrder = inOrder && batch->offset(r) == next++;
                }
            }
            for (const auto& [id, next] : expected)
                sum += next;
            return sum >= partitions * (toEnd ? perPartition + 100 : perPartition / 4);
        };
        QTRY_VERIFY_WITH_TIMEOUT(read(false), 30'000);
        m_kafka.server->kill();
        const auto down = [&] {
            (void)read(false);
            return std::all_of(sources->begin(), sources->end(), [](const auto& source) {
                return hasProblem(source->state(), ProblemKind::BrokerUnreachable)
                    && source->state().connection == Connection::Down;
            });
        };
        QTRY_VERIFY_WITH_TIMEOUT(down(), patience);
        QVERIFY2(m_kafka.server->start(), qPrintable(m_kafka.server->problem()));
        for (int i = 0; i < partitions * 100; ++i)
            m_kafka.feeder->produce(topic, Sample(i, partitions).record);
        QVERIFY(m_kafka.feeder->flush());
        QTRY_VERIFY_WITH_TIMEOUT(read(true), 60'000);
        QVERIFY2(inOrder, "an offset was lost or came twice");
        QCOMPARE(expected.size(), std::size_t(partitions));
        for (const auto& [id, next] : expected)
            QCOMPARE(next, std::int64_t(perPartition + 100));
        QTRY_VERIFY_WITH_TIMEOUT(!pollsWith(*sources->front(), ProblemKind::BrokerUnreachable), 15'000);
    }
};

std::unique_ptr<QObject> weir::test::makeStatesTest(RealKafka& kafka)
{
    return std::make_unique<TestRealStates>(kafka);
}

#include "real_states.moc"
