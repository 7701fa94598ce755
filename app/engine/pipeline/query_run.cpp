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

std::size_t partitionCount(const std::vector<std::unique_ptr<Source>>& sources)
{
    std::size_t count = 0;
    for (const auto& source : sources)
        count += source->state().partitions.size();
    return count;
}

} // namespace

/// The parts and threads of a run. Dies on the reaper's thread, because a source's poll may take its time.
class QueryRun::State
{
public:
    State(query::QuerySetup&& setup, std::size_t workerCount, std::size_t sourceCount)
        : log(workerCount, bytesUnderWay(setup.budget.get()), *setup.options.clock), sourceStates(sourceCount),
          workers(makeWorkers(setup, workerCount)), sequencer(std::move(setup), log, workers, sourceStates)
    { }

    void start(std::vector<std::unique_ptr<Source>> sources)
    {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            readers.push_back(std::make_unique<query::SourceReader>(std::move(sources[i]), i, log, sourceStates));
            readers.back()->announce();
        }
        log.start(readers.size());
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
    Result<std::vector<std::unique_ptr<Source>>> sources = opener(*(*program)->table);
    if (!sources)
        return sources.error();
    const std::size_t workers = workerCount(options, partitionCount(*sources));
    auto state = std::make_shared<State>(
        query::QuerySetup{std::move(*program), std::move(sink), std::move(budget), options}, workers, sources->size());
    state->start(std::move(*sources));
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
