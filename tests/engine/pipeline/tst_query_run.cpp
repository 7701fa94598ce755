// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/row_text.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/scan_program.h"
#include "app/engine/sql/script.h"
#include "tests/support/fake_source.h"
#include "tests/support/manual_clock.h"

#include <QTest>

#include <atomic>
#include <functional>
#include <thread>

using namespace weir;

namespace {

const std::string windowQuery =
    "SELECT window_start, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY "
    "window_start, window_end, k;";

sql::QueryPlan planOf(const std::string& query, const std::string& options = {})
{
    const sql::Script script = sql::compileScript(
        "CREATE TABLE t (k STRING, v INT, t BIGINT, ts AS TO_TIMESTAMP_LTZ(t, 3), WATERMARK FOR ts AS ts) WITH "
        "('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'localhost:1', 'scan.startup.mode' = "
        "'earliest-offset', 'format' = 'json'"
        + options + ");\n" + query);
    if (script.queries.empty())
        qFatal("%s", script.diagnostics.empty() ? "no query" : describe(script.diagnostics[0]).c_str());
    return script.queries[0];
}

std::string json(const std::string& key, int value, std::int64_t time)
{
    return "{\"k\":\"" + key + "\",\"v\":" + std::to_string(value) + ",\"t\":" + std::to_string(time) + "}";
}

RecordBatchPtr batch(int partition, const std::vector<std::string>& values, std::int64_t offset = 0)
{
    std::vector<FakeRecord> records;
    for (const std::string& value : values)
        records.push_back({offset++, value, 0});
    return fakeBatch("t", {partition}, records);
}

/// A run over one fake source.
struct Running
{
    FakeSource* source = nullptr; ///< lives as long as the run reads it
    std::unique_ptr<QueryRun> run;

    static Running start(const sql::QueryPlan& plan, std::unique_ptr<FakeSource> fake, QueryOptions options = {},
        ResultSink sink = {}, std::shared_ptr<MemoryBudget> budget = nullptr)
    {
        Running running;
        running.source = fake.get();
        std::vector<std::unique_ptr<Source>> sources;
        sources.push_back(std::move(fake));
        auto started = QueryRun::start(
            plan, [&](const sql::TableDefinition&) { return std::move(sources); }, std::move(sink), std::move(budget),
            options);
        if (!started)
            qFatal("%s", started.error().text().c_str());
        running.run = std::move(*started);
        return running;
    }

    std::shared_ptr<const QuerySnapshot> finish()
    {
        if (!run->wait(std::chrono::seconds(10)))
            qFatal("the run does not end");
        return run->snapshot();
    }

    bool until(const std::function<bool(const QuerySnapshot&)>& condition) const
    {
        for (int i = 0; i < 500; ++i) {
            if (condition(*run->snapshot()))
                return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
};

std::vector<std::string> rowsOf(const ResultBatch& result)
{
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < result.rowCount; ++row)
        appendJsonRow(rows.emplace_back(), result, row);
    return rows;
}

std::unique_ptr<FakeSource> scripted(const std::vector<std::vector<RecordBatchPtr>>& polls, bool bounded = true)
{
    auto source = std::make_unique<FakeSource>("t", std::vector<PartitionId>{{0}}, bounded);
    for (const auto& poll : polls)
        source->addPoll(poll);
    return source;
}

} // namespace

class TestQueryRun : public QObject
{
    Q_OBJECT
private slots:
    void cleanupTestCase() { QVERIFY(Reaper::instance().drain(std::chrono::seconds(5))); }

    void stopsWhereFlinkWouldFail()
    {
        Running running = Running::start(planOf(windowQuery),
            scripted({{batch(0, {json("a", 1, 1000), json("a", 1, 2500)})},
                {batch(0, {json("a", 1, 2600), "{\"k\":\"b\",\"v\":oops}"}, 2)}, {batch(0, {json("a", 1, 9000)}, 4)}}));
        const auto snapshot = running.finish();
        QCOMPARE(int(snapshot->phase), int(QueryPhase::Failed));
        const std::string text = snapshot->failure->text();
        QVERIFY2(text.find("t/0 offset 3 byte ") == 0, text.c_str());
        QCOMPARE(snapshot->counters.rowsOut, std::uint64_t(1)); // the window that had fired before
    }

