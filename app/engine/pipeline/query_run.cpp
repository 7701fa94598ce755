// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/query_run.h"

#include "app/engine/pipeline/query_sequencer.h"
#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/source_reader.h"

#include <algorithm>
#include <thread>

namespace weir {

namespace {

constexpr std::size_t leastBytesUnderWay = 8 << 20;

/// What is read but not yet worked on may hold a sixteenth of the budget.
std::size_t bytesUnderWay(const MemoryBudget* budget)
{
    return budget ? std::max(leastBytesUnderWay, budget->limit() / 16) : leastBytesUnderWay * 8;
}

std::size_t workerCount(const QueryOptions& options, std::size_t partitions)
{
    const std::size_t wanted = options.workers > 0 ? static_cast<std::size_t>(options.workers)
                                                   : std::max(1U, std::thread::hardware_concurrency());
    return std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(1, partitions));
}

using SourceLists = std::vector<std::vector<std::unique_ptr<Source>>>; ///< by scan

std::size_t partitionCount(const SourceLists& lists)
{
    std::size_t count = 0;
    for (const auto& sources : lists) {
        for (const auto& source : sources)
            count += source->state().partitions.size();
    }
    return count;
}

Result<SourceLists> openSources(const query::QueryProgram& program, const SourceOpener& opener)
{
    SourceLists lists;
    for (const query::ScanProgram& scan : program.scans) {
        Result<std::vector<std::unique_ptr<Source>>> sources = opener(*scan.table);
        if (!sources)
            return sources.error();
        lists.push_back(std::move(*sources));
    }
    return lists;
}

} // namespace

/// The parts and threads of a run. Dies on the reaper's thread, because a source's poll may take its time.
class QueryRun::State
{
public:
    State(query::QuerySetup&& setup, std::size_t workerCount, std::size_t sourceCount)
        : log(workerCount, bytesUnderWay(setup.budget.get()),
            setup.options.sourceClock ? *setup.options.sourceClock : *setup.options.clock),
          sourceStates(sourceCount), workers(makeWorkers(setup, workerCount)),
          sequencer(std::move(setup), log, workers, sourceStates)
    { }

    void start(SourceLists lists)
    {
        std::vector<std::size_t> counts;
        for (std::size_t scan = 0; scan < lists.size(); ++scan) {
            counts.push_back(lists[scan].size());
            for (std::unique_ptr<Source>& source : lists[scan]) {
                const query::SourcePlace place{scan, readers.size()};
                readers.push_back(std::make_unique<query::SourceReader>(std::move(source), place, log, sourceStates));
                readers.back()->announce();
            }
        }
        log.start(std::move(counts));
        for (std::size_t i = 0; i < workers.size(); ++i)
            threads.emplace_back([this, i] { work(i); });
        threads.emplace_back([this] { sequencer.run(); });
        for (const auto& reader : readers)
            threads.emplace_back([&reader] { reader->run(); });
    }

    static query::Workers makeWorkers(const query::QuerySetup& setup, std::size_t count)
    {
        query::Workers workers;
        for (std::size_t i = 0; i < count; ++i)
            workers.push_back(std::make_unique<query::QueryWorker>(setup.program, setup.budget));
        return workers;
    }

    void work(std::size_t index)
    {
        while (const std::optional<query::Arrival> arrival = log.take(index)) {
            query::BatchOutcome outcome = workers[index]->process(*arrival);
            if (outcome.overBudget) {
                log.waitForTurn(arrival->sequence);
                workers[index]->tryBudgetAgain(outcome);
            }
            sequencer.deliver(arrival->sequence, std::move(outcome));
            log.done(arrival->sequence);
        }
    }

    query::ArrivalLog log;
    query::SourceStates sourceStates;
    query::Workers workers;
    query::QuerySequencer sequencer;
    std::vector<std::unique_ptr<query::SourceReader>> readers;
    std::vector<std::jthread> threads; ///< last, so that they are joined first
};

Result<std::unique_ptr<QueryRun>> QueryRun::start(const sql::QueryPlan& plan, const SourceOpener& opener,
    ResultSink sink, std::shared_ptr<MemoryBudget> budget, QueryOptions options)
{
    Result<std::shared_ptr<const query::QueryProgram>> program = query::makeProgram(plan);
    if (!program)
        return program.error();
    Result<SourceLists> lists = openSources(**program, opener);
    if (!lists)
        return lists.error();
    std::size_t sources = 0;
    for (const auto& list : *lists)
        sources += list.size();
    const std::size_t workers = workerCount(options, partitionCount(*lists));
    auto state = std::make_shared<State>(
        query::QuerySetup{std::move(*program), std::move(sink), std::move(budget), options}, workers, sources);
    state->start(std::move(*lists));
    return std::unique_ptr<QueryRun>(new QueryRun(std::move(state)));
}

QueryRun::QueryRun(std::shared_ptr<State> state) : m_state(std::move(state)) { }

/// Waits for the batch in hand and a call of the sink, but not for a source: its thread is joined by the reaper.
QueryRun::~QueryRun()
{
    stop();
    m_state->sequencer.wait();
    Reaper::instance().take(std::move(m_state));
}

void QueryRun::stop()
{
    m_state->log.stop();
}

bool QueryRun::wait(std::chrono::milliseconds timeout)
{
    return m_state->sequencer.waitFor(timeout);
}

std::shared_ptr<const QuerySnapshot> QueryRun::snapshot() const
{
    return m_state->sequencer.snapshot();
}

} // namespace weir
