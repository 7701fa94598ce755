// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"

#include <QTest>

#include <functional>
#include <set>

using namespace weir;

namespace {

const std::string tables = R"(
CREATE TABLE t (id BIGINT, k STRING, qty INT, price DOUBLE, unused STRING, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
CREATE TABLE r (id BIGINT, k STRING, n BIGINT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = '/y', 'format' = 'json');
)";

const std::string tumble = "TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))";
const std::string grouped = " GROUP BY window_start, window_end";
const std::string tumbleR = "TABLE(TUMBLE(TABLE r, DESCRIPTOR(ts), INTERVAL '10' SECOND))";

std::string problems(const sql::Script& script)
{
    std::string text;
    for (const sql::Diagnostic& diagnostic : script.diagnostics)
        text += describe(diagnostic) + "\n";
    return text;
}

/// Lines of describe() without their indentation, joined by " < ".
std::string shapeOf(const sql::QueryPlan& plan)
{
    std::string shape;
    bool begin = true;
    for (const char c : describe(plan)) {
        if (begin && c == ' ')
            continue;
        if (begin && !shape.empty())
            shape += " < ";
        begin = c == '\n';
        if (!begin)
            shape += c;
    }
    return shape;
}

void forEachNode(const sql::PlanNode& node, const std::function<void(const sql::PlanNode&)>& visit)
{
    visit(node);
    for (const sql::PlanPtr& input : sql::inputsOf(node))
        forEachNode(*input, visit);
}

/// Every column number of a plan lies in its input, and every schema has the columns that its step gives.
struct WellFormed
{
    const sql::PlanNode& node;

    static std::size_t width(const sql::PlanPtr& input) { return input->schema.size(); }
    static void reads(const sql::ExpressionPtr& expression, std::size_t columns)
    {
        if (!expression)
            return;
        if (expression->kind == sql::Expression::Kind::Column)
            QVERIFY(expression->column < columns);
        for (const sql::ExpressionPtr& argument : expression->arguments)
            reads(argument, columns);
    }
    static void reads(const std::vector<sql::AggregateCall>& calls, std::size_t columns)
    {
        for (const sql::AggregateCall& call : calls) {
            reads(call.argument, columns);
            reads(call.filter, columns);
        }
    }
    void bounds(const sql::WindowColumns& window, const sql::PlanPtr& input) const
    {
        QVERIFY(window.start < width(input) && window.end < width(input) && window.start != window.end);
        QCOMPARE(input->schema[window.start].type.text(), std::string("TIMESTAMP(3) NOT NULL"));
        QCOMPARE(input->schema[window.end].type.text(), std::string("TIMESTAMP(3) NOT NULL"));
        QVERIFY(!window.time || *window.time < width(input));
    }
    void has(std::size_t columns) const { QCOMPARE(node.schema.size(), columns); }

