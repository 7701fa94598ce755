// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to a topic shows in the window and on the command line, in a view and in a query alike, goes by itself,
// and costs no record.
#include "app/engine/event/row_text.h"
#include "app/session/session.h"
#include "tests/app/real/real_stream.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

using namespace weir;
using namespace weir::test;

namespace {

/// States come within five seconds of a quiet machine.
constexpr int patience = 25'000;

bool has(const SourceState& state, ProblemKind kind)
{
    return std::any_of(
        state.problems.begin(), state.problems.end(), [kind](const Problem& problem) { return problem.kind == kind; });
}

std::string tableOver(const std::string& address, const std::string& topic)
{
    return "CREATE TABLE t (n INT) WITH ('connector' = 'kafka', 'topic' = '" + topic
        + "', 'properties.bootstrap.servers' = '" + address
        + "', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');\nSELECT n FROM t;\n";
}

/// All that can look at a topic {"n": 0}, {"n": 1}, …: a topic view and a query as the window has them, tail and sql.
class Onlookers
{
public:
    Onlookers(const std::string& address, const std::string& topic, int instances = 0)
    {
        SessionSettings settings;
        settings.bootstrapServers = address;
        m_session =
            *Session::open(settings, std::make_shared<MemoryBudget>(std::size_t{256} << 20), SystemClock::instance());
        ReadRequest request;
        request.topic = topic;
        request.start = FromBeginning{};
        request.instances = instances;
        auto sources = m_session->cluster()->open(request);
        if (sources) {
            m_view = std::make_unique<TopicFeed>(
                std::move(*sources), nullptr, m_session->budget(), SystemClock::instance(), TopicFeedOptions{});
            m_view->setBatchObserver([this](const RecordBatchPtr& batch) { take(*batch); });
            m_view->start();
        }
        const std::string sql = tableOver(address, topic);
        auto run = m_session->runQuery(
            sql::compileScript(sql).queries.front(), [this](const ResultBatch& batch) { return take(batch); }, {});
        if (run)
            m_query = std::move(*run);
        QFile script(m_folder.filePath(QStringLiteral("t.sql")));
        if (script.open(QIODevice::WriteOnly))
            script.write(QByteArray::fromStdString(sql));
        script.close();
        m_tail = std::make_unique<RunningCommand>(cliProgram(),
            QStringList{QStringLiteral("tail"), QString::fromStdString(topic), QStringLiteral("-b"),
                QString::fromStdString(address), QStringLiteral("--from"), QStringLiteral("beginning")});
        m_sql = std::make_unique<RunningCommand>(
            cliProgram(), QStringList{QStringLiteral("sql"), QStringLiteral("-q"), script.fileName()});
    }

    bool areOpen() const { return m_view && m_query; }

    /// Whether all of them have read `count` records since they began.
    bool haveRead(std::size_t count)
    {
        const std::lock_guard lock(m_mutex);
        return m_viewed.size() >= count && m_queried.size() >= count && m_tail->waitForLines(static_cast<int>(count), 0)
            && m_sql->waitForLines(static_cast<int>(count), 0);
    }

    /// Whether all of them tell the problem, on the command line in these words.
    bool tell(ProblemKind kind, const QByteArray& words)
    {
        return has(m_view->snapshot()->state, kind) && has(m_query->snapshot()->source, kind)
            && m_tail->waitForErr(words, 0) && m_sql->waitForErr(words, 0);
    }

    /// Whether all of them say that it is over.
    bool tellTheEndOf(ProblemKind kind, const QByteArray& words)
    {
        return !has(m_view->snapshot()->state, kind) && !has(m_query->snapshot()->source, kind)
            && toldEnd(*m_tail, words) && toldEnd(*m_sql, words);
    }

