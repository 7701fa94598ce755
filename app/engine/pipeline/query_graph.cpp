// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/query_graph.h"

#include <algorithm>

namespace weir::query {

using window::StreamRows;

namespace {

StreamRows noRows(const Schema& schema)
{
    StreamRows rows;
    rows.batch.schema = schema;
    for (const RowField& field : schema)
        rows.batch.columns.emplace_back(field.type, 0);
    return rows;
}

} // namespace

QueryGraph::QueryGraph(std::shared_ptr<const QueryProgram> program, GraphHooks hooks, const GraphOptions& options)
    : m_program(std::move(program)), m_hooks(std::move(hooks)), m_options(options), m_threads(options.operators)
{
    for (const StageProgram& one : m_program->stages) {
        Stage& stage = m_stages.emplace_back();
        stage.program = &one;
        stage.ports.resize(one.ports);
        if (one.make)
            stage.exchange = std::make_unique<Exchange>(one, m_threads, m_options.budget);
    }
}

Result<void> QueryGraph::rows(std::size_t scan, StreamRows rows)
{
    return deliver(m_program->scans[scan].readers, std::move(rows));
}

Result<void> QueryGraph::advance(std::size_t scan, std::int64_t watermark)
{
    return deliverWatermark(m_program->scans[scan].readers, watermark);
}

Result<void> QueryGraph::setIdle(std::size_t scan, bool idle)
{
    return deliverIdle(m_program->scans[scan].readers, idle);
}

Result<void> QueryGraph::deliver(const std::vector<Reader>& readers, StreamRows rows)
{
    if (rows.batch.selectedCount() == 0)
        return {};
    if (readers.empty())
        return emit(std::move(rows));
    for (std::size_t i = 0; i + 1 < readers.size(); ++i) {
        Result<void> done = rowsAt(m_stages[readers[i].stage], readers[i].port, rows);
        if (!done)
            return done;
    }
    return rowsAt(m_stages[readers.back().stage], readers.back().port, std::move(rows));
}

Result<void> QueryGraph::deliverWatermark(const std::vector<Reader>& readers, std::int64_t watermark)
{
    for (const Reader& reader : readers) {
        Stage& stage = m_stages[reader.stage];
        Port& port = stage.ports[reader.port];
        port.watermark = std::max(port.watermark, watermark);
        Result<void> done = moveWatermark(stage);
        if (!done)
            return done;
    }
    return {};
}

Result<void> QueryGraph::deliverIdle(const std::vector<Reader>& readers, bool idle)
{
    for (const Reader& reader : readers) {
        Stage& stage = m_stages[reader.stage];
        stage.ports[reader.port].idle = idle;
        Result<void> done = moveWatermark(stage);
        const bool all =
            std::all_of(stage.ports.begin(), stage.ports.end(), [](const Port& port) { return port.idle; });
        if (done && all != std::exchange(stage.idle, all))
            done = deliverIdle(stage.program->readers, all);
        if (!done)
            return done;
    }
    return {};
}

/// The lowest watermark of the ports that are not idle, but for one; the highest there is when none is left.
std::int64_t QueryGraph::lowest(const Stage& stage, std::size_t exceptPort)
{
    std::int64_t lowest = INT64_MAX;
    for (std::size_t port = 0; port < stage.ports.size(); ++port) {
        if (port != exceptPort && !stage.ports[port].idle)
            lowest = std::min(lowest, stage.ports[port].watermark);
    }
    return lowest;
}

Result<void> QueryGraph::moveWatermark(Stage& stage)
{
    const bool allIdle =
        std::all_of(stage.ports.begin(), stage.ports.end(), [](const Port& port) { return port.idle; });
    const std::int64_t watermark = allIdle ? stage.watermark : lowest(stage, stage.ports.size());
    if (watermark <= stage.watermark)
        return {};
    if (stage.exchange) {
        Result<void> done = runOperator(stage, 0, noRows({}), watermark);
        if (!done)
            return done;
    }
    stage.watermark = watermark;
    return deliverWatermark(stage.program->readers, watermark);
}

Result<void> QueryGraph::rowsAt(Stage& stage, std::size_t port, StreamRows rows)
{
    const std::int64_t others = lowest(stage, port);
    std::int64_t watermark = stage.watermark;
    rows.batch.forEachSelected([&](std::uint32_t row) {
        stage.ports[port].watermark = std::max(stage.ports[port].watermark, rows.watermarks[row]);
        watermark = std::max(watermark, std::min(rows.watermarks[row], others));
        rows.watermarks[row] = watermark;
    });
    Result<void> done = stage.exchange ? runOperator(stage, port, rows, watermark) : behind(stage, std::move(rows));
    if (!done || watermark == stage.watermark)
        return done;
    stage.watermark = watermark;
    return deliverWatermark(stage.program->readers, watermark);
}

Result<void> QueryGraph::runOperator(Stage& stage, std::size_t port, const StreamRows& rows, std::int64_t after)
{
    Result<void> passed;
    const auto flush = [&](StreamRows given) {
        passed = behind(stage, std::move(given));
        return passed.ok();
    };
    window::OutputRows out(stage.program->given, flush);
    stage.exchange->process({port, rows, stage.watermark, after, stage.nextNumber}, out);
    stage.nextNumber += rows.batch.selectedCount();
    out.flush();
    if (!passed)
        return passed;
    for (const std::string& failure : stage.exchange->takeFailures()) {
        Result<void> goOn = m_hooks.fail(failure);
        if (!goOn)
            return goOn;
    }
    if (stage.exchange->isFull())
        return outOfState(m_program->name, stage.exchange->use(), m_options.budget->limit());
    return {};
}

/// The steps behind an operator, then whoever reads it.
Result<void> QueryGraph::behind(Stage& stage, StreamRows rows)
{
    RowEvaluator evaluator(m_program->context); // lives until the rows have been read: strings point into it
    evaluator.run(stage.program->after, rows.batch);
    m_filtered += evaluator.filtered();
    for (const sql::EvaluationFailure& failure : evaluator.failures()) {
        Result<void> goOn = m_hooks.fail(failure.message);
        if (!goOn)
            return goOn;
    }
    return deliver(stage.program->readers, std::move(rows));
}

Result<void> QueryGraph::emit(StreamRows rows)
{
    std::vector<RowKind> kinds;
    if (!rows.kinds.empty())
        rows.batch.forEachSelected([&](std::uint32_t row) { kinds.push_back(rows.kinds[row]); });
    ResultBatch result = toResult(std::move(rows.batch), m_program->output);
    result.kinds = std::move(kinds);
    return m_hooks.emit(std::move(result));
}

std::uint64_t QueryGraph::fired() const
{
    std::uint64_t fired = 0;
    for (const Stage& stage : m_stages)
        fired += stage.exchange ? stage.exchange->counts().fired : 0;
    return fired;
}

std::vector<LateRows> QueryGraph::lateRows() const
{
    std::vector<LateRows> late;
    for (const Stage& stage : m_stages) {
        if (stage.exchange && stage.exchange->counts().lateDropped > 0)
            late.push_back({stage.program->name, stage.exchange->counts().lateDropped});
    }
    return late;
}

std::size_t QueryGraph::groupCount() const
{
    std::size_t groups = 0;
    for (const Stage& stage : m_stages)
        groups += stage.exchange ? stage.exchange->groupCount() : 0;
    return groups;
}

std::size_t QueryGraph::memoryBytes() const
{
    std::size_t bytes = 0;
    for (const Stage& stage : m_stages)
        bytes += stage.exchange ? stage.exchange->memoryBytes() : 0;
    return bytes;
}

} // namespace weir::query