    void keepsGoingAndNamesTheFirst()
    {
        QueryOptions options;
        options.onDecodeError = OnDecodeError::KeepGoing;
        Running running = Running::start(planOf(windowQuery),
            scripted({{batch(0, {json("a", 1, 1000), "no json"})},
                {batch(0, {"{\"k\":", json("a", 1, 1500), "{\"k\":\"x\",\"v\":1}"}, 2)}}),
            options);
        const auto snapshot = running.finish();
        QCOMPARE(int(snapshot->phase), int(QueryPhase::Finished));
        QVERIFY(snapshot->firstFlinkFailure.has_value());
        QVERIFY(snapshot->firstFlinkFailure->text().find("t/0 offset 1 byte ") == 0);
        QCOMPARE(snapshot->counters.decodeErrors, std::uint64_t(3)); // two malformed, one without a time
        QCOMPARE(snapshot->counters.rowsIn, std::uint64_t(5));
        QCOMPARE(rowsOf(*snapshot->rows),
            std::vector<std::string>{R"({"window_start":"1970-01-01 00:00:01.000","k":"a","n":2})"});
    }

    void ignoredParseErrorsNeverFail()
    {
        Running running = Running::start(planOf(windowQuery, ", 'json.ignore-parse-errors' = 'true'"),
            scripted({{batch(0, {json("a", 1, 1000), "no json"})}}));
        const auto snapshot = running.finish();
        QCOMPARE(int(snapshot->phase), int(QueryPhase::Finished));
        QCOMPARE(snapshot->counters.decodeErrors, std::uint64_t(1));
        QVERIFY(!snapshot->firstFlinkFailure);
    }

    void aNullTimeFails()
    {
        Running running =
            Running::start(planOf(windowQuery), scripted({{batch(0, {json("a", 1, 1000), "{\"k\":\"x\"}"})}}));
        const auto snapshot = running.finish();
        QCOMPARE(int(snapshot->phase), int(QueryPhase::Failed));
        QVERIFY(snapshot->failure->text().find("t/0 offset 1: RowTime field should not be null") == 0);
    }

    void expressionsFailAtTheirRow()
    {
        const sql::QueryPlan plan = planOf("SELECT k, 10 / v AS q FROM t WHERE 100 / v > 10;");
        const std::vector<std::string> values{json("a", 5, 1), json("b", 0, 2), json("c", 20, 3), json("d", 0, 4)};
        Running strict = Running::start(plan, scripted({{batch(0, values)}}));
        QVERIFY(strict.finish()->failure->text().find("t/0 offset 1: ") == 0);
        QueryOptions options;
        options.onDecodeError = OnDecodeError::KeepGoing;
        Running lenient = Running::start(plan, scripted({{batch(0, values)}}), options);
        const auto snapshot = lenient.finish();
        QCOMPARE(rowsOf(*snapshot->rows), std::vector<std::string>{R"({"k":"a","q":2})"});
        QCOMPARE(snapshot->counters.decodeErrors, std::uint64_t(2));
        QCOMPARE(snapshot->counters.filtered, std::uint64_t(1));
    }

    void aFailingSourceFailsAfterItsRows()
    {
        auto source = scripted({{batch(0, {json("a", 1, 1000), json("a", 1, 5000)})}});
        source->addError({ErrorKind::Io, "the disk is gone", "t"});
        Running running = Running::start(planOf(windowQuery), std::move(source));
        const auto snapshot = running.finish();
        QCOMPARE(int(snapshot->phase), int(QueryPhase::Failed));
        QCOMPARE(snapshot->failure->text(), std::string("t: the disk is gone"));
        QCOMPARE(snapshot->counters.rowsIn, std::uint64_t(2));
        QCOMPARE(snapshot->counters.rowsOut, std::uint64_t(1)); // open windows are not flushed
    }

