// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/window_emitter.h"

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

void combineSlices(const std::map<std::size_t, window::SliceStore>& stores, std::int64_t end, window::SliceState& into)
{
    for (const auto& [index, store] : stores) {
        const auto found = store.slices().find(end);
        if (found != store.slices().end())
            into.combine(*found->second);
    }
}

void appendRows(ResultBatch& to, const ResultBatch& from)
{
    for (std::size_t i = 0; i < to.columns.size(); ++i) {
        for (std::size_t row = 0; row < from.rowCount; ++row)
            to.columns[i].appendCopy(from.columns[i], row);
    }
    to.rowCount += from.rowCount;
}

Column boundColumn(const LogicalType& type, std::size_t rows, std::int64_t millis)
{
    Column column(type, rows);
    std::fill(column.values<Timestamp>().begin(), column.values<Timestamp>().end(), Timestamp{millis, 0});
    return column;
}

} // namespace

WindowEmitter::WindowEmitter(
    std::shared_ptr<const QueryProgram> program, const Workers& workers, std::shared_ptr<MemoryBudget> budget)
    : m_program(std::move(program)), m_workers(workers), m_account(std::move(budget))
{ }

void WindowEmitter::noteOpen(const std::vector<std::int64_t>& sliceEnds)
{
    m_open.insert(sliceEnds.begin(), sliceEnds.end());
}

Result<std::uint64_t> WindowEmitter::addDoubtful(
    const DoubtfulBatch& doubtful, std::size_t partition, const window::WatermarkTracker& tracker)
{
    const Aggregation& aggregation = *m_program->aggregation;
    const window::SlicedRows& rows = doubtful.rows.rows;
    window::SlicedRows counted;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        const std::int64_t watermark = tracker.before(partition, doubtful.rows.ownWatermark[i]);
        if (window::hasFired(aggregation.slices.lastWindowEnd(rows.sliceEnds[i]), watermark))
            continue;
        counted.rows.push_back(rows.rows[i]);
        counted.sliceEnds.push_back(rows.sliceEnds[i]);
    }
    noteOpen(counted.sliceEnds);
    const std::size_t index = aggregation.orderMatters ? partition : 0;
    m_decided.try_emplace(index, aggregation.spec).first->second.add(doubtful.input, counted);
    std::size_t bytes = 0;
    for (const auto& [key, store] : m_decided)
        bytes += store.memoryBytes();
    if (!m_account.hold(bytes))
        return outOfState(m_program->name, m_decided, m_account.limit());
    return std::uint64_t{rows.rows.size() - counted.rows.size()};
}

Result<void> WindowEmitter::fire(std::int64_t watermark, const std::function<Result<void>(ResultBatch)>& emit)
{
    while (!m_open.empty() && window::hasFired(*m_open.begin(), watermark)) {
        const std::int64_t end = *m_open.begin();
        m_open.erase(m_open.begin());
        ++m_fired;
        Result<ResultBatch> rows = rowsOf(*collect(end), end);
        if (!rows)
            return rows.error();
        Result<void> emitted = emit(std::move(*rows));
        if (!emitted)
            return emitted;
    }
    return {};
}

/// Slices are combined in the order of their partitions, so that sums of doubles come out the same every time.
std::unique_ptr<window::SliceState> WindowEmitter::collect(std::int64_t end)
{
    Slices slices;
    for (const auto& worker : m_workers) {
        const std::scoped_lock lock(worker->mutex());
        takeSlices(worker->stores(), end, slices);
        worker->bookState();
    }
    takeSlices(m_decided, end, slices);
    std::stable_sort(slices.begin(), slices.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::unique_ptr<window::SliceState> whole = std::move(slices.front().second);
    for (std::size_t i = 1; i < slices.size(); ++i)
        whole->combine(*slices[i].second);
    return whole;
}

std::unique_ptr<window::SliceState> WindowEmitter::copyOf(std::int64_t end) const
{
    auto whole = std::make_unique<window::SliceState>(*m_program->aggregation->spec);
    for (const auto& worker : m_workers) {
        const std::scoped_lock lock(worker->mutex());
        combineSlices(worker->stores(), end, *whole);
    }
    combineSlices(m_decided, end, *whole);
    return whole;
}

Result<ResultBatch> WindowEmitter::rowsOf(const window::SliceState& slice, std::int64_t end) const
{
    const Aggregation& aggregation = *m_program->aggregation;
    const window::WindowBounds bounds = aggregation.slices.windowOf(end);
    EventBatch batch;
    batch.schema = aggregation.schema;
    batch.rowCount = slice.groupCount();
    const std::int64_t times[] = {bounds.start, bounds.end, bounds.end - 1};
    for (std::size_t i = 0; i < 3; ++i)
        batch.columns.push_back(boundColumn(aggregation.schema[i].type, batch.rowCount, times[i]));
    for (const Column& key : slice.groups().keys())
        batch.columns.push_back(key);
    for (Column& column : slice.finish())
        batch.columns.push_back(std::move(column));
    RowEvaluator evaluator(m_program->context);
    evaluator.run(m_program->after, batch);
    if (!evaluator.failures().empty())
        return Error{ErrorKind::InvalidInput, evaluator.failures().front().message, m_program->name};
    return toResult(std::move(batch), m_program->output);
}

std::shared_ptr<const ResultBatch> WindowEmitter::provisional(std::size_t maxRows) const
{
    std::shared_ptr<ResultBatch> all;
    for (const std::int64_t end : m_open) {
        Result<ResultBatch> rows = rowsOf(*copyOf(end), end);
        if (!rows)
            break; // the same failure will be told when the window fires
        if (!all)
            all = std::make_shared<ResultBatch>(std::move(*rows));
        else
            appendRows(*all, *rows);
        if (all->rowCount >= maxRows)
            break;
    }
    return all ? all : std::make_shared<const ResultBatch>();
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
        add(worker->stores());
    }
    add(m_decided);
    return size;
}

} // namespace weir::query