    /// "" if each read every number below `count` once and, within a partition, in order; else who did not.
    QString whoMissed(int count, int partitions)
    {
        const Outcome tail = m_tail->interrupt();
        const Outcome sql = m_sql->interrupt();
        if (tail.code != 0 || sql.code != 0)
            return QStringLiteral("exit codes ") + QString::number(tail.code) + QLatin1Char(' ')
                + QString::number(sql.code);
        const std::lock_guard lock(m_mutex);
        const std::pair<const char*, std::vector<int>> all[] = {
            {"view", m_viewed}, {"query", m_queried}, {"tail", numbersOf(tail)}, {"sql", numbersOf(sql)}};
        for (const auto& [name, numbers] : all) {
            if (!isEachOnce(numbers, count, partitions))
                return QStringLiteral("%1 read %2 of %3").arg(QLatin1String(name)).arg(numbers.size()).arg(count);
        }
        return {};
    }

    QByteArray words() { return "tail: " + m_tail->err() + "\nsql: " + m_sql->err(); }

private:
    void take(const RecordBatch& batch)
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t i = 0; i < batch.size(); ++i)
            m_viewed.push_back(std::atoi(batch.value(i)->data() + 5)); // {"n":42}
    }

    Result<void> take(const ResultBatch& batch)
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t row = 0; row < batch.rowCount; ++row) {
            std::string text;
            appendJsonRow(text, batch, row);
            m_queried.push_back(std::atoi(text.c_str() + 5));
        }
        return {};
    }

    static bool toldEnd(RunningCommand& command, const QByteArray& words)
    {
        const QByteArray& said = command.err();
        return said.contains(words) && said.lastIndexOf("over: ") > 0
            && said.indexOf(words, said.lastIndexOf("over: ")) > 0;
    }

    static std::vector<int> numbersOf(const Outcome& outcome)
    {
        std::vector<int> numbers;
        for (const QByteArray& line : outcome.lines()) {
            const qsizetype at = line.indexOf("{\"n\":");
            numbers.push_back(at < 0 ? -1 : std::atoi(line.constData() + at + 5));
        }
        return numbers;
    }

    static bool isEachOnce(const std::vector<int>& numbers, int count, int partitions)
    {
        std::vector<int> next(static_cast<std::size_t>(partitions));
        std::iota(next.begin(), next.end(), 0);
        for (const int n : numbers) {
            if (n < 0 || n != next[static_cast<std::size_t>(n % partitions)])
                return false;
            next[static_cast<std::size_t>(n % partitions)] += partitions;
        }
        return numbers.size() == static_cast<std::size_t>(count);
    }

    QTemporaryDir m_folder;
    std::mutex m_mutex;
    std::vector<int> m_viewed; ///< guarded
    std::vector<int> m_queried; ///< guarded
    std::shared_ptr<Session> m_session;
    std::unique_ptr<TopicFeed> m_view;
    std::unique_ptr<QueryRun> m_query;
    std::unique_ptr<RunningCommand> m_tail;
    std::unique_ptr<RunningCommand> m_sql;
};

} // namespace

class TestRealOnlookers : public QObject
{
    Q_OBJECT

    RealStream& m_stream;

public:
    explicit TestRealOnlookers(RealStream& stream) : m_stream(stream) { }

private:
    void number(const std::string& topic, int n, int partitions)
    {
        const std::string value = "{\"n\":" + std::to_string(n) + "}";
        Record record;
        record.partition = PartitionId{n % partitions};
        record.value = value;
        m_stream.feeder->produce(topic, record);
    }

    bool fill(const std::string& topic, int from, int to, int partitions = 1)
    {
        for (int n = from; n < to; ++n)
            number(topic, n, partitions);
        return m_stream.feeder->flush();
    }

    QStringList on(const QString& verb, const QStringList& more) const
    {
        return QStringList{verb, QStringLiteral("-b"), QString::fromStdString(m_stream.address())} + more;
    }

private slots:
    void initTestCase()
    {
        const bool started = m_stream.start();
        if (!m_stream.skip.isEmpty())
            QSKIP(qPrintable(m_stream.skip));
        QVERIFY(started);
    }

    void aTopicThatMayNotBeReadAnyMore_data()
    {
        QTest::addColumn<bool>("seen");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("may be seen") << true << QByteArray("This user may not read the topic");
        QTest::newRow("may not be seen") << false << QByteArray("Ask for READ");
    }

