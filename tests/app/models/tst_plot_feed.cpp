// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"
#include "app/models/cell_text.h"
#include "app/models/plot_feed.h"
#include "tests/support/columns.h"

#include <QTest>

#include <cmath>
#include <map>
#include <random>

using namespace weir;

namespace {

constexpr std::int64_t second = 1000;

const std::string table = R"(CREATE TABLE orders (
  region STRING, shard INT, amount DECIMAL(10, 2), created_at TIMESTAMP(3),
  WATERMARK FOR created_at AS created_at - INTERVAL '1' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'b:1', 'format' = 'json',
  'scan.startup.mode' = 'earliest-offset');
)";

sql::QueryPlan planOf(const std::string& select)
{
    const sql::Script script = sql::compileScript(table + select);
    for (const sql::Diagnostic& diagnostic : script.diagnostics)
        qWarning("%s", sql::describe(diagnostic).c_str());
    return script.queries.empty() ? sql::QueryPlan() : script.queries.back();
}

QStringList namesOf(const sql::QueryPlan& plan, const std::vector<int>& columns)
{
    QStringList names;
    for (const int column : columns)
        names.append(QString::fromStdString(plan.root->schema[std::size_t(column)].name));
    return names;
}

const std::string tumble = " FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(created_at), INTERVAL '10' SECOND)) ";

struct Row
{
    std::int64_t time = 0;
    QString key;
    std::optional<std::int64_t> value;
};

std::shared_ptr<const ResultBatch> batchOf(const std::vector<Row>& rows)
{
    std::vector<std::optional<Timestamp>> times;
    std::vector<std::optional<std::string>> keys;
    std::vector<std::optional<std::int64_t>> values;
    for (const Row& row : rows) {
        times.push_back(Timestamp{row.time, 0});
        keys.push_back(row.key.toStdString());
        values.push_back(row.value);
    }
    auto batch = std::make_shared<ResultBatch>();
    batch->columns = {
        columnOf(types::timestamp(3), times), columnOf(types::string(), keys), columnOf(types::bigInt(), values)};
    batch->rowCount = rows.size();
    return batch;
}

const QueryPlotColumns plain{0, 2, {1}, {2}};

} // namespace

class TestPlotFeed : public QObject
{
    Q_OBJECT
private slots:
    void keysAndValuesOfAPlan_data()
    {
        QTest::addColumn<QString>("select");
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QStringList>("keys");
        const QString group = " GROUP BY window_start, window_end, region";
        QTest::newRow("text key") << "SELECT window_start, region, COUNT(*) AS n, SUM(amount) AS s%1" + group << ""
                                  << "s" << QStringList{"region"};
        QTest::newRow("wanted") << "SELECT window_start, region, COUNT(*) AS n, SUM(amount) AS s%1" + group << "n"
                                << "n" << QStringList{"region"};
        QTest::newRow("unknown wanted") << "SELECT window_start, region, COUNT(*) AS n%1" + group << "gone"
                                        << "n" << QStringList{"region"};
        QTest::newRow("a number is a key too")
            << "SELECT window_start, shard, region, AVG(amount) AS a%1" + group + ", shard"
            << ""
            << "a" << QStringList{"shard", "region"};
        QTest::newRow("what is made of a key")
            << "SELECT window_start, UPPER(region) AS r, COUNT(*) AS n%1" + group << ""
            << "n" << QStringList{"r"};
        QTest::newRow("a text that is no key")
            << "SELECT window_start, region, MAX(region) AS m, COUNT(*) AS n%1" + group << ""
            << "n" << QStringList{"region"};
        QTest::newRow("no key") << "SELECT window_start, COUNT(*) AS n%1 GROUP BY window_start, window_end"
                                << ""
                                << "n" << QStringList{};
    }
    void keysAndValuesOfAPlan()
    {
        QFETCH(QString, select);
        QFETCH(QString, wanted);
        QFETCH(QString, value);
        QFETCH(QStringList, keys);
        const sql::QueryPlan plan = planOf(select.arg(QString::fromStdString(tumble)).toStdString() + ";");
        QVERIFY(plan.root);
        const QueryPlotColumns columns = plotColumns(plan, wanted);
        QCOMPARE(namesOf(plan, {columns.value}), QStringList{value});
        QCOMPARE(namesOf(plan, columns.keys), keys);
    }

    void withoutAWindowNothingIsDrawn()
    {
        const sql::QueryPlan plan = planOf("SELECT region, amount FROM orders;");
        QVERIFY(plan.root);
        QCOMPARE(plotColumns(plan, {}).value, -1);
        QVERIFY(queryPlot(QuerySnapshot(), plotColumns(plan, {}), plots::Kind::Step).series.empty());
    }