    void liveWindowsFireAndStopEmitsNoOpenOnes()
    {
        QueryOptions options;
        options.provisionalRows = true;
        Running running = Running::start(
            planOf(windowQuery), scripted({{batch(0, {json("a", 1, 1000), json("b", 1, 2200)})}}, false), options);
        QVERIFY(running.until([](const QuerySnapshot& s) {
            return s.counters.rowsOut == 1 && s.provisional && s.provisional->rowCount == 1;
        }));
        const auto live = running.run->snapshot();
        QCOMPARE(rowsOf(*live->provisional),
            std::vector<std::string>{R"({"window_start":"1970-01-01 00:00:02.000","k":"b","n":1})"});
        QCOMPARE(live->counters.openWindows, std::uint64_t(1));
        QCOMPARE(live->counters.openGroups, std::uint64_t(1));
        QCOMPARE(live->counters.watermark, std::int64_t(2200));
        QVERIFY(live->counters.stateBytes > 0);
        running.source->addPoll({batch(0, {json("a", 1, 3300)}, 2)});
        QVERIFY(running.until([](const QuerySnapshot& s) { return s.counters.rowsOut == 2; }));
        QVERIFY(running.run->snapshot()->generation > live->generation);
        running.run->stop();
        const auto last = running.finish();
        QCOMPARE(int(last->phase), int(QueryPhase::Stopped));
        QCOMPARE(last->counters.rowsOut, std::uint64_t(2));
        QVERIFY(!last->failure);
    }

    void idlePartitionsLetOthersOn()
    {
        test::ManualClock clock;
        QueryOptions options;
        options.clock = &clock;
        std::atomic<std::size_t> rows{0};
        const ResultSink sink = [&rows](const ResultBatch& result) -> Result<void> {
            rows += result.rowCount;
            return {};
        };
        auto source = std::make_unique<FakeSource>("t", std::vector<PartitionId>{{0}, {1}}, false);
        source->addPoll({batch(1, {json("p", 1, 1000)})});
        source->addPoll({batch(0, {json("a", 1, 1000), json("a", 1, 3000)})});
        Running running = Running::start(
            planOf(windowQuery, ", 'scan.watermark.idle-timeout' = '2s'"), std::move(source), options, sink);
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        QCOMPARE(rows.load(), std::size_t(0)); // partition 1 holds back
        clock.advance(std::chrono::milliseconds(1500));
        running.source->addPoll({batch(0, {json("a", 1, 3100)}, 2)});
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        QCOMPARE(rows.load(), std::size_t(0));
        clock.advance(std::chrono::milliseconds(1000)); // partition 1 is silent for 2.5 s, partition 0 for one
        QTRY_COMPARE(rows.load(), std::size_t(2));
        // A row of the idle partition behind what has fired is late, though its own partition never went so far.
        running.source->addPoll({batch(1, {json("p", 1, 1500), json("p", 1, 3500)}, 1)});
        running.source->end();
        const auto last = running.finish();
        QCOMPARE(last->counters.lateDropped, std::uint64_t(1));
        QCOMPARE(last->counters.rowsOut, std::uint64_t(4));
    }

