// SPDX-License-Identifier: GPL-3.0-or-later
// Rows per second of the window core on columns in memory, and of a whole run from recorded JSON to windows.
// --benchmark_format=json prints JSON.
#include "app/engine/aggregate/key_hash.h"
#include "app/engine/pipeline/query_program.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/pipeline/scan_stage.h"
#include "app/engine/sql/script.h"
#include "app/engine/window/row_times.h"
#include "app/engine/window/slice_merger.h"
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
    EventBatch batch; ///< columns: key, value, time, candidate for the watermark
};

/// 20,000 rows to a second of event time, which goes back by up to half a second.
std::vector<CoreBatch> coreBatches(const LogicalType& keyType)
{
    constexpr std::int64_t rowsPerMs = 20;
    std::mt19937 random(1);
    std::vector<CoreBatch> batches(1000);
    std::int64_t number = 0;
    for (CoreBatch& one : batches) {
        one.batch.rowCount = rowsPerBatch;
        Column key(keyType, rowsPerBatch);
        Column value(types::bigInt(), rowsPerBatch);
        Column times(types::timestampLtz(3), rowsPerBatch);
        Column watermarks(types::timestampLtz(3), rowsPerBatch);
        for (std::size_t row = 0; row < rowsPerBatch; ++row) {
            const unsigned who = random() % keys;
            if (keyType.isString())
                key.values<std::string_view>()[row] = key.ownHeap().add(customer(who));
            else
                key.values<std::int64_t>()[row] = 1000 + who;
            value.values<std::int64_t>()[row] = random() % 100'000;
            const std::int64_t time = number++ / rowsPerMs - static_cast<std::int64_t>(random() % 500);
            times.values<Timestamp>()[row] = {time, 0};
            watermarks.values<Timestamp>()[row] = {time - 500, 0};
        }
        one.batch.columns = {std::move(key), std::move(value), std::move(times), std::move(watermarks)};
    }
    return batches;
}

/// Slices become windows as the watermark, which lies half a second behind the rows, passes their ends.
class Windows
{
public:
    Windows(const window::SliceAssigner& slices, std::shared_ptr<const window::SliceSpec> spec)
        : m_slices(slices), m_merger(window::makeMerger(slices, std::move(spec)))
    { }

    void fireUntil(std::int64_t watermark, window::SliceStore& store)
    {
        if (store.slices().empty())
            return;
        if (m_next == INT64_MIN)
            m_next = store.slices().begin()->first;
        for (; window::hasFired(m_next, watermark); m_next += m_slices.step()) {
            if (auto slice = store.take(m_next))
                m_merger->close(m_next, std::move(slice));
            if (const window::SliceState* whole = m_merger->window(m_next)) {
                m_rows += whole->groupCount();
                benchmark::DoNotOptimize(whole->finish());
            }
            m_merger->expire(m_next);
        }
    }
    std::size_t rows() const { return m_rows; }

private:
    window::SliceAssigner m_slices;
    std::unique_ptr<window::SliceMerger> m_merger;
    std::int64_t m_next = INT64_MIN;
    std::size_t m_rows = 0;
};

/// COUNT, SUM, MIN, MAX by one key, up to the columns of the windows' rows.
void windowCore(benchmark::State& state, const LogicalType& keyType, const window::SliceAssigner& slices)
{
    using aggregate::AggregateFunction;
    const std::vector<CoreBatch> batches = coreBatches(keyType);
    auto spec = std::make_shared<window::SliceSpec>();
    spec->keys = {keyType};
    const LogicalType number = types::bigInt();
    spec->aggregates = {{AggregateFunction::Count, {}, number, false}, {AggregateFunction::Sum, number, number, false},
        {AggregateFunction::Min, number, number, false}, {AggregateFunction::Max, number, number, false}};
    std::vector<std::int64_t> own;
    window::SortedRows sorted;
    for (auto _ : state) {
        window::SliceStore store(spec);
        window::PartitionClock clock(INT64_MIN);
        Windows windows(slices, spec);
        for (const CoreBatch& one : batches) {
            const std::vector<Column>& columns = one.batch.columns;
            clock.run(one.batch, columns[3], own);
            window::sortRows(one.batch, {slices, columns[2], own, true}, sorted);
            store.add(
                {{&columns[0]}, {nullptr, &columns[1], &columns[1], &columns[1]}, {nullptr, nullptr, nullptr, nullptr}},
                sorted.inTime);
            windows.fireUntil(clock.watermark(), store);
        }
        state.counters["rows out"] = static_cast<double>(windows.rows());
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

BENCHMARK_CAPTURE(windowCore, bigint, types::bigInt(), window::SliceAssigner::tumble(10'000, 0))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(windowCore, string, types::string(), window::SliceAssigner::tumble(10'000, 0))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(windowCore, second, types::bigInt(), window::SliceAssigner::tumble(1'000, 0))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(windowCore, minute, types::bigInt(), window::SliceAssigner::tumble(60'000, 0))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(windowCore, hop_60_to_1, types::bigInt(), window::SliceAssigner::hop(60'000, 1'000, 0))
    ->Unit(benchmark::kMillisecond);
BENCHMARK(decodeOnly)->Unit(benchmark::kMillisecond);
BENCHMARK(jsonToWindows)->Arg(1)->Arg(2)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