    void curvesAgainstTheSlowWay()
    {
        std::mt19937 random(5);
        for (int round = 0; round < 50; ++round) {
            std::vector<Row> rows;
            std::map<QString, std::map<std::int64_t, double>> naive;
            for (int i = 0; i < 60; ++i) {
                Row row{std::int64_t(random() % 12) * 10 * second, QString(QChar('a' + int(random() % 6))),
                    int(random() % 100)};
                if (naive[row.key].contains(row.time))
                    continue; // one row per window and key
                if (random() % 10 == 0)
                    row.value.reset();
                else
                    naive[row.key][row.time] = double(*row.value);
                rows.push_back(row);
            }
            std::erase_if(naive, [](const auto& one) { return one.second.empty(); });
            QuerySnapshot snapshot;
            snapshot.rows = batchOf(rows);
            const plots::PlotData data = queryPlot(snapshot, plain, plots::Kind::Step);
            QCOMPARE(data.series.size(), naive.size());
            for (const plots::PlotSeries& series : data.series) {
                std::map<std::int64_t, double> drawn;
                for (const plots::Sample& sample : series.samples)
                    drawn[sample.timeMs] = sample.value;
                QVERIFY(drawn == naive[series.name]);
            }
        }
    }

    void openWindowsAreProvisional()
    {
        QuerySnapshot snapshot;
        snapshot.rows = batchOf({{0, "a", 1}, {10 * second, "a", 2}});
        snapshot.provisional = batchOf({{20 * second, "a", 1}});
        const plots::PlotData data = queryPlot(snapshot, plain, plots::Kind::Bars);
        QCOMPARE(data.provisionalFromMs, std::optional<std::int64_t>(20 * second));
        QCOMPARE(data.series.front().samples.size(), std::size_t{3});
        QCOMPARE(data.binMs, 10 * second);
        QCOMPARE(data.range.endMs, 30 * second);
        snapshot.provisional = batchOf({});
        QVERIFY(!queryPlot(snapshot, plain, plots::Kind::Bars).provisionalFromMs);
    }

    void manyKeysBecomeOthers()
    {
        std::vector<Row> rows;
        double total = 0;
        for (int key = 0; key < 40; ++key) {
            rows.push_back({0, QString("k%1").arg(key, 2, 10, QChar('0')), key + 1});
            total += key + 1;
        }
        QuerySnapshot snapshot;
        snapshot.rows = batchOf(rows);
        const plots::PlotData data = queryPlot(snapshot, plain, plots::Kind::Bars);
        QCOMPARE(data.series.size(), std::size_t{10});
        QCOMPARE(data.series.back().name, QString("others (31)"));
        double drawn = 0;
        for (const plots::PlotSeries& series : data.series)
            drawn += series.samples.front().value;
        QCOMPARE(drawn, total); // nothing is left out
    }

    void largestSeriesKeepTheirOrder()
    {
        std::vector<plots::PlotSeries> all;
        for (int i = 0; i < 5; ++i)
            all.push_back({QString(QChar('a' + i)), {{0, double(i == 2 ? 100 : i)}, {1000, std::nan("")}}});
        QCOMPARE(largestOf(all, 5).size(), std::size_t{5});
        const auto some = largestOf(all, 3);
        QCOMPARE(some.size(), std::size_t{3});
        QCOMPARE(some[0].name, QString("c"));
        QCOMPARE(some[1].name, QString("e"));
        QCOMPARE(some[2].name, QString("others (3)"));
        QCOMPARE(some[2].samples.front().value, 0.0 + 1.0 + 3.0);
    }

    void linesBreakWhereNothingWasSeen()
    {
        Series series({1000, 4, 4096});
        for (std::int64_t time = 0; time < 20; ++time)
            series.add(time * second, 5);
        for (std::int64_t time = 60; time < 80; ++time)
            series.add(time * second, 7);
        const auto samples = samplesOf(series.snapshot(), {0, 100 * second}, 200);
        const auto gaps = std::count_if(
            samples.begin(), samples.end(), [](const plots::Sample& sample) { return std::isnan(sample.value); });
        QCOMPARE(gaps, 1);
        QCOMPARE(samples.back().timeMs, 79 * second); // it ends where data ended
        QVERIFY(samplesOf(nullptr, {0, 1}, 10).empty());
    }

    void heatMapTakesTheColumnsInRange()
    {
        LatencyTracker tracker(1000);
        for (std::int64_t time = 0; time < 30; ++time)
            tracker.add(time * second + 5, 50);
        const plots::HeatMapData data = heatMapOf(tracker.snapshot(), {10 * second, 20 * second});
        QCOMPARE(data.columnMs, second);
        QCOMPARE(data.columns.size(), std::size_t{12}); // those that touch the edges too
        QCOMPARE(data.bucketBounds.size(), LatencyDistribution::buckets + 1);
        QVERIFY(heatMapOf(nullptr, {0, 1}).columns.empty());
    }
};

QTEST_APPLESS_MAIN(TestPlotFeed)
#include "tst_plot_feed.moc"
