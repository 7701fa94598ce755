// SPDX-License-Identifier: GPL-3.0-or-later
// Rows per second of the window core on columns in memory, and of a whole run from recorded JSON to windows.
// --benchmark_format=json prints JSON.
#include "app/engine/aggregate/key_hash.h"
#include "app/engine/pipeline/query_program.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/pipeline/scan_stage.h"
#include "app/engine/sql/script.h"
#include "app/engine/window/row_times.h"
#include "tests/support/columns.h"
#include "tests/support/fake_source.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <random>

using namespace weir;

namespace {

constexpr std::size_t rowsPerBatch = 2000;
constexpr int keys = 1000;

std::string customer(unsigned number)
{
    char text[32];
    std::snprintf(text, sizeof text, "customer-%04u", number);
    return text;
}

struct CoreBatch
{
    EventBatch batch; ///< columns: key, value, time
};

std::vector<CoreBatch> coreBatches()
{
    std::mt19937 random(1);
    std::vector<CoreBatch> batches(50);
    std::int64_t time = 0;
    for (CoreBatch& one : batches) {
        one.batch.rowCount = rowsPerBatch;
        Column key(types::string(), rowsPerBatch);
        Column value(types::bigInt(), rowsPerBatch);
        Column times(types::timestampLtz(3), rowsPerBatch);
        for (std::size_t row = 0; row < rowsPerBatch; ++row) {
            key.values<std::string_view>()[row] = key.ownHeap().add(customer(random() % keys));
            value.values<std::int64_t>()[row] = random() % 100'000;
            times.values<Timestamp>()[row] = {time++ - static_cast<std::int64_t>(random() % 500), 0};
        }
        one.batch.columns = {std::move(key), std::move(value), std::move(times)};
    }
    return batches;
}

/// COUNT, SUM, MIN, MAX by a string key in windows of ten seconds.
void windowCore(benchmark::State& state)
{
    using aggregate::AggregateFunction;
    const std::vector<CoreBatch> batches = coreBatches();
    auto spec = std::make_shared<window::SliceSpec>();
    spec->keys = {types::string()};
    const LogicalType number = types::bigInt();
    spec->aggregates = {{AggregateFunction::Count, {}, number, false}, {AggregateFunction::Sum, number, number, false},
        {AggregateFunction::Min, number, number, false}, {AggregateFunction::Max, number, number, false}};
    const window::SliceAssigner slices = window::SliceAssigner::tumble(10'000, 0);
    std::vector<std::int64_t> own;
    window::SortedRows sorted;
    for (auto _ : state) {
        window::SliceStore store(spec);
        window::PartitionClock clock(INT64_MIN);
        for (const CoreBatch& one : batches) {
            const std::vector<Column>& columns = one.batch.columns;
            clock.run(one.batch, columns[2], own);
            window::sortRows(one.batch, {slices, columns[2], own, true}, sorted);
            store.add(
                {{&columns[0]}, {nullptr, &columns[1], &columns[1], &columns[1]}, {nullptr, nullptr, nullptr, nullptr}},
                sorted.inTime);
        }
        benchmark::DoNotOptimize(store.memoryBytes());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batches.size() * rowsPerBatch));
}

std::string orderText(std::mt19937& random, std::int64_t number)
{
    const std::int64_t time = number / 20 + static_cast<std::int64_t>(random() % 400);
    char text[400];
    const int length = std::snprintf(text, sizeof text,
        "{\"order_id\":%lld,\"customer\":\"customer-%04u\",\"created_at\":\"2024-03-01 %02lld:%02lld:%02lld.%03lld\","
        "\"amount\":%u.%02u,\"currency\":\"EUR\",\"status\":\"created\",\"note\":\"%s\"}",
        static_cast<long long>(number), static_cast<unsigned>(random() % keys),
        static_cast<long long>(time / 3'600'000 % 24), static_cast<long long>(time / 60'000 % 60),
        static_cast<long long>(time / 1000 % 60), static_cast<long long>(time % 1000),
        static_cast<unsigned>(random() % 1000), static_cast<unsigned>(random() % 100),
        "deliver to the back door, ring twice, thanks");
    return {text, static_cast<std::size_t>(length)};
}

const std::vector<RecordBatchPtr>& recorded()
{
    static const std::vector<RecordBatchPtr> batches = [] {
        std::mt19937 random(2);
        std::vector<RecordBatchPtr> made;
        for (int i = 0; i < 300; ++i) {
            std::vector<FakeRecord> records;
            for (std::size_t row = 0; row < rowsPerBatch; ++row) {
                const auto number = static_cast<std::int64_t>(i * rowsPerBatch + row);
                records.push_back({number / 6, orderText(random, number), 0});
            }
            made.push_back(fakeBatch("orders", {i % 6}, records));
        }
        return made;
    }();
    return batches;
}

sql::QueryPlan ordersPlan()
{
    const sql::Script script = sql::compileScript(
        "CREATE TABLE orders (order_id BIGINT, customer STRING, created_at TIMESTAMP(3), amount DECIMAL(12, 2), "
        "WATERMARK FOR created_at AS created_at - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'topic' = "
        "'orders', 'properties.bootstrap.servers' = 'localhost:1', 'scan.startup.mode' = 'earliest-offset', 'format' = "
        "'json');\n"
        "SELECT window_start, window_end, customer, COUNT(*) AS n, SUM(amount) AS total, AVG(amount) AS mean, "
        "MAX(amount) AS top FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(created_at), INTERVAL '1' MINUTE)) GROUP BY "
        "window_start, window_end, customer;");
    if (script.queries.empty()) {
        std::fprintf(stderr, "%s\n", describe(script.diagnostics.at(0)).c_str());
        std::exit(1);
    }
    return script.queries[0];
}

/// What the scan alone costs: fields to columns.
void decodeOnly(benchmark::State& state)
{
    const auto program = query::makeProgram(ordersPlan());
    query::ScanStage scan((*program)->scans.front());
    for (auto _ : state) {
        for (const RecordBatchPtr& batch : recorded()) {
            query::RowEvaluator evaluator((*program)->context);
            benchmark::DoNotOptimize(scan.run(batch, 0, evaluator).rowCount);
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(recorded().size() * rowsPerBatch));
}

/// 200-byte orders, three fields of seven, 1,000 customers, six partitions.
void jsonToWindows(benchmark::State& state)
{
    const sql::QueryPlan plan = ordersPlan();
    for (auto _ : state) {
        QueryOptions options;
        options.workers = static_cast<int>(state.range(0));
        options.keepResult = false;
        const SourceOpener opener = [](const sql::TableDefinition&) {
            auto source =
                std::make_unique<FakeSource>("orders", std::vector<PartitionId>{{0}, {1}, {2}, {3}, {4}, {5}});
            for (const RecordBatchPtr& batch : recorded())
                source->addPoll({batch});
            std::vector<std::unique_ptr<Source>> sources;
            sources.push_back(std::move(source));
            return Result<std::vector<std::unique_ptr<Source>>>(std::move(sources));
        };
        auto run = QueryRun::start(plan, opener, {}, nullptr, options);
        if (!run || !(*run)->wait(std::chrono::minutes(5)) || (*run)->snapshot()->phase != QueryPhase::Finished) {
            state.SkipWithError("the run did not finish");
            return;
        }
        state.counters["rows out"] = static_cast<double>((*run)->snapshot()->counters.rowsOut);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(recorded().size() * rowsPerBatch));
}

} // namespace

BENCHMARK(windowCore)->Unit(benchmark::kMillisecond);
BENCHMARK(decodeOnly)->Unit(benchmark::kMillisecond);
BENCHMARK(jsonToWindows)->Arg(1)->Arg(2)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
