// SPDX-License-Identifier: GPL-3.0-or-later
// What a topic view waits for: the first hit of a search, asking again what was read, a screen of rows anywhere, one
// record in full. Reads a topic into a view with rows on disk; inspect.py runs it and adds the rest.
//   bench_inspect BROKERS TOPIC FOLDER CONDITION
#include "app/engine/pipeline/filtered_rows.h"
#include "app/models/topic_rows.h"
#include "app/panels/record_lines.h"
#include "app/session/record_filter.h"
#include "app/session/session.h"
#include "app/session/shown_rows.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>

using namespace weir;
using Clock_ = std::chrono::steady_clock;

namespace {

constexpr std::size_t budgetBytes = std::size_t{1} << 30;
constexpr int screenRows = 45;
constexpr int places = 400;
constexpr std::int64_t refiltered = 1'000'000;

[[noreturn]] void fail(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::_Exit(1);
}

template <typename T>
T taken(Result<T> result)
{
    if (!result)
        fail(result.error().text());
    return std::move(*result);
}

double millisSince(Clock_::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock_::now() - start).count();
}

void tell(const std::string& name, double value)
{
    std::cout << "\"" << name << "\":" << value << ",";
}

/// Booked in the budget, and of the process, anonymous; in MiB.
void tellMemory(const std::string& after, const MemoryBudget& budget)
{
    tell("booked_mib_after_" + after, static_cast<double>(budget.used()) / 1048576);
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("RssAnon:"))
            tell("memory_mib_after_" + after, std::stod(line.substr(8)) / 1024);
    }
}

ReadRequest wholeTopic(const std::string& topic)
{
    ReadRequest request;
    request.topic = topic;
    request.start = FromBeginning{};
    request.stop = UntilEnd{};
    return request;
}

