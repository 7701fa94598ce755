// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded JSON, from RecordBatches to columns and to the rows of windows, beside a bare simdjson On-Demand loop that
// takes the same three fields out of the same bytes and walks each object to its end.
//
//   bench_recorded [ROUNDS]
//
// Prints JSON: records per second (medians of rounds that take turns) and ratios to the bare loop of the same round,
// for Nexmark-like bids and for flat orders of about 320 bytes. "one core": all threads on one processor.
#include "app/engine/pipeline/query_program.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/pipeline/scan_stage.h"
#include "app/engine/sql/script.h"
#include "tests/support/fake_source.h"

#include <simdjson.h>

#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

using namespace weir;

namespace {

constexpr std::size_t rowsPerBatch = 2000;
constexpr int batchCount = 200;
constexpr int partitions = 2;
constexpr int keys = 1000;

std::string timeText(std::int64_t ms)
{
    char text[32];
    std::snprintf(text, sizeof text, "2024-03-01 %02lld:%02lld:%02lld.%03lld",
        static_cast<long long>(ms / 3'600'000 % 24), static_cast<long long>(ms / 60'000 % 60),
        static_cast<long long>(ms / 1000 % 60), static_cast<long long>(ms % 1000));
    return text;
}

std::string letters(std::mt19937& random, std::size_t count)
{
    std::string text;
    while (text.size() < count)
        text.push_back(static_cast<char>('a' + random() % 26));
    return text;
}

std::string bidText(std::mt19937& random, std::int64_t ms)
{
    char text[640];
    const int length = std::snprintf(text, sizeof text,
        "{\"auction\":%u,\"bidder\":%u,\"price\":%u,\"channel\":\"channel-%u\",\"url\":"
        "\"https://www.nexmark.com/%s/%s/item.htm?query=1&channel_id=%u\",\"dateTime\":\"%s\",\"extra\":\"%s\"}",
        1000 + static_cast<unsigned>(random() % 100'000), 1000 + static_cast<unsigned>(random() % keys),
        100 + static_cast<unsigned>(random() % 10'000'000), static_cast<unsigned>(random() % 10'000),
        letters(random, 5).c_str(), letters(random, 4).c_str(), static_cast<unsigned>(random()), timeText(ms).c_str(),
        letters(random, 60 + random() % 60).c_str());
    return {text, static_cast<std::size_t>(length)};
}

std::string orderText(std::mt19937& random, std::int64_t ms)
{
    static const char* const states[] = {"PAID", "CREATED", "FAILED", "CANCELLED"};
    char text[640];
    const int length = std::snprintf(text, sizeof text,
        "{\"order_id\":\"ord-%010u\",\"customer\":\"cus-%04u\",\"region\":\"EU-W\",\"status\":\"%s\",\"amount\":%u.%"
        "02u,"
        "\"currency\":\"EUR\",\"items\":%u,\"express\":%s,\"created_at\":\"%s\",\"note\":\"%s\"}",
        static_cast<unsigned>(random()), static_cast<unsigned>(random() % keys), states[random() % 4],
        static_cast<unsigned>(random() % 1000), static_cast<unsigned>(random() % 100),
        static_cast<unsigned>(1 + random() % 9), random() % 2 ? "true" : "false", timeText(ms).c_str(),
        letters(random, 100 + random() % 40).c_str());
    return {text, static_cast<std::size_t>(length)};
}

/// One kind of event, what is taken out of it, and the query over it.
struct Subject
{
    std::string name;
    std::string (*text)(std::mt19937&, std::int64_t);
    const char* fields[3];
    std::string script;
    std::vector<RecordBatchPtr> batches{};
    std::size_t bytes = 0;
};

constexpr const char* withOptions = ") WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = "
                                    "'localhost:1', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');\n";

std::vector<Subject> subjects()
{
    const std::string watermark = "  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND";
    std::vector<Subject> all;
    all.push_back({"bids", bidText, {"bidder", "price", "dateTime"},
        std::string("CREATE TABLE bids (bidder BIGINT, price BIGINT, dateTime TIMESTAMP(3), WATERMARK FOR dateTime AS "
                    "dateTime - INTERVAL '5' SECOND")
            + withOptions
            + "SELECT window_start, window_end, bidder, COUNT(*) AS n, SUM(price) AS total, MIN(price) AS least, "
              "MAX(price) AS most FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(dateTime), INTERVAL '10' SECOND)) "
              "GROUP BY window_start, window_end, bidder;"});
    all.push_back({"orders", orderText, {"customer", "amount", "created_at"},
        std::string("CREATE TABLE orders (customer STRING, amount DECIMAL(10, 2), created_at TIMESTAMP(3), WATERMARK "
                    "FOR created_at AS created_at - INTERVAL '5' SECOND")
            + withOptions
            + "SELECT window_start, window_end, customer, COUNT(*) AS n, SUM(amount) AS total, AVG(amount) AS mean, "
              "MAX(amount) AS top FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(created_at), INTERVAL '10' SECOND)) "
              "GROUP BY window_start, window_end, customer;"});
    for (Subject& subject : all) {
        std::mt19937 random(7);
        for (int batch = 0; batch < batchCount; ++batch) {
            std::vector<FakeRecord> records;
            for (std::size_t row = 0; row < rowsPerBatch; ++row) {
                const auto number = static_cast<std::int64_t>(batch * rowsPerBatch + row);
                const std::int64_t ms = number / 20 + static_cast<std::int64_t>(random() % 400);
                records.push_back({number / partitions, subject.text(random, ms), 0});
                subject.bytes += records.back().value->size();
            }
            subject.batches.push_back(fakeBatch("t", {batch % partitions}, records));
        }
    }
    return all;
}

sql::QueryPlan planOf(const Subject& subject)
{
    const sql::Script script = sql::compileScript(subject.script);
    if (script.queries.empty()) {
        std::fprintf(stderr, "%s\n", describe(script.diagnostics.at(0)).c_str());
        std::exit(1);
    }
    return script.queries[0];
}

/// The batches of some partitions, one per poll.
class RecordedSource final : public Source
{
public:
    explicit RecordedSource(const std::vector<RecordBatchPtr>& batches) : m_batches(batches)
    {
        for (int i = 0; i < partitions; ++i)
            m_state.partitions.push_back({PartitionId{i}, 0, 0, -1, -1, false, false});
    }
    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds) override
    {
        std::vector<RecordBatchPtr> polled;
        if (m_next < m_batches.size())
            polled.push_back(m_batches[m_next++]);
        if (m_next == m_batches.size()) {
            m_state.ended = true;
            for (PartitionPosition& position : m_state.partitions)
                position.ended = true;
        }
        return polled;
    }
    SourceState state() const override { return m_state; }
    const std::string& topic() const override { return m_topic; }

private:
    const std::vector<RecordBatchPtr>& m_batches;
    std::size_t m_next = 0;
    SourceState m_state;
    std::string m_topic = "t";
};

void useCores(int count)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int core = 0; core < count; ++core)
        CPU_SET(static_cast<std::size_t>(core), &set);
    sched_setaffinity(0, sizeof set, &set);
}

/// Keeps the compiler from leaving out what nobody looks at.
std::uint64_t sink = 0;

void walkBatch(simdjson::ondemand::parser& parser, const RecordBatch& batch, const Subject& subject, std::uint64_t& sum)
{
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const std::string_view value = *batch.value(i);
        simdjson::ondemand::document document;
        simdjson::ondemand::object object;
        if (parser.iterate(value.data(), value.size(), value.size() + RecordBatch::padding).get(document)
            || document.get_object().get(object))
            std::exit(1);
        for (auto field : object) {
            const auto key = field.key();
            if (key.error())
                std::exit(1);
            for (const char* wanted : subject.fields) {
                if (!key.value_unsafe().unsafe_is_equal(wanted))
                    continue;
                sum += field.value().raw_json_token().value_unsafe().size();
                break;
            }
        }
    }
}

