// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/query_worker.h"

#include <algorithm>

namespace weir::query {

namespace {

const std::string nullTime = "RowTime field should not be null, please convert it to a non-null long value.";

std::size_t recordOf(const EventBatch& batch, std::uint32_t row)
{
    return batch.sourceRows.empty() ? row : batch.sourceRows[row];
}

Column nulls(const LogicalType& type, std::size_t count)
{
    Column column(type, count);
    for (std::size_t row = 0; row < count; ++row)
        column.setNull(row);
    return column;
}

std::string placeOf(const EventBatch& batch, std::uint32_t row)
{
    const RecordBatch& records = *batch.source;
    const TopicPartition partition{records.topic(), records.partition()};
    return partition.text() + " offset " + std::to_string(records.offset(recordOf(batch, row)));
}

} // namespace

QueryWorker::QueryWorker(std::shared_ptr<const QueryProgram> program, std::shared_ptr<MemoryBudget> budget)
    : m_program(std::move(program)), m_scan(*m_program), m_account(std::move(budget))
{ }

BatchOutcome QueryWorker::process(const Arrival& arrival)
{
    BatchOutcome outcome;
    outcome.rowsIn = arrival.batch->size();
    m_timeFailures.clear();
    auto work = std::unique_ptr<DoubtfulBatch>(new DoubtfulBatch{{}, RowEvaluator(m_program->context), {}, {}});
    work->batch = m_scan.run(arrival.batch, arrival.sequence, work->evaluator);
    const EventBatch& batch = work->batch;
    if (m_program->watermark) {
        const Column* candidates = work->evaluator.operand(m_program->watermark, work->batch);
        window::PartitionClock& clock =
            m_clocks.try_emplace(arrival.partition, m_program->watermarkFloor).first->second;
        clock.run(batch, *candidates, m_ownWatermarks);
        outcome.watermark = clock.watermark();
    }
    work->evaluator.run(m_program->before, work->batch);
    if (m_program->aggregation)
        aggregate(arrival, *work, outcome);
    noteFailures(*work, batch, outcome);
    outcome.filtered = work->evaluator.filtered();
    if (!m_program->aggregation)
        outcome.rows = toResult(std::move(work->batch), m_program->output);
    else if (!work->rows.rows.rows.empty())
        outcome.doubtful = std::move(work);
    return outcome;
}

void QueryWorker::bind(DoubtfulBatch& work)
{
    const Aggregation& aggregation = *m_program->aggregation;
    window::SliceInput input;
    for (const sql::ExpressionPtr& key : aggregation.keys)
        input.keys.push_back(work.evaluator.operand(key, work.batch));
    for (const sql::ExpressionPtr& argument : aggregation.arguments)
        input.arguments.push_back(work.evaluator.operand(argument, work.batch));
    for (const sql::ExpressionPtr& filter : aggregation.filters)
        input.filters.push_back(work.evaluator.operand(filter, work.batch));
    if (aggregation.groupingSets.empty())
        work.inputs.push_back(std::move(input));
    else
        bindGroupingSets(work, input);
}

/// A row counts once per set: with the set's keys, NULL for the others, and a number that tells which those are.
void QueryWorker::bindGroupingSets(DoubtfulBatch& work, const window::SliceInput& plain) const
{
    for (const std::vector<std::size_t>& set : m_program->aggregation->groupingSets) {
        window::SliceInput input = plain;
        std::int64_t id = 0;
        for (std::size_t key = 0; key < plain.keys.size(); ++key) {
            const bool grouped = std::find(set.begin(), set.end(), key) != set.end();
            id = id * 2 + (grouped ? 0 : 1);
            if (!grouped)
                input.keys[key] = work.evaluator.keep(nulls(plain.keys[key]->type(), work.batch.rowCount));
        }
        Column ids(types::bigInt(), work.batch.rowCount);
        std::fill(ids.values<std::int64_t>().begin(), ids.values<std::int64_t>().end(), id);
        input.keys.push_back(work.evaluator.keep(std::move(ids)));
        work.inputs.push_back(std::move(input));
    }
}

void QueryWorker::aggregate(const Arrival& arrival, DoubtfulBatch& work, BatchOutcome& outcome)
{
    const Aggregation& aggregation = *m_program->aggregation;
    bind(work); // before rows are sorted: rows at which an expression fails leave the selection
    std::span<const std::int64_t> own;
    if (m_program->watermark)
        own = m_ownWatermarks;
    const window::TimeRule rule{aggregation.slices, work.batch.columns[aggregation.timeColumn], own, arrival.trustOwn};
    window::sortRows(work.batch, rule, m_sorted);
    for (const std::uint32_t row : m_sorted.withoutTime)
        m_timeFailures.push_back({row, nullTime});
    work.rows = std::move(m_sorted.doubtful);
    addInTime(arrival, work, outcome);
}

void QueryWorker::addInTime(const Arrival& arrival, const DoubtfulBatch& work, BatchOutcome& outcome)
{
    if (m_sorted.inTime.rows.empty())
        return;
    for (const std::int64_t end : m_sorted.inTime.sliceEnds) {
        if (outcome.sliceEnds.empty() || outcome.sliceEnds.back() != end)
            outcome.sliceEnds.push_back(end);
    }
    std::sort(outcome.sliceEnds.begin(), outcome.sliceEnds.end());
    outcome.sliceEnds.erase(std::unique(outcome.sliceEnds.begin(), outcome.sliceEnds.end()), outcome.sliceEnds.end());
    const Aggregation& aggregation = *m_program->aggregation;
    const std::size_t index = aggregation.orderMatters ? arrival.partition : 0;
    const std::scoped_lock lock(m_mutex);
    window::SliceStore& store = m_stores.try_emplace(index, aggregation.spec).first->second;
    for (const window::SliceInput& input : work.inputs)
        store.add(input, m_sorted.inTime);
    outcome.overBudget = !m_account.hold(stateBytes());
}

void QueryWorker::tryBudgetAgain(BatchOutcome& outcome)
{
    const std::scoped_lock lock(m_mutex);
    outcome.overBudget = !m_account.hold(stateBytes());
    if (outcome.overBudget)
        outcome.fatal = outOfState(m_program->name, m_stores, m_account.limit());
}

void QueryWorker::noteFailures(const DoubtfulBatch& work, const EventBatch& decoded, BatchOutcome& outcome) const
{
    std::uint32_t first = UINT32_MAX;
    const auto note = [&](std::uint32_t row, const std::string& where, const std::string& message) {
        if (row >= first)
            return;
        first = row;
        outcome.firstFailure = Error{ErrorKind::Corrupt, message, where};
    };
    for (const RowError& error : decoded.errors) {
        if (error.failsFlink && !m_program->json.ignoreParseErrors)
            note(error.row, placeOf(decoded, error.row) + " byte " + std::to_string(error.byte), error.message);
    }
    for (const auto* failures : {&work.evaluator.failures(), &m_timeFailures}) {
        for (const sql::EvaluationFailure& failure : *failures)
            note(failure.row, placeOf(decoded, failure.row), failure.message);
    }
    outcome.failedRows = decoded.errors.size() + work.evaluator.failures().size() + m_timeFailures.size();
}

void QueryWorker::bookState()
{
    m_account.hold(stateBytes());
}

std::size_t QueryWorker::stateBytes() const
{
    std::size_t bytes = 0;
    for (const auto& [index, store] : m_stores)
        bytes += store.memoryBytes();
    return bytes;
}

} // namespace weir::query