    void aTopicThatMayNotBeReadAnyMore()
    {
        QFETCH(bool, seen);
        QFETCH(QByteArray, words);
        const std::string topic = seen ? "closed" : "hidden";
        QVERIFY(m_stream.feeder->createTopic(topic, 1));
        QVERIFY(fill(topic, 0, 50));
        Onlookers onlookers(m_stream.address(), topic);
        QVERIFY(onlookers.areOpen());
        QTRY_VERIFY_WITH_TIMEOUT(onlookers.haveRead(50), patience);
        QVERIFY(
            m_stream.feeder->setAccess(topic, seen ? KafkaFeeder::Access::DescribeOnly : KafkaFeeder::Access::Nothing));
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tell(ProblemKind::NotAuthorized, words), onlookers.words().constData(), patience);
        if (!seen) {
            const Outcome refused = cli(on(QStringLiteral("tail"), {QString::fromStdString(topic)}));
            QCOMPARE(refused.code, 1);
            QVERIFY2(
                refused.err.contains("Topic authorization failed. This user may not read the topic."), refused.err);
        }
        QVERIFY(m_stream.feeder->setAccess(topic, KafkaFeeder::Access::All));
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tellTheEndOf(ProblemKind::NotAuthorized, words), onlookers.words().constData(), patience);
        QVERIFY(fill(topic, 50, 80));
        QTRY_VERIFY_WITH_TIMEOUT(onlookers.haveRead(80), patience);
        QCOMPARE(onlookers.whoMissed(80, 1), QString());
    }

    void aTopicThatIsDeletedAndComesBack()
    {
        QVERIFY(m_stream.feeder->createTopic("phoenix", 1));
        QVERIFY(fill("phoenix", 0, 50));
        Onlookers onlookers(m_stream.address(), "phoenix");
        QVERIFY(onlookers.areOpen());
        QTRY_VERIFY_WITH_TIMEOUT(onlookers.haveRead(50), patience);
        QVERIFY(m_stream.feeder->deleteTopic("phoenix"));
        const QByteArray deleted = "The topic phoenix was deleted";
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tell(ProblemKind::TopicDeleted, deleted), onlookers.words().constData(), patience);
        QVERIFY(m_stream.feeder->createTopic("phoenix", 1));
        QVERIFY(fill("phoenix", 0, 20));
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tellTheEndOf(ProblemKind::TopicDeleted, deleted), onlookers.words().constData(), patience);
        const QByteArray anew = "The topic phoenix was made anew. Reading started again at its beginning.";
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tell(ProblemKind::TopicRecreated, anew), onlookers.words().constData(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(onlookers.haveRead(70), patience);
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tellTheEndOf(ProblemKind::TopicRecreated, anew), onlookers.words().constData(), 40'000);
    }

    void offsetsThatExpired()
    {
        QVERIFY(m_stream.feeder->createTopic("expired", 1));
        QVERIFY(fill("expired", 0, 100));
        QVERIFY(m_stream.feeder->deleteRecords("expired", 0, 40));
        const Outcome tail = cli(on(QStringLiteral("tail"),
            {QStringLiteral("expired"), QStringLiteral("--from=@10"), QStringLiteral("--until=end")}));
        QCOMPARE(tail.code, 3);
        QCOMPARE(tail.lines().size(), 60);
        QVERIFY2(tail.err.contains("expired/0: retention already removed 30 of the offsets asked for"), tail.err);
        QVERIFY2(tail.err.contains("Incomplete: 30 of the offsets"), tail.err);
        const Outcome stats = cli(on(QStringLiteral("stats"),
            {QStringLiteral("expired"), QStringLiteral("--from=@10"), QStringLiteral("--json")}));
        QCOMPARE(stats.code, 3);
        QCOMPARE(stats.objects().value(0).value(QLatin1String("records")).toInt(), 60);
        QCOMPARE(stats.objects().value(0).value(QLatin1String("missing")).toInt(), 30);
        const Outcome whole = cli(on(QStringLiteral("stats"), {QStringLiteral("expired"), QStringLiteral("--json")}));
        QCOMPARE(whole.code, 0);
        QCOMPARE(whole.objects().value(0).value(QLatin1String("records")).toInt(), 60);
    }

    void aQuota()
    {
        QVERIFY(m_stream.feeder->createTopic("slow", 1));
        KafkaFeeder plain(m_stream.address(), "none", feederId);
        for (int n = 0; n < 15'000; ++n) {
            const std::string value = "{\"n\":" + std::to_string(n) + ",\"fill\":\"" + std::string(200, 'x') + "\"}";
            Record record;
            record.partition = PartitionId{0};
            record.value = value;
            plain.produce("slow", record);
        }
        QVERIFY(plain.flush());
        QVERIFY2(m_stream.server->setFetchQuota("weir", 500'000), qPrintable(m_stream.server->problem()));
        Onlookers onlookers(m_stream.address(), "slow");
        QVERIFY(onlookers.areOpen());
        const QByteArray words = "The broker throttles this client";
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tell(ProblemKind::Throttled, words), onlookers.words().constData(), patience);
        QVERIFY(m_stream.server->setFetchQuota("weir", 0));
        QTRY_VERIFY_WITH_TIMEOUT(onlookers.haveRead(15'000), 60'000);
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tellTheEndOf(ProblemKind::Throttled, words), onlookers.words().constData(), 60'000);
    }

    void lagOfAGroupToTheRecord()
    {
        QVERIFY(m_stream.feeder->createTopic("lagging", 2));
        QVERIFY(fill("lagging", 0, 200, 2));
        QVERIFY(m_stream.feeder->consumeAndCommit("billing", "lagging", 200));
        QVERIFY(fill("lagging", 200, 233, 2));
        const Outcome lag = cli(on(QStringLiteral("lag"), {QStringLiteral("billing"), QStringLiteral("--json")}));
        QCOMPARE(lag.code, 0);
        QCOMPARE(lag.objects().size(), 2);
        QCOMPARE(lag.objects()[0].value(QLatin1String("lag")).toInt(), 17);
        QCOMPARE(lag.objects()[1].value(QLatin1String("lag")).toInt(), 16);
        QVERIFY(cli(on(QStringLiteral("lag"), {})).out.contains("billing"));
        const Outcome unknown = cli(on(QStringLiteral("lag"), {QStringLiteral("nobody")}));
        QCOMPARE(unknown.code, 0);
        QVERIFY2(unknown.err.contains("lists no group of this name"), unknown.err);
    }

    /// Last, since it kills the broker while records are being written and read.
    void aKilledBroker()
    {
        constexpr int partitions = 3;
        QVERIFY(m_stream.feeder->createTopic("survivor", partitions));
        QVERIFY(fill("survivor", 0, 120'000, partitions)); // enough for a query to take more than one instance
        Onlookers onlookers(m_stream.address(), "survivor", partitions);
        QVERIFY(onlookers.areOpen());
        std::atomic<int> produced = 120'000;
        std::jthread producer([&](std::stop_token stop) {
            for (; !stop.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
                for (int i = 0; i < 10; ++i)
                    number("survivor", produced++, partitions);
            }
        });
        QTest::qWait(300);
        m_stream.server->kill();
        const QByteArray words = "No broker of " + QByteArray::fromStdString(m_stream.address()) + " answers";
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tell(ProblemKind::BrokerUnreachable, words), onlookers.words().constData(), patience);
        QVERIFY2(m_stream.server->start(), qPrintable(m_stream.server->problem()));
        QTRY_VERIFY2_WITH_TIMEOUT(
            onlookers.tellTheEndOf(ProblemKind::BrokerUnreachable, words), onlookers.words().constData(), 2 * patience);
        producer.request_stop();
        producer.join();
        QVERIFY(m_stream.feeder->flush());
        QTRY_VERIFY_WITH_TIMEOUT(onlookers.haveRead(static_cast<std::size_t>(produced)), 2 * patience);
        QCOMPARE(onlookers.whoMissed(produced, partitions), QString());
    }
};

std::unique_ptr<QObject> weir::test::makeOnlookersTest(RealStream& stream)
{
    return std::make_unique<TestRealOnlookers>(stream);
}

#include "real_onlookers.moc"