void bareLoop(const Subject& subject, int partition)
{
    simdjson::ondemand::parser parser;
    std::uint64_t sum = 0;
    for (const RecordBatchPtr& batch : subject.batches) {
        if (partition < 0 || batch->partition().value == partition)
            walkBatch(parser, *batch, subject, sum);
    }
    sink += sum;
}

void twoBareLoops(const Subject& subject)
{
    std::jthread first([&] { bareLoop(subject, 0); });
    std::jthread second([&] { bareLoop(subject, 1); });
}

void decodeAll(const Subject& subject)
{
    const auto program = query::makeProgram(planOf(subject));
    query::ScanStage scan((*program)->scans.front());
    for (const RecordBatchPtr& batch : subject.batches) {
        query::RowEvaluator evaluator((*program)->context);
        sink += scan.run(batch, 0, evaluator).selectedCount();
    }
}

void runQuery(const Subject& subject, int workers)
{
    QueryOptions options;
    options.workers = workers;
    options.keepResult = false;
    const SourceOpener opener = [&subject](const sql::TableDefinition&) {
        std::vector<std::unique_ptr<Source>> sources;
        sources.push_back(std::make_unique<RecordedSource>(subject.batches));
        return Result<std::vector<std::unique_ptr<Source>>>(std::move(sources));
    };
    auto run = QueryRun::start(planOf(subject), opener, {}, nullptr, options);
    if (!run || !(*run)->wait(std::chrono::minutes(5)) || (*run)->snapshot()->phase != QueryPhase::Finished) {
        std::fprintf(stderr, "the run did not finish\n");
        std::exit(1);
    }
    sink += (*run)->snapshot()->counters.rowsOut;
}

