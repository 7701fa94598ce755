// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/window_emitter.h"

#include "app/engine/aggregate/key_hash.h"
#include "app/engine/pipeline/kept_rows.h"

#include <algorithm>

namespace weir::query {

namespace {

using Slices = std::vector<std::pair<std::size_t, std::unique_ptr<window::SliceState>>>; ///< by partition index

void takeSlices(std::map<std::size_t, window::SliceStore>& stores, std::int64_t end, Slices& slices)
{
    for (auto& [index, store] : stores) {
        if (auto slice = store.take(end))
            slices.emplace_back(index, std::move(slice));
    }
}

/// Adds the slices that lie in a window.
void combineSlices(
    const std::map<std::size_t, window::SliceStore>& stores, window::WindowBounds bounds, window::SliceState& into)
{
    for (const auto& [index, store] : stores) {
        const auto& slices = store.slices();
        for (auto slice = slices.upper_bound(bounds.start); slice != slices.end() && slice->first <= bounds.end;
             ++slice)
            into.combine(*slice->second);
    }
}

Column boundColumn(const LogicalType& type, std::size_t rows, std::int64_t millis)
{
    Column column(type, rows);
    std::fill(column.values<Timestamp>().begin(), column.values<Timestamp>().end(), Timestamp{millis, 0});
    return column;
}

} // namespace

WindowEmitter::WindowEmitter(std::shared_ptr<const QueryProgram> program, std::size_t scan, const Workers& workers,
    std::shared_ptr<MemoryBudget> budget)
    : m_program(std::move(program)), m_scan(scan), m_workers(workers), m_decided(1), m_account(std::move(budget))
{
    if (this->scan().aggregation)
        m_merger = window::makeMerger(this->scan().aggregation->slices, this->scan().aggregation->spec);
}

void WindowEmitter::noteOpen(std::int64_t sliceEnd)
{
    if (m_slices.insert(sliceEnd).second)
        openSlice(sliceEnd, window::noWatermark);
}

/// All windows of a slice that have not fired hold rows now.
void WindowEmitter::openSlice(std::int64_t sliceEnd, std::int64_t watermark)
{
    const window::SliceAssigner& slices = scan().aggregation->slices;
    const std::int64_t last = slices.lastWindowEnd(sliceEnd);
    for (std::int64_t end = sliceEnd;; end += slices.step()) {
        if (!window::hasFired(end, watermark))
            m_open.insert(end);
        if (end > last - slices.step())
            return;
    }
}

Result<std::uint64_t> WindowEmitter::addDoubtful(
    const WorkedBatch& doubtful, std::size_t partition, const window::WatermarkTracker& tracker, const Hooks& hooks)
{
    const Aggregation& aggregation = *scan().aggregation;
    const window::DoubtfulRows& rows = doubtful.rows;
    window::SlicedRows inTime;
    std::uint64_t dropped = 0;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        const std::int64_t watermark = aggregation.zone.progressOf(tracker.before(partition, rows.ownWatermark[i]));
        const std::int64_t end = rows.sliceEnds[i];
        if (window::hasFired(aggregation.slices.lastWindowEnd(end), watermark)) {
            dropped += doubtful.inputs.size();
        } else if (!window::hasFired(end, watermark)) {
            inTime.rows(inTime.numberOf(end)).push_back(rows.rows[i]);
        } else {
            // What fired before this row is emitted without it, rows before it included.
            Result<void> done = addDecided(doubtful, partition, inTime);
            inTime.clear();
            if (done)
                done = fireUntil(watermark, hooks);
            if (done)
                done = addLate(doubtful, rows.rows[i], end);
            if (!done)
                return done.error();
            openSlice(end, watermark);
        }
    }
    const Result<void> added = addDecided(doubtful, partition, inTime);
    if (!added)
        return added.error();
    return dropped;
}

Result<void> WindowEmitter::addDecided(
    const WorkedBatch& doubtful, std::size_t partition, const window::SlicedRows& rows)
{
    if (rows.empty())
        return {};
    const Aggregation& aggregation = *scan().aggregation;
    for (const window::SlicedRows::Slice& slice : rows.slices())
        noteOpen(slice.end);
    const std::size_t index = aggregation.orderMatters ? partition : 0;
    window::SliceStore& store = m_decided[0].try_emplace(index, aggregation.spec).first->second;
    for (const window::SliceInput& input : doubtful.inputs)
        store.add(input, rows);
    return bookState();
}

Result<void> WindowEmitter::addLate(const WorkedBatch& doubtful, std::uint32_t row, std::int64_t sliceEnd)
{
    std::vector<std::uint64_t> hashes;
    for (const window::SliceInput& input : doubtful.inputs) {
        aggregate::hashRows(input.keys, {&row, 1}, hashes);
        m_merger->late(sliceEnd).add(input, {{&row, 1}, hashes});
    }
    return bookState();
}

Result<void> WindowEmitter::bookState()
{
    std::size_t bytes = m_merger->memoryBytes();
    for (const auto& [key, store] : m_decided[0])
        bytes += store.memoryBytes();
    if (!m_account.hold(bytes))
        return outOfState(m_program->name, useOf(m_decided), m_account.limit());
    return {};
}

