// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/query_worker.h"

#include <algorithm>

namespace weir::query {

namespace {

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

Column localTimes(const Column& instants, const EventBatch& batch, const window::WindowZone& zone)
{
    Column local(instants.type(), instants.size());
    local.validity() = instants.validity();
    batch.forEachSelected([&](std::uint32_t row) {
        local.values<Timestamp>()[row].millis = zone.localOf(instants.values<Timestamp>()[row].millis);
    });
    return local;
}

std::string placeOf(const EventBatch& batch, std::uint32_t row)
{
    const RecordBatch& records = *batch.source;
    const TopicPartition partition{records.topic(), records.partition()};
    return partition.text() + " offset " + std::to_string(records.offset(recordOf(batch, row)));
}

} // namespace

QueryWorker::QueryWorker(std::shared_ptr<const QueryProgram> program, std::shared_ptr<MemoryBudget> budget)
    : m_program(std::move(program)), m_stores(m_program->scans.size()), m_account(std::move(budget))
{
    for (const ScanProgram& scan : m_program->scans)
        m_scans.emplace_back(scan);
}

BatchOutcome QueryWorker::process(const Arrival& arrival)
{
    const ScanProgram& scan = m_program->scans[arrival.scan];
    BatchOutcome outcome;
    outcome.rowsIn = arrival.batch->size();
    m_timeFailures.clear();
    auto work = std::unique_ptr<WorkedBatch>(new WorkedBatch{{}, RowEvaluator(m_program->context), {}, {}, {}});
    work->batch = m_scans[arrival.scan].run(arrival.batch, arrival.sequence, work->evaluator);
    runWatermark(arrival, *work, outcome);
    work->evaluator.run(scan.before, work->batch);
    if (scan.aggregation)
        aggregate(arrival, *work, outcome);
    noteFailures(*work, work->batch, outcome);
    outcome.filtered = work->evaluator.filtered();
    handOn(scan, std::move(work), outcome);
    return outcome;
}

void QueryWorker::runWatermark(const Arrival& arrival, WorkedBatch& work, BatchOutcome& outcome)
{
    const ScanProgram& scan = m_program->scans[arrival.scan];
    if (!scan.watermark)
        return;
    const Column* candidates = work.evaluator.operand(scan.watermark, work.batch);
    window::PartitionClock& clock = m_clocks.try_emplace(arrival.partition, scan.watermarkFloor).first->second;
    const std::int64_t before = clock.watermark();
    clock.run(work.batch, *candidates, m_ownWatermarks);
    outcome.watermark = clock.watermark();
    if (!scan.aggregation || scan.readers.empty() || before == clock.watermark())
        return;
    work.batch.forEachSelected([&](std::uint32_t row) {
        if (outcome.ownWatermarks.empty() || outcome.ownWatermarks.back() != m_ownWatermarks[row])
            outcome.ownWatermarks.push_back(m_ownWatermarks[row]);
    });
}

/// What is left of the batch goes to the thread that sees all batches in order.
void QueryWorker::handOn(const ScanProgram& scan, std::unique_ptr<WorkedBatch> work, BatchOutcome& outcome)
{
    if (scan.aggregation) {
        if (!work->rows.rows.empty())
            outcome.doubtful = std::move(work);
        return;
    }
    if (scan.readers.empty()) {
        outcome.rows = toResult(std::move(work->batch), scan.output);
        return;
    }
    if (scan.watermark)
        work->ownWatermarks = m_ownWatermarks;
    outcome.streamed = std::move(work);
}

void QueryWorker::bind(const Aggregation& aggregation, WorkedBatch& work)
{
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
        bindGroupingSets(aggregation, input, work);
}

/// A row counts once per set: with the set's keys, NULL for the others, and a number that tells which those are.
void QueryWorker::bindGroupingSets(
    const Aggregation& aggregation, const window::SliceInput& plain, WorkedBatch& work) const
{
    for (const std::vector<std::size_t>& set : aggregation.groupingSets) {
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

void QueryWorker::aggregate(const Arrival& arrival, WorkedBatch& work, BatchOutcome& outcome)
{
    const ScanProgram& scan = m_program->scans[arrival.scan];
    const Aggregation& aggregation = *scan.aggregation;
    bind(aggregation, work); // before rows are sorted: rows at which an expression fails leave the selection
    std::span<const std::int64_t> own;
    if (scan.watermark)
        own = m_ownWatermarks;
    const Column* time = &work.batch.columns[aggregation.timeColumn];
    if (aggregation.zone.shifts()) {
        time = work.evaluator.keep(localTimes(*time, work.batch, aggregation.zone));
        m_progress.assign(own.size(), INT64_MIN);
        work.batch.forEachSelected([&](std::uint32_t row) {
            if (!own.empty())
                m_progress[row] = aggregation.zone.progressOf(own[row]);
        });
        own = m_progress;
    }
    window::sortRows(work.batch, {aggregation.slices, *time, own, arrival.trustOwn}, m_sorted);
    for (std::size_t i = 0; i < m_sorted.doubtful.rows.size(); ++i) // instants again, to compare with others'
        m_sorted.doubtful.ownWatermark[i] = m_ownWatermarks[m_sorted.doubtful.rows[i]];
    for (const std::uint32_t row : m_sorted.withoutTime)
        m_timeFailures.push_back({row, nullTime});
    work.rows = std::move(m_sorted.doubtful);
    addInTime(arrival, work, outcome);
}

void QueryWorker::addInTime(const Arrival& arrival, const WorkedBatch& work, BatchOutcome& outcome)
{
    if (m_sorted.inTime.empty())
        return;
    for (const window::SlicedRows::Slice& slice : m_sorted.inTime.slices())
        outcome.sliceEnds.push_back(slice.end);
    std::sort(outcome.sliceEnds.begin(), outcome.sliceEnds.end());
    outcome.sliceEnds.erase(std::unique(outcome.sliceEnds.begin(), outcome.sliceEnds.end()), outcome.sliceEnds.end());
    const Aggregation& aggregation = *m_program->scans[arrival.scan].aggregation;
    const std::size_t index = aggregation.orderMatters ? arrival.partition : 0;
    const std::scoped_lock lock(m_mutex);
    window::SliceStore& store = m_stores[arrival.scan].try_emplace(index, aggregation.spec).first->second;
    for (const window::SliceInput& input : work.inputs)
        store.add(input, m_sorted.inTime);
    outcome.overBudget = !m_account.hold(stateBytes());
}

void QueryWorker::tryBudgetAgain(BatchOutcome& outcome)
{
    const std::scoped_lock lock(m_mutex);
    outcome.overBudget = !m_account.hold(stateBytes());
    if (outcome.overBudget)
        outcome.fatal = outOfState(m_program->name, useOf(m_stores), m_account.limit());
}

void QueryWorker::noteFailures(const WorkedBatch& work, const EventBatch& decoded, BatchOutcome& outcome) const
{
    std::uint32_t first = UINT32_MAX;
    const auto note = [&](std::uint32_t row, const std::string& where, const std::string& message) {
        if (row >= first)
            return;
        first = row;
        outcome.firstFailure = Error{ErrorKind::Corrupt, message, where};
    };
    for (const RowError& error : decoded.errors) {
        if (error.failsFlink)
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
    for (const auto& stores : m_stores) {
        for (const auto& [index, store] : stores)
            bytes += store.memoryBytes();
    }
    return bytes;
}

} // namespace weir::query