double rateOf(int cores, const std::function<void()>& work)
{
    useCores(cores);
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return static_cast<double>(rowsPerBatch * batchCount) / took.count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

using Rates = std::map<std::string, std::vector<double>>;

Rates measure(const Subject& subject, int rounds)
{
    Rates rates;
    for (int round = 0; round < rounds; ++round) {
        rates["bare"].push_back(rateOf(1, [&] { bareLoop(subject, -1); }));
        rates["decode"].push_back(rateOf(1, [&] { decodeAll(subject); }));
        rates["windows"].push_back(rateOf(1, [&] { runQuery(subject, 1); }));
        rates["bare_two_cores"].push_back(rateOf(2, [&] { twoBareLoops(subject); }));
        rates["windows_two_cores"].push_back(rateOf(2, [&] { runQuery(subject, 2); }));
    }
    return rates;
}

double ratio(const Rates& rates, const char* mine, const char* theirs)
{
    std::vector<double> ratios;
    for (std::size_t i = 0; i < rates.at(mine).size(); ++i)
        ratios.push_back(rates.at(mine)[i] / rates.at(theirs)[i]);
    return median(ratios);
}

void report(const Subject& subject, const Rates& rates, bool last)
{
    std::printf("  \"%s\": {\n    \"bytes_per_record\": %.1f,\n", subject.name.c_str(),
        static_cast<double>(subject.bytes) / static_cast<double>(rowsPerBatch * batchCount));
    for (const auto& [name, values] : rates)
        std::printf("    \"%s_records_per_second\": %.0f,\n", name.c_str(), median(values));
    const double scaling = ratio(rates, "windows_two_cores", "windows") / ratio(rates, "bare_two_cores", "bare");
    std::printf(
        "    \"decode_to_bare\": %.3f,\n    \"windows_to_bare\": %.3f,\n    \"scaling_to_bare_scaling\": %.3f\n  }%s\n",
        ratio(rates, "decode", "bare"), ratio(rates, "windows", "bare"), scaling, last ? "" : ",");
}

} // namespace

int main(int argc, char** argv)
{
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    const std::vector<Subject> all = subjects();
    std::printf("{\n");
    for (const Subject& subject : all)
        report(subject, measure(subject, std::max(rounds, 1)), &subject == &all.back());
    std::printf("}\n");
    return sink == 0 ? 1 : 0;
}
