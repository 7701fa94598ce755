// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a topic to its end: into nothing at all, into a capture, into a view whose rows are in memory, or into one that
// keeps them on disk and is then looked at in places. log.py runs them in turn.
//   bench_drain BROKERS TOPIC nothing|memory|capture|view [FOLDER]
#include "app/session/session.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <random>
#include <thread>

using namespace weir;

namespace {

constexpr std::size_t budgetBytes = std::size_t{1} << 30;
constexpr std::size_t screen = 60; ///< rows
constexpr int places = 1000;

int failed(const Error& error)
{
    std::fprintf(stderr, "%s\n", error.text().c_str());
    return 1;
}

ReadRequest wholeTopic(const std::string& topic)
{
    ReadRequest request;
    request.topic = topic;
    request.start = FromBeginning{};
    request.stop = UntilEnd{};
    return request;
}

void tell(const DrainSnapshot& drain)
{
    std::cout << "{\"records\":" << drain.records << ",\"bytes\":" << drain.bytes << "}" << std::endl;
}

int readIntoNothing(Cluster& cluster, const std::string& topic)
{
    auto sources = cluster.open(wholeTopic(topic));
    if (!sources)
        return failed(sources.error());
    DrainTarget nothing{
        [](std::size_t, const RecordBatchPtr&) { return Result<void>(); }, [] { return Result<void>(); }};
    SourceDrain drain(std::move(*sources), std::move(nothing), SystemClock::instance());
    drain.start();
    while (!drain.wait(std::chrono::seconds(1))) { }
    const DrainSnapshot last = drain.snapshot();
    tell(last);
    return last.failure ? failed(*last.failure) : 0;
}

int readIntoLog(const std::shared_ptr<Cluster>& cluster, const std::string& topic, const std::string& folder)
{
    CaptureRequest request;
    request.topics = {wholeTopic(topic)};
    request.folder = folder;
    auto run = CaptureRun::start(cluster, request, SystemClock::instance());
    if (!run)
        return failed(run.error());
    while (!(*run)->wait(std::chrono::seconds(1))) { }
    const DrainSnapshot last = (*run)->progress().drain;
    if (auto finished = (*run)->finish("read"); !finished)
        return failed(finished.error());
    tell(last);
    return last.failure ? failed(*last.failure) : 0;
}

/// Milliseconds that a screen of rows takes at random places, sorted; `late` counts those that were not whole by then.
std::vector<double> lookAround(const RowStore& rows, std::size_t& late)
{
    std::mt19937_64 random(1);
    std::vector<double> took;
    for (int i = 0; i < places; ++i) {
        const auto span = static_cast<std::uint64_t>(rows.endRow() - rows.firstRow());
        const std::int64_t first = rows.firstRow() + static_cast<std::int64_t>(random() % span);
        const auto start = std::chrono::steady_clock::now();
        const auto read = rows.read(first, screen, std::chrono::milliseconds(8));
        took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        late += read && std::any_of(read->begin(), read->end(), [](const StoredRow& row) { return !row.isHere(); });
    }
    std::sort(took.begin(), took.end());
    return took;
}

int readIntoView(const std::shared_ptr<Session>& session, const std::string& topic)
{
    auto feed = session->openFeed({wholeTopic(topic)}, {});
    if (!feed)
        return failed(feed.error());
    const auto rows = (*feed)->rows();
    std::shared_ptr<const TopicFeedSnapshot> last = (*feed)->snapshot();
    for (; !last->ended && !last->failure; last = (*feed)->snapshot())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (last->failure)
        return failed(*last->failure);
    while (rows->endRow() < static_cast<std::int64_t>(last->records))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::size_t late = 0;
    const std::vector<double> took = lookAround(*rows, late);
    std::cout << "{\"records\":" << last->records << ",\"bytes\":" << last->bytes
              << ",\"dropped\":" << last->rows.dropped << ",\"rows\":" << rows->endRow() - rows->firstRow()
              << ",\"screen_ms\":" << took[took.size() / 2] << ",\"screen_p99_ms\":" << took[took.size() * 99 / 100]
              << ",\"late_screens\":" << late << "}" << std::endl;
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    const std::string how = argc > 3 ? argv[3] : "";
    const std::string folder = argc > 4 ? argv[4] : "";
    if (argc < 4 || ((how == "capture" || how == "view") && folder.empty())) {
        std::fprintf(stderr, "bench_drain BROKERS TOPIC nothing|memory|capture|view [FOLDER]\n");
        return 2;
    }
    SessionSettings settings;
    settings.bootstrapServers = argv[1];
    auto budget = std::make_shared<MemoryBudget>(budgetBytes);
    const auto session = Session::open(settings, budget, SystemClock::instance());
    if (!session)
        return failed(session.error());
    if (how == "view")
        (*session)->setLiveBuffers(LiveBuffers::open({folder, 0, {}}, budget, SystemClock::instance()));
    int code = 0;
    if (how == "nothing")
        code = readIntoNothing(*(*session)->cluster(), argv[2]);
    else if (how == "capture")
        code = readIntoLog((*session)->cluster(), argv[2], folder);
    else
        code = readIntoView(*session, argv[2]);
    std::fflush(nullptr);
    _exit(code); // a client takes its time to close, and that is not measured
}
