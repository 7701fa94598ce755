// SPDX-License-Identifier: GPL-3.0-or-later
// A window query over a topic gives the rows that an independent computation gives, from a session as the window has
// one and from the command line; and every start and bounded mode reads what it names.
#include "app/engine/event/row_text.h"
#include "app/session/session.h"
#include "tests/app/real/real_stream.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace weir;
using namespace weir::test;

namespace {

constexpr EpochMs firstTime = 1'700'000'000'000;
constexpr int partitions = 4;
constexpr int perPartition = 5000;
constexpr int stepMs = 40;
constexpr int delayMs = 3000; ///< of the watermark, and bound of the disorder

std::string timeText(EpochMs time)
{
    const std::time_t seconds = static_cast<std::time_t>(time / 1000);
    char text[40];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", std::gmtime(&seconds));
    std::snprintf(text + length, sizeof text - length, ".%03d", static_cast<int>(time % 1000));
    return text;
}

/// 1234567 with scale 2 -> "12345.67"
std::string decimalText(std::int64_t unscaled, int scale)
{
    std::int64_t unit = 1;
    for (int i = 0; i < scale; ++i)
        unit *= 10;
    char text[40];
    std::snprintf(text, sizeof text, "%lld.%0*lld", static_cast<long long>(unscaled / unit), scale,
        static_cast<long long>(unscaled % unit));
    return text;
}

struct Order
{
    EpochMs time = 0;
    int customer = 0;
    std::int64_t cents = 0;
    std::string value;
    bool readable = true;
};

/// Order `k` of a partition: in disorder, but less than the delay; now and then a row that Flink's job fails at.
Order orderOf(std::mt19937_64& random, int k)
{
    Order order;
    order.time = firstTime + k * stepMs - static_cast<EpochMs>(random() % delayMs);
    order.customer = static_cast<int>(random() % 23);
    order.cents = static_cast<std::int64_t>(random() % 1'000'000);
    const std::string amount = decimalText(order.cents, 2);
    order.readable = k % 401 != 17;
    const char* const broken[] = {"\"amount\":\"plenty\"", "\"amount\":", "\"amount\":{}"};
    order.value = "{\"customer\":\"c" + std::to_string(order.customer) + "\",\"note\":\"\\u00e9 \\\"quoted\\\"\","
        + (order.readable ? "\"amount\":" + (k % 2 == 0 ? amount : "\"" + amount + "\"") : broken[k % 3]) + ",\"ts\":\""
        + timeText(order.time) + "\"}";
    return order;
}

struct Sums
{
    std::int64_t count = 0;
    std::int64_t cents = 0;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::int64_t most = 0;
};

/// The result's lines by a plain GROUP BY: within the delay no row is late, and at the end of its input every window
/// fires.
QList<QByteArray> expectedLines(const std::vector<Order>& orders)
{
    constexpr EpochMs windowMs = 10'000;
    std::map<std::pair<EpochMs, int>, Sums> groups;
    for (const Order& order : orders) {
        if (!order.readable)
            continue;
        Sums& sums = groups[{order.time / windowMs * windowMs, order.customer}];
        ++sums.count;
        sums.cents += order.cents;
        sums.least = std::min(sums.least, order.cents);
        sums.most = std::max(sums.most, order.cents);
    }
    QList<QByteArray> lines;
    for (const auto& [group, sums] : groups) {
        const std::int64_t millionths = (2 * 10'000 * sums.cents + sums.count) / (2 * sums.count); // half up
        lines.append(QByteArray::fromStdString("{\"window_start\":\"" + timeText(group.first) + "\",\"window_end\":\""
            + timeText(group.first + windowMs) + "\",\"customer\":\"c" + std::to_string(group.second)
            + "\",\"n\":" + std::to_string(sums.count) + ",\"total\":\"" + decimalText(sums.cents, 2) + "\",\"mean\":\""
            + decimalText(millionths, 6) + "\",\"least\":\"" + decimalText(sums.least, 2) + "\",\"most\":\""
            + decimalText(sums.most, 2) + "\"}"));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

QList<QByteArray> linesOf(const ResultBatch& batch)
{
    QList<QByteArray> lines;
    for (std::size_t row = 0; row < batch.rowCount; ++row) {
        std::string line;
        appendJsonRow(line, batch, row);
        lines.append(QByteArray::fromStdString(line));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

} // namespace

class TestRealQueries : public QObject
{
    Q_OBJECT

    RealStream& m_stream;
    std::vector<Order> m_orders;
    std::set<std::string> m_firstUnreadable; ///< "orders/3 offset 17", one of each partition

public:
    explicit TestRealQueries(RealStream& stream) : m_stream(stream) { }

private:
    std::string ordersQuery() const
    {
        return "CREATE TABLE orders (customer STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3),\n"
               "  WATERMARK FOR ts AS ts - INTERVAL '3' SECOND)\n"
               "WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = '"
            + m_stream.address()
            + "',\n  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = "
              "'json');\n"
              "SELECT window_start, window_end, customer, COUNT(*) AS n, SUM(amount) AS total, AVG(amount) AS mean,\n"
              "  MIN(amount) AS least, MAX(amount) AS most\n"
              "FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND))\n"
              "GROUP BY window_start, window_end, customer;\n";
    }

    /// The numbers that a SELECT over the topic "numbers" reads.
    std::vector<int> numbersRead(const std::string& options, Outcome* outcome = nullptr) const
    {
        const Outcome ran = cliSql("CREATE TABLE numbers (n INT) WITH ('connector' = 'kafka', 'topic' = 'numbers', "
                                   "'properties.bootstrap.servers' = '"
                + m_stream.address() + "', 'format' = 'json', " + options + ");\nSELECT n FROM numbers;\n",
            {QStringLiteral("-q")});
        if (outcome)
            *outcome = ran;
        std::vector<int> numbers;
        for (const QJsonObject& row : ran.objects())
            numbers.push_back(row.value(QLatin1String("n")).toInt());
        std::sort(numbers.begin(), numbers.end());
        return numbers;
    }

    bool isFirstUnreadable(const std::string& text) const
    {
        return std::any_of(m_firstUnreadable.begin(), m_firstUnreadable.end(),
            [&text](const std::string& place) { return text.find(place + " byte ") != std::string::npos; });
    }

private slots:
    void initTestCase()
    {
        const bool started = m_stream.start();
        if (!m_stream.skip.isEmpty())
            QSKIP(qPrintable(m_stream.skip));
        QVERIFY(started);
        std::mt19937_64 random(11);
        QVERIFY(m_stream.feeder->createTopic("orders", partitions));
        for (int k = 0; k < perPartition; ++k) {
            for (int partition = 0; partition < partitions; ++partition) {
                Order order = orderOf(random, k);
                Record record;
                record.partition = PartitionId{partition};
                record.timestamp = order.time;
                record.value = order.value;
                m_stream.feeder->produce("orders", record);
                if (!order.readable && k < 401)
                    m_firstUnreadable.insert("orders/" + std::to_string(partition) + " offset " + std::to_string(k));
                m_orders.push_back(std::move(order));
            }
        }
        QVERIFY(m_stream.feeder->createTopic("numbers", 3));
        produceNumbers(0, 300);
        QVERIFY(m_stream.feeder->consumeAndCommit("starter", "numbers", 300));
        produceNumbers(300, 360);
    }

    void produceNumbers(int from, int to)
    {
        for (int n = from; n < to; ++n) {
            const std::string value = "{\"n\":" + std::to_string(n) + "}";
            Record record;
            record.partition = PartitionId{n % 3};
            record.timestamp = firstTime + 1000 * n;
            record.value = value;
            m_stream.feeder->produce("numbers", record);
        }
        QVERIFY(m_stream.feeder->flush());
    }

    void aSessionGivesTheRowsOfAPlainComputation_data()
    {
        QTest::addColumn<int>("workers");
        QTest::newRow("one worker") << 1;
        QTest::newRow("four workers") << 4;
    }

    void aSessionGivesTheRowsOfAPlainComputation()
    {
        QFETCH(int, workers);
        SessionSettings settings;
        settings.bootstrapServers = m_stream.address();
        const auto session =
            Session::open(settings, std::make_shared<MemoryBudget>(std::size_t{256} << 20), SystemClock::instance());
        QVERIFY(session.ok());
        const sql::Script script = sql::compileScript(ordersQuery());
        QVERIFY2(script.ok(), script.ok() ? "" : sql::describe(script.diagnostics.front()).c_str());
        QueryOptions options;
        options.workers = workers;
        options.onDecodeError = OnDecodeError::KeepGoing;
        auto run = (*session)->runQuery(script.queries.front(), nullptr, options);
        QVERIFY2(run.ok(), run ? "" : run.error().text().c_str());
        QVERIFY((*run)->wait(std::chrono::seconds(60)));
        const auto snapshot = (*run)->snapshot();
        QVERIFY(snapshot->phase == QueryPhase::Finished);
        QCOMPARE(snapshot->counters.rowsIn, std::uint64_t(partitions * perPartition));
        QCOMPARE(snapshot->counters.lateDropped, std::uint64_t(0));
        const auto unreadable =
            std::count_if(m_orders.begin(), m_orders.end(), [](const Order& order) { return !order.readable; });
        QCOMPARE(snapshot->counters.decodeErrors, static_cast<std::uint64_t>(unreadable));
        QVERIFY(snapshot->firstFlinkFailure.has_value());
        QVERIFY2(isFirstUnreadable(snapshot->firstFlinkFailure->text()), snapshot->firstFlinkFailure->text().c_str());
        QCOMPARE(linesOf(*snapshot->rows), expectedLines(m_orders));
    }

    void theCommandLineGivesTheSame()
    {
        const Outcome kept = cliSql(ordersQuery(), {QStringLiteral("--keep-going")});
        QCOMPARE(kept.code, 3);
        QList<QByteArray> lines = kept.lines();
        std::sort(lines.begin(), lines.end());
        QCOMPARE(lines, expectedLines(m_orders));
        QVERIFY2(kept.err.contains("rows in 20,000, decode errors 52, filtered 0, late dropped 0"), kept.err);
        QVERIFY2(isFirstUnreadable(kept.err.toStdString()), kept.err);
    }

    void withoutKeepingOnItStopsAtTheFirstUnreadableRow()
    {
        const Outcome stopped = cliSql(ordersQuery());
        QCOMPARE(stopped.code, 1);
        QVERIFY2(isFirstUnreadable(stopped.err.toStdString()), stopped.err);
    }

    void modes_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("end");
        const QString toEnd = QStringLiteral("'scan.bounded.mode' = 'latest-offset'");
        const QString fromStart = QStringLiteral("'scan.startup.mode' = 'earliest-offset', ");
        const QString group = QStringLiteral("'properties.group.id' = 'starter'");
        QTest::newRow("earliest") << fromStart + toEnd << 0 << 360;
        QTest::newRow("latest") << "'scan.startup.mode' = 'latest-offset', " + toEnd << 0 << 0;
        QTest::newRow("group") << "'scan.startup.mode' = 'group-offsets', " + group + ", " + toEnd << 300 << 360;
        QTest::newRow("group, as is the default") << group + ", " + toEnd << 300 << 360;
        QTest::newRow("group without commits, earliest")
            << "'properties.group.id' = 'nobody', 'properties.auto.offset.reset' = 'earliest', " + toEnd << 0 << 360;
        QTest::newRow("group without commits, latest")
            << "'properties.group.id' = 'nobody', 'properties.auto.offset.reset' = 'latest', " + toEnd << 0 << 0;
        QTest::newRow("timestamp")
            << "'scan.startup.mode' = 'timestamp', 'scan.startup.timestamp-millis' = '1700000299500', " + toEnd << 300
            << 360;
        QTest::newRow("timestamp behind all")
            << "'scan.startup.mode' = 'timestamp', 'scan.startup.timestamp-millis' = '1800000000000', " + toEnd << 0
            << 0;
        QTest::newRow("specific offsets")
            << "'scan.startup.mode' = 'specific-offsets', 'scan.startup.specific-offsets' = "
               "'partition:0,offset:110;partition:1,offset:110;partition:2,offset:110', "
                + toEnd
            << 330 << 360;
        QTest::newRow("specific offsets, the rest from the group")
            << "'scan.startup.mode' = 'specific-offsets', 'scan.startup.specific-offsets' = "
               "'partition:0,offset:100;partition:2,offset:100', "
                + group + ", " + toEnd
            << 300 << 360;
        QTest::newRow("until a timestamp")
            << fromStart + "'scan.bounded.mode' = 'timestamp', 'scan.bounded.timestamp-millis' = '1700000300000'" << 0
            << 300;
        QTest::newRow("until specific offsets") << fromStart
                + "'scan.bounded.mode' = 'specific-offsets', 'scan.bounded.specific-offsets' = "
                  "'partition:0,offset:10;partition:1,offset:10;partition:2,offset:10'"
                                                << 0 << 30;
        QTest::newRow("until what the group has committed")
            << fromStart + "'scan.bounded.mode' = 'group-offsets', " + group << 0 << 300;
    }

    void modes()
    {
        QFETCH(QString, options);
        QFETCH(int, first);
        QFETCH(int, end);
        std::vector<int> expected(static_cast<std::size_t>(end - first));
        std::iota(expected.begin(), expected.end(), first);
        Outcome outcome;
        const std::vector<int> numbers = numbersRead(options.toStdString(), &outcome);
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(numbers, expected);
    }

    /// As in Flink, a partition that the list does not name is not read at all.
    void partitionsThatABoundLeavesOutAreNotRead()
    {
        const std::vector<int> numbers = numbersRead("'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = "
                                                     "'specific-offsets', 'scan.bounded.specific-offsets' = "
                                                     "'partition:1,offset:3'");
        QCOMPARE(numbers, (std::vector<int>{1, 4, 7}));
    }

    void aGroupWithoutCommitsAndWithoutAResetPolicyIsAnError()
    {
        Outcome outcome;
        numbersRead("'properties.group.id' = 'nobody', 'scan.bounded.mode' = 'latest-offset'", &outcome);
        QCOMPARE(outcome.code, 1);
        QVERIFY2(
            outcome.err.contains("Undefined offset with no reset policy for partitions: [numbers-0]"), outcome.err);
    }
};

std::unique_ptr<QObject> weir::test::makeQueriesTest(RealStream& stream)
{
    return std::make_unique<TestRealQueries>(stream);
}

#include "real_queries.moc"