    void operator()(const sql::ScanNode& scan) const
    {
        has(scan.columns.size());
        reads(scan.watermark, scan.columns.size());
        for (std::size_t i = 0; i < scan.columns.size(); ++i)
            QCOMPARE(node.schema[i].name, scan.table->columns[scan.columns[i]].name);
    }
    void operator()(const sql::FilterNode& filter) const
    {
        has(width(filter.input));
        reads(filter.predicate, width(filter.input));
    }
    void operator()(const sql::WindowNode& window) const
    {
        has(width(window.input) + 3);
        QVERIFY(window.input->schema.at(window.timeColumn).type.isTimestamp());
    }
    void operator()(const sql::WindowAggregateNode& aggregate) const
    {
        has(3 + aggregate.keys.size() + aggregate.calls.size() + (aggregate.groupingSets.empty() ? 0 : 1));
        bounds(aggregate.window, aggregate.input);
        reads(aggregate.calls, width(aggregate.input));
        for (const sql::ExpressionPtr& key : aggregate.keys)
            reads(key, width(aggregate.input));
    }
    void operator()(const sql::GroupAggregateNode& aggregate) const
    {
        has(aggregate.keys.size() + aggregate.calls.size());
        reads(aggregate.calls, width(aggregate.input));
        for (const sql::ExpressionPtr& key : aggregate.keys)
            reads(key, width(aggregate.input));
    }
    void operator()(const sql::WindowTopNNode& top) const
    {
        has(width(top.input) + 1);
        bounds(top.window, top.input);
        for (const sql::SortKey& key : top.order)
            QVERIFY(key.column < width(top.input));
    }
    void operator()(const sql::WindowJoinNode& join) const
    {
        bounds(join.leftWindow, join.left);
        bounds(join.rightWindow, join.right);
        joined(join);
    }
    void operator()(const sql::IntervalJoinNode& join) const
    {
        QVERIFY(join.left->schema.at(join.leftTime).type.isTimestamp());
        QVERIFY(join.right->schema.at(join.rightTime).type.isTimestamp());
        QVERIFY(!join.keys.empty());
        joined(join);
    }
    template <typename Join>
    void joined(const Join& join) const
    {
        const bool both = join.kind != sql::JoinKind::Semi && join.kind != sql::JoinKind::Anti;
        has(width(join.left) + (both ? width(join.right) : 0));
        reads(join.condition, width(join.left) + width(join.right));
        for (const sql::JoinKey& key : join.keys)
            QVERIFY(key.left < width(join.left) && key.right < width(join.right));
    }
    void operator()(const sql::OverNode& over) const
    {
        has(width(over.input) + over.calls.size());
        QVERIFY(over.input->schema.at(over.timeColumn).type.isTimestamp());
        reads(over.calls, width(over.input));
    }
    void operator()(const sql::ProjectNode& project) const
    {
        has(project.expressions.size());
        for (const sql::ExpressionPtr& expression : project.expressions)
            reads(expression, width(project.input));
    }
};

sql::QueryPlan planOf(const std::string& query)
{
    const sql::Script script = sql::compileScript(tables + query);
    if (!script.ok() || script.queries.size() != 1) {
        qWarning("%s: %s", query.c_str(), problems(script).c_str());
        return {};
    }
    return script.queries[0];
}

} // namespace