/// From the wish to the first row that can be shown.
void firstHit(Session& session, const std::string& topic, const search::RecordFilterFactoryPtr& filter)
{
    TopicFeedOptions options;
    options.filter = filter;
    const auto start = Clock_::now();
    const auto feed = taken(session.openFeed({wholeTopic(topic)}, options));
    while (feed->rows()->endRow() == 0 && millisSince(start) < 60'000)
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    tell("first_hit_ms", millisSince(start));
}

std::shared_ptr<const RowStore> readAll(TopicFeed& feed)
{
    auto last = feed.snapshot();
    for (; !last->ended && !last->failure; last = feed.snapshot())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (last->failure)
        fail(last->failure->text());
    const auto rows = feed.rows();
    while (rows->endRow() < static_cast<std::int64_t>(last->records))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    tell("rows", static_cast<double>(rows->endRow() - rows->firstRow()));
    return rows;
}

void refilter(const std::shared_ptr<const RowStore>& rows, const search::RecordFilterFactoryPtr& filter)
{
    const auto start = Clock_::now();
    FilteredRows matching(rows, filter, nullptr);
    double million = 0;
    while (!matching.progress().upToDate) {
        if (million == 0 && matching.progress().asked >= refiltered)
            million = millisSince(start);
        std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    tell("refilter_million_ms", million);
    tell("refilter_all_ms", millisSince(start));
    tell("refilter_matches", static_cast<double>(matching.endRow()));
}

/// A screen of rows with fields as columns, at places all over; each until nothing of it is still being read.
void scroll(const std::string& name, const std::shared_ptr<const RowStore>& rows, const FilterTable& table)
{
    TopicRows shown(rows);
    TopicColumns columns;
    for (const RowField& field : table.fields().fields)
        columns.fields.push_back({JsonFieldPath{{{field.name, std::nullopt}}}, {}, false});
    shown.show(columns);
    std::mt19937_64 random(1);
    std::vector<double> took;
    for (int i = 0; i < places; ++i) {
        const auto span = static_cast<std::uint64_t>(rows->endRow() - rows->firstRow() - screenRows);
        const qint64 first = rows->firstRow() + static_cast<qint64>(random() % span);
        const auto start = Clock_::now();
        for (bool whole = false; !whole;) {
            const auto screen = shown.rows(first, screenRows);
            whole = std::none_of(
                screen.begin(), screen.end(), [](const tables::TableRow& row) { return row.cells.empty(); });
        }
        took.push_back(millisSince(start));
    }
    std::sort(took.begin(), took.end());
    tell(name + "_ms", took[took.size() / 2]);
    tell(name + "_p99_ms", took[took.size() * 99 / 100]);
}

/// All rows in an order, and screens of it all over.
void order(const std::string& words, const std::shared_ptr<const RowStore>& rows, const FilterTable& table,
    const Session& session)
{
    ShownChoice choice;
    choice.order = taken(search::RowOrder::parse(words));
    const auto start = Clock_::now();
    const ShownRows shown(rows, choice, {session.budget(), session.liveBuffers()});
    double first = 0;
    while (!shown.isUpToDate()) {
        if (first == 0 && shown.rows()->endRow() > 0)
            first = millisSince(start);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    tell("order_" + words + "_first_ms", first);
    tell("order_" + words + "_all_ms", millisSince(start));
    scroll("order_" + words + "_screen", shown.rows(), table);
}

void latest(const std::shared_ptr<const RowStore>& rows, const Session& session)
{
    ShownChoice choice;
    choice.latestPerKey = true;
    const auto start = Clock_::now();
    const ShownRows shown(rows, choice, {session.budget(), session.liveBuffers()});
    while (!shown.isUpToDate() && !shown.trouble())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    tell("latest_ms", millisSince(start));
    tell("latest_keys", static_cast<double>(shown.rows()->endRow()));
}

void selectRecords(const std::shared_ptr<const RowStore>& rows)
{
    std::mt19937_64 random(2);
    std::vector<double> took;
    for (int i = 0; i < places; ++i) {
        const auto span = static_cast<std::uint64_t>(rows->endRow() - rows->firstRow());
        const std::int64_t row = rows->firstRow() + static_cast<std::int64_t>(random() % span);
        const auto start = Clock_::now();
        const auto read = taken(rows->read(row, 1, std::chrono::seconds(5)));
        if (dissect(*read.front().batch, read.front().index).lines.empty())
            fail("nothing was dissected");
        took.push_back(millisSince(start));
    }
    std::sort(took.begin(), took.end());
    tell("select_ms", took[took.size() / 2]);
    tell("select_p99_ms", took[took.size() * 99 / 100]);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5)
        fail("bench_inspect BROKERS TOPIC FOLDER CONDITION");
    SessionSettings settings;
    settings.bootstrapServers = argv[1];
    auto budget = std::make_shared<MemoryBudget>(budgetBytes);
    const auto session = taken(Session::open(settings, budget, SystemClock::instance()));
    session->setLiveBuffers(LiveBuffers::open({argv[3], std::uint64_t{16} << 30, {}}, budget, SystemClock::instance()));
    const auto table = taken(FilterTable::sampled(*session->cluster(), argv[2], SystemClock::instance()));
    const FilterVerdict verdict = judgeFilter(*table, {argv[4], {}});
    if (verdict.error)
        fail(verdict.error->text());
    std::cout << "{";
    firstHit(*session, argv[2], verdict.filter);
    const auto feed = taken(session->openFeed({wholeTopic(argv[2])}, {}));
    const auto rows = readAll(*feed);
    tellMemory("reading", *budget);
    refilter(rows, verdict.filter);
    tellMemory("refilter", *budget);
    scroll("screen", rows, *table);
    selectRecords(rows);
    tellMemory("scrolling", *budget);
    order("time", rows, *table, *session);
    tellMemory("order_time", *budget);
    order("amount", rows, *table, *session);
    tellMemory("order_amount", *budget);
    latest(rows, *session);
    tellMemory("latest", *budget);
    std::cout << "\"budget_bytes\":" << budgetBytes << "}" << std::endl;
    std::_Exit(0); // a client takes its time to close, and that is not measured
}