    void aTinyBudgetStopsWithWords()
    {
        std::vector<std::string> values;
        for (int i = 0; i < 20'000; ++i)
            values.push_back(json(std::string(i == 77 ? 500 : 5, 'k') + std::to_string(i), 1, 1000));
        const auto budget = std::make_shared<MemoryBudget>(1 << 20);
        Running running = Running::start(planOf(windowQuery), scripted({{batch(0, values)}}), {}, {}, budget);
        const auto snapshot = running.finish();
        QCOMPARE(int(snapshot->phase), int(QueryPhase::Failed));
        QCOMPARE(int(snapshot->failure->kind), int(ErrorKind::ResourceLimit));
        const std::string text = snapshot->failure->text();
        QVERIFY2(text.find("query at line 2") == 0, text.c_str());
        QVERIFY2(text.find("20000 groups in 1 open windows") != std::string::npos, text.c_str());
        QVERIFY2(text.find("(502 bytes)") != std::string::npos, text.c_str());
        running.run.reset();
        QVERIFY(Reaper::instance().drain(std::chrono::seconds(5)));
        QCOMPARE(budget->used(), std::size_t(0));
    }

    void stateIsGivenBackWhenWindowsFire()
    {
        const auto budget = std::make_shared<MemoryBudget>(2 << 20);
        auto source = std::make_unique<FakeSource>("t", std::vector<PartitionId>{{0}});
        for (int i = 0; i < 200; ++i) {
            std::vector<std::string> values;
            for (int key = 0; key < 100; ++key)
                values.push_back(json("key" + std::to_string(i * 100 + key), 1, i * 1000));
            source->addPoll({batch(0, values, i * 100)});
        }
        QueryOptions options;
        options.keepResult = false;
        Running running = Running::start(planOf(windowQuery), std::move(source), options, {}, budget);
        const auto snapshot = running.finish();
        QVERIFY2(snapshot->phase == QueryPhase::Finished, snapshot->failure ? snapshot->failure->text().c_str() : "");
        QCOMPARE(snapshot->counters.rowsOut, std::uint64_t(20'000));
        QCOMPARE(budget->used(MemoryUse::QueryState), std::size_t(0));
    }

    void aClosedSinkStopsTheRun()
    {
        int calls = 0;
        const ResultSink sink = [&calls](const ResultBatch&) -> Result<void> {
            return ++calls == 2 ? Result<void>(Error{ErrorKind::Io, "pipe closed", {}}) : Result<void>();
        };
        Running running = Running::start(planOf("SELECT k FROM t;"),
            scripted(
                {{batch(0, {json("a", 1, 1)})}, {batch(0, {json("b", 1, 2)}, 1)}, {batch(0, {json("c", 1, 3)}, 2)}}),
            {}, sink);
        const auto snapshot = running.finish();
        QCOMPARE(int(snapshot->phase), int(QueryPhase::Failed));
        QCOMPARE(snapshot->failure->message, std::string("pipe closed"));
        QCOMPARE(calls, 2);
    }

    void oldRowsLeaveFirst()
    {
        QueryOptions options;
        options.maxResultRows = 10;
        std::vector<std::vector<RecordBatchPtr>> polls;
        for (int i = 0; i < 50; ++i)
            polls.push_back({batch(0, {json("k" + std::to_string(i), i, i)}, i)});
        Running running = Running::start(planOf("SELECT k, v FROM t;"), scripted(polls), options);
        const auto snapshot = running.finish();
        QCOMPARE(snapshot->rows->rowCount, std::size_t(10));
        QCOMPARE(snapshot->droppedRows, std::uint64_t(40));
        QCOMPARE(rowsOf(*snapshot->rows).front(), std::string(R"({"k":"k40","v":40})"));
        QCOMPARE(rowsOf(*snapshot->rows).back(), std::string(R"({"k":"k49","v":49})"));
    }

    /// Rows of a plain query come in arrival order, whatever worker took them.
    void plainRowsKeepTheirOrder()
    {
        auto source = std::make_unique<FakeSource>("t", std::vector<PartitionId>{{0}, {1}, {2}});
        std::vector<std::string> wanted;
        for (int i = 0; i < 300; ++i) {
            std::vector<std::string> values(i % 7 == 0 ? 200 : 1, json("x", i, i));
            wanted.insert(wanted.end(), values.size(), "{\"v\":" + std::to_string(i) + "}");
            source->addPoll({batch(i % 3, values, i * 1000)});
        }
        QueryOptions options;
        options.workers = 3;
        Running running = Running::start(planOf("SELECT v FROM t;"), std::move(source), options);
        QCOMPARE(rowsOf(*running.finish()->rows), wanted);
    }

    void refusesWhatItCannotRun()
    {
        const SourceOpener opener = [](const sql::TableDefinition&) -> Result<std::vector<std::unique_ptr<Source>>> {
            return Error{ErrorKind::NotFound, "no such topic", "t"};
        };
        QCOMPARE(QueryRun::start(planOf("SELECT k FROM t;"), opener, {}, nullptr, {}).error().text(),
            std::string("t: no such topic"));
        const sql::QueryPlan idle = planOf("SELECT k FROM t;", ", 'scan.watermark.idle-timeout' = 'soon'");
        QVERIFY(!QueryRun::start(idle, opener, {}, nullptr, {}).error().message.find("'scan.watermark.idle-timeout'"));
    }
};

QTEST_GUILESS_MAIN(TestQueryRun)
#include "tst_query_run.moc"