class TestSqlPlans : public QObject
{
    Q_OBJECT

private slots:
    void shapes_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("shape");
        const auto row = [](const char* name, const std::string& query, const std::string& shape) {
            QTest::newRow(name) << QString::fromStdString(query) << QString::fromStdString(shape);
        };
        row("filter below the window", "SELECT window_start, COUNT(*) AS n FROM " + tumble + " WHERE qty > 1" + grouped,
            "Project [$0, $3] < WindowAggregate keys [] calls [COUNT(*)] < Tumble $1 size 10000 offset 0 < Filter "
            "Greater($0, 1):BOOLEAN < Scan t [qty, ts] watermark $1");
        row("filter on the window", "SELECT COUNT(*) AS n FROM " + tumble + " WHERE window_start IS NOT NULL" + grouped,
            "Project [$3] < WindowAggregate keys [] calls [COUNT(*)] < Filter IsNotNull($1):BOOLEAN NOT NULL < Tumble "
            "$0 "
            "size 10000 offset 0 < Scan t [ts] watermark $0");
        row("unused aggregates are not computed",
            "SELECT n FROM (SELECT window_start, window_end, COUNT(*) AS n, SUM(price) AS s FROM " + tumble + grouped
                + ")",
            "Project [$3] < WindowAggregate keys [] calls [COUNT(*)] < Tumble $0 size 10000 offset 0 < Scan t [ts] "
            "watermark $0");
        row("two levels of windows",
            "SELECT window_start, window_end, MAX(n) AS m FROM (SELECT window_start, window_end, k, COUNT(*) AS n FROM "
                + tumble + grouped + ", k)" + grouped,
            "Project [$0, $1, $3] < WindowAggregate keys [] calls [MAX($4)] < WindowAggregate keys [$0] calls "
            "[COUNT(*)] "
            "< Tumble $1 size 10000 offset 0 < Scan t [k, ts] watermark $1");
        row("Top-N",
            "SELECT id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, k ORDER BY qty DESC) "
            "AS "
            "rn FROM "
                + tumble + ") WHERE rn <= 2",
            "Project [$0] < WindowTopN by [$1] order [$2 DESC] rows 1 to 2 < Tumble $3 size 10000 offset 0 < Scan t "
            "[id, "
            "k, qty, ts] watermark $3");
        row("deduplication",
            "SELECT id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY ts DESC) AS "
            "rn "
            "FROM "
                + tumble + ") WHERE 1 = rn",
            "Project [$0] < WindowDeduplicate by [] order [$1 DESC] rows 1 to 1 < Tumble $1 size 10000 offset 0 < Scan "
            "t "
            "[id, ts] watermark $1");
        row("interval join",
            "SELECT t.id, n FROM t LEFT JOIN r ON t.qty = r.id AND t.ts - INTERVAL '1' SECOND <= r.ts AND r.ts < t.ts "
            "AND "
            "n > 3",
            "Project [$0, $4] < IntervalJoin Left keys [$1 = $0] within -1000 to -1 < Scan t [id, qty, ts] watermark "
            "$2 "
            "< Filter Greater($1, 3):BOOLEAN < Scan r [id, n, ts] watermark $2");
        row("OVER", "SELECT id, SUM(qty) OVER (PARTITION BY k ORDER BY ts ROWS 2 PRECEDING) AS s FROM t",
            "Project [$0, $4] < Over by [$1] time $3 rows 2 calls [SUM($2)] < Scan t [id, k, qty, ts] watermark $3");
        row("updating aggregation", "SELECT k, COUNT(*) AS n FROM t GROUP BY k",
            "Project [$0, $1] < GroupAggregate keys [$0] calls [COUNT(*)] < Scan t [k, ts] watermark $1");
        row("SELECT DISTINCT of a window", "SELECT DISTINCT window_end, window_start FROM " + tumble,
            "Project [$1, $0] < WindowAggregate keys [] calls [] < Tumble $0 size 10000 offset 0 < Scan t [ts] "
            "watermark "
            "$0");
    }

    void shapes()
    {
        QFETCH(QString, query);
        QFETCH(QString, shape);
        const sql::QueryPlan plan = planOf(query.toStdString());
        QVERIFY(plan.root);
        forEachNode(*plan.root, [](const sql::PlanNode& node) { std::visit(WellFormed{node}, node.step); });
        QCOMPARE(QString::fromStdString(shapeOf(plan)), shape);
    }

    void wellFormed_data()
    {
        QTest::addColumn<QString>("query");
        const std::string left = "(SELECT * FROM " + tumble + ") L";
        const std::string right = "(SELECT * FROM " + tumbleR + ") R";
        const std::string both = " L.window_start = R.window_start AND L.window_end = R.window_end";
        for (const char* kind : {"JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"}) {
            QTest::newRow(kind) << QString::fromStdString("SELECT L.id, R.n FROM " + left + " " + kind + " " + right
                + " ON UPPER(L.k) = R.k AND L.qty < R.n AND" + both + " WHERE L.id > 3");
        }
        QTest::newRow("NOT IN") << QString::fromStdString(
            "SELECT id FROM " + left + " WHERE id NOT IN (SELECT n FROM " + right + " WHERE" + both + ")");
        QTest::newRow("EXISTS") << QString::fromStdString("SELECT id FROM " + left + " WHERE EXISTS (SELECT 1 FROM "
            + right + " WHERE L.k = R.k AND R.n > 2 AND" + both + ") AND qty > 1");
        QTest::newRow("sets") << QString::fromStdString(
            "SELECT k, GROUPING_ID(qty, k) AS g, COUNT(*) AS n, SUM(price) AS "
            "s FROM "
            + tumble + " GROUP BY window_start, window_end, CUBE (k, qty)");
        QTest::newRow("Top-N by expressions")
            << QString::fromStdString("SELECT id, rn * 2 AS r2 FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY "
                                      "window_start, window_end, UPPER(k) "
                                      "ORDER BY qty + 1, id DESC) AS rn FROM "
                   + tumble + ") WHERE rn <= 2 AND id > 2");
        QTest::newRow("OVER by expressions")
            << "SELECT id, 1 + AVG(qty * 2) OVER (PARTITION BY UPPER(k) ORDER BY ts) AS s "
               "FROM t WHERE price > 2";
        QTest::newRow("no key") << "SELECT t.id FROM t JOIN r ON r.ts BETWEEN t.ts AND t.ts + INTERVAL '1' MINUTE";
        QTest::newRow("views") << QString::fromStdString(
            "CREATE VIEW v AS SELECT window_start AS s, window_end AS e, k, COUNT(*) AS n FROM " + tumble
            + " GROUP BY window_start, window_end, k; SELECT a.n, b.n AS bn FROM v a JOIN v b ON a.s = b.s AND a.e = "
              "b.e "
              "AND a.k = b.k");
    }

    void wellFormed()
    {
        QFETCH(QString, query);
        const sql::QueryPlan plan = planOf(query.toStdString());
        QVERIFY(plan.root);
        forEachNode(*plan.root, [](const sql::PlanNode& node) { std::visit(WellFormed{node}, node.step); });
        QVERIFY(!describe(plan).empty());
    }

    /// A table that is named twice is read once.
    void oneScanForEachTable()
    {
        const sql::QueryPlan plan = planOf("WITH w AS (SELECT window_start, window_end, k, id FROM " + tumble
            + ") SELECT a.id, b.k FROM w a JOIN w b ON a.window_start = b.window_start AND a.window_end = "
              "b.window_end");
        QVERIFY(plan.root);
        std::set<const sql::PlanNode*> scans;
        forEachNode(*plan.root, [&](const sql::PlanNode& node) {
            if (std::holds_alternative<sql::ScanNode>(node.step))
                scans.insert(&node);
        });
        QCOMPARE(scans.size(), std::size_t{1});
        QCOMPARE((*scans.begin())->schema.size(), std::size_t{3}); // id, k, ts
    }

    void anInnerJoinTakesItsConditionsFromWhere()
    {
        const sql::QueryPlan plan = planOf("SELECT t.id FROM t, r WHERE t.k = r.k AND t.ts = r.ts AND t.qty > 3");
        QVERIFY(plan.root);
        const std::string shape = shapeOf(plan);
        QVERIFY2(shape.find("IntervalJoin Inner keys [$1 = $0] within 0 to 0") != std::string::npos, shape.c_str());
        QVERIFY2(shape.find("< Filter Greater($2, 3):BOOLEAN < Scan t") != std::string::npos, shape.c_str());
    }

    void timesOfARow()
    {
        const sql::QueryPlan plan =
            planOf("SELECT window_end AS e, k, window_start FROM " + tumble + " GROUP BY window_start, window_end, k");
        QCOMPARE(plan.windowEndColumn, 0);
        QCOMPARE(plan.windowStartColumn, 2);
    }

    /// Views that name views twice are short to write: the work is bounded.
    void viewsThatDouble()
    {
        std::string script = tables + "CREATE VIEW v0 AS SELECT * FROM " + tumble + ";\n";
        for (int i = 1; i < 60; ++i) {
            const std::string before = "v" + std::to_string(i - 1);
            script += "CREATE VIEW v" + std::to_string(i) + " AS SELECT a.window_start, a.window_end FROM " + before
                + " a JOIN " + before + " b ON a.window_start = b.window_start AND a.window_end = b.window_end;\n";
        }
        const sql::Script compiled = sql::compileScript(script);
        QVERIFY(!compiled.ok());
        QVERIFY2(problems(compiled).find("more than 500") != std::string::npos, problems(compiled).c_str());
    }
};

QTEST_GUILESS_MAIN(TestSqlPlans)
#include "tst_sql_plans.moc"