Result<void> WindowEmitter::fire(std::int64_t watermark, const Hooks& hooks)
{
    return m_merger ? fireUntil(scan().aggregation->zone.progressOf(watermark), hooks) : Result<void>();
}

Result<void> WindowEmitter::fireUntil(std::int64_t watermark, const Hooks& hooks)
{
    while (!m_open.empty() && window::hasFired(*m_open.begin(), watermark)) {
        const std::int64_t end = *m_open.begin();
        m_open.erase(m_open.begin());
        closeSlice(end);
        if (const window::SliceState* whole = m_merger->window(end)) {
            ++m_fired;
            const Result<void> emitted = emit(*whole, end, hooks);
            if (!emitted)
                return emitted;
        }
        m_merger->expire(end);
        const Result<void> booked = bookState();
        if (!booked)
            return booked;
    }
    return {};
}

/// Parts of a slice are combined in the order of their partitions, so that sums of doubles come out the same every
/// time.
void WindowEmitter::closeSlice(std::int64_t end)
{
    if (m_slices.erase(end) == 0)
        return;
    Slices slices;
    for (const auto& worker : m_workers) {
        const std::scoped_lock lock(worker->mutex());
        takeSlices(worker->stores(m_scan), end, slices);
        worker->bookState();
    }
    takeSlices(m_decided[0], end, slices);
    std::stable_sort(slices.begin(), slices.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::unique_ptr<window::SliceState> whole = std::move(slices.front().second);
    for (std::size_t i = 1; i < slices.size(); ++i)
        whole->combine(*slices[i].second);
    m_merger->close(end, std::move(whole));
}

std::unique_ptr<window::SliceState> WindowEmitter::copyOf(std::int64_t end) const
{
    const window::SliceAssigner& slices = scan().aggregation->slices;
    const window::SliceSpec& spec = *scan().aggregation->spec;
    auto whole = std::make_unique<window::SliceState>(spec);
    m_merger->addTo(end, *whole);
    addOpenSlices(slices.windowOf(end), *whole);
    if (!slices.onlyUpdated())
        return whole;
    window::SliceState updated(spec);
    addOpenSlices({end - slices.step(), end}, updated);
    return whole->only(updated, spec);
}

void WindowEmitter::addOpenSlices(window::WindowBounds bounds, window::SliceState& into) const
{
    for (const auto& worker : m_workers) {
        const std::scoped_lock lock(worker->mutex());
        combineSlices(worker->stores(m_scan), bounds, into);
    }
    combineSlices(m_decided[0], bounds, into);
}

WindowEmitter::WindowResult WindowEmitter::rowsOf(const window::SliceState& slice, std::int64_t end) const
{
    const Aggregation& aggregation = *scan().aggregation;
    const window::WindowBounds bounds = aggregation.slices.windowOf(end);
    EventBatch batch;
    batch.schema = aggregation.schema;
    batch.rowCount = slice.groupCount();
    const std::int64_t times[] = {bounds.start, bounds.end, aggregation.zone.instantOf(bounds.end - 1)};
    for (std::size_t i = 0; i < 3; ++i)
        batch.columns.push_back(boundColumn(aggregation.schema[i].type, batch.rowCount, times[i]));
    const std::vector<Column>& keys = slice.groups().keys();
    batch.columns.insert(
        batch.columns.end(), keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(aggregation.keys.size()));
    for (Column& column : slice.finish())
        batch.columns.push_back(std::move(column));
    if (!aggregation.groupingSets.empty())
        batch.columns.push_back(keys.back());
    RowEvaluator evaluator(m_program->context);
    evaluator.run(scan().after, batch);
    return {toResult(std::move(batch), scan().output), evaluator.failures()};
}

Result<void> WindowEmitter::emit(const window::SliceState& slice, std::int64_t end, const Hooks& hooks)
{
    WindowResult result = rowsOf(slice, end);
    for (const sql::EvaluationFailure& failure : result.failures) {
        Result<void> goOn = hooks.fail(failure.message);
        if (!goOn)
            return goOn;
    }
    return hooks.emit(std::move(result.rows), end);
}

std::shared_ptr<const ResultBatch> WindowEmitter::provisional(std::size_t maxRows) const
{
    auto all = std::make_shared<ResultBatch>();
    for (const std::int64_t end : m_open) {
        appendRows(*all, rowsOf(*copyOf(end), end).rows); // failures will be told when the window fires
        if (all->rowCount >= maxRows)
            break;
    }
    return all;
}

WindowEmitter::StateSize WindowEmitter::stateSize() const
{
    StateSize size;
    const auto add = [&size](const std::map<std::size_t, window::SliceStore>& stores) {
        for (const auto& [index, store] : stores) {
            size.groups += store.groupCount();
            size.bytes += store.memoryBytes();
        }
    };
    for (const auto& worker : m_workers) {
        const std::scoped_lock lock(worker->mutex());
        add(worker->stores(m_scan));
    }
    add(m_decided[0]);
    if (m_merger) {
        size.groups += m_merger->groupCount();
        size.bytes += m_merger->memoryBytes();
    }
    return size;
}

} // namespace weir::query
