// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/row_evaluator.h"

#include <algorithm>
#include <numeric>

namespace weir::query {

namespace {

struct WindowColumns
{
    Column start;
    Column end;
    Column time;
};

WindowColumns windowColumns(const EventBatch& batch, const WindowStep& step)
{
    const std::size_t first = step.schema.size() - 3;
    WindowColumns columns{Column(step.schema[first].type, batch.rowCount),
        Column(step.schema[first + 1].type, batch.rowCount), Column(step.schema[first + 2].type, batch.rowCount)};
    const Column& time = batch.columns[step.timeColumn];
    batch.forEachSelected([&](std::uint32_t row) {
        const window::WindowBounds bounds =
            step.slices.sliceOf(step.zone.localOf(time.values<Timestamp>()[row].millis));
        columns.start.values<Timestamp>()[row] = {bounds.start, 0};
        columns.end.values<Timestamp>()[row] = {bounds.end, 0};
        columns.time.values<Timestamp>()[row] = {step.zone.instantOf(bounds.end - 1), 0};
    });
    return columns;
}

} // namespace

const std::string nullTime = "RowTime field should not be null, please convert it to a non-null long value.";

void RowEvaluator::deselect(EventBatch& batch, std::uint32_t row)
{
    Selection& selection = batch.selection;
    if (selection.all) {
        selection.all = false;
        selection.rows.resize(batch.rowCount);
        std::iota(selection.rows.begin(), selection.rows.end(), 0U);
    }
    const auto found = std::lower_bound(selection.rows.begin(), selection.rows.end(), row);
    if (found != selection.rows.end() && *found == row)
        selection.rows.erase(found);
}

void RowEvaluator::fail(sql::EvaluationFailure failure, EventBatch& batch)
{
    deselect(batch, failure.row);
    m_failures.push_back(std::move(failure));
}

Column RowEvaluator::evaluate(const sql::Expression& expression, EventBatch& batch)
{
    // Only the first failing row is told, so the rest is asked again without it: failures are rare or end the run.
    for (;;) {
        sql::Evaluated result = sql::evaluate(expression, batch, m_context);
        if (!result.failure)
            return std::move(result.column);
        fail(std::move(*result.failure), batch);
    }
}

const Column* RowEvaluator::operand(const sql::ExpressionPtr& expression, EventBatch& batch)
{
    if (!expression)
        return nullptr;
    if (expression->kind == sql::Expression::Kind::Column)
        return &batch.columns[expression->column];
    return &m_kept.emplace_back(evaluate(*expression, batch));
}

void RowEvaluator::run(std::span<const Step> steps, EventBatch& batch)
{
    for (const Step& step : steps)
        std::visit([&](const auto& one) { runStep(one, batch); }, step);
}

void RowEvaluator::runStep(const FilterStep& step, EventBatch& batch)
{
    const std::size_t before = batch.selectedCount();
    std::size_t failed = 0;
    for (;; ++failed) {
        Selection selection = batch.selection;
        std::optional<sql::EvaluationFailure> failure = sql::applyFilter(*step.predicate, batch, m_context);
        if (!failure)
            break;
        batch.selection = std::move(selection);
        fail(std::move(*failure), batch);
    }
    m_filtered += before - failed - batch.selectedCount();
}

void RowEvaluator::runStep(const ProjectStep& step, EventBatch& batch)
{
    std::vector<Column> columns;
    columns.reserve(step.expressions.size());
    for (const sql::ExpressionPtr& expression : step.expressions) {
        if (expression->kind == sql::Expression::Kind::Column)
            columns.push_back(batch.columns[expression->column]);
        else
            columns.push_back(evaluate(*expression, batch));
    }
    std::move(batch.columns.begin(), batch.columns.end(), std::back_inserter(m_kept));
    batch.columns = std::move(columns);
    batch.schema = step.schema;
}

void RowEvaluator::runStep(const WindowStep& step, EventBatch& batch)
{
    batch.schema = step.schema;
    if (!step.columnsRead) {
        batch.columns.resize(step.schema.size());
        return;
    }
    dropWithoutTime(batch, step.timeColumn);
    WindowColumns columns = windowColumns(batch, step);
    batch.columns.push_back(std::move(columns.start));
    batch.columns.push_back(std::move(columns.end));
    batch.columns.push_back(std::move(columns.time));
}

void RowEvaluator::dropWithoutTime(EventBatch& batch, std::size_t timeColumn)
{
    if (batch.columns[timeColumn].validity().allValid())
        return;
    std::vector<std::uint32_t> dropped;
    batch.forEachSelected([&](std::uint32_t row) {
        if (batch.columns[timeColumn].isNull(row))
            dropped.push_back(row);
    });
    for (const std::uint32_t row : dropped)
        fail({row, nullTime}, batch);
}

ResultBatch toResult(EventBatch batch, const Schema& schema)
{
    ResultBatch result;
    result.schema = schema;
    result.rowCount = batch.selectedCount();
    for (Column& column : batch.columns) {
        const bool strings = physicalTypeOf(column.type()) == PhysicalType::String;
        if (batch.selection.all && !strings) {
            result.columns.push_back(std::move(column));
            continue;
        }
        Column& copy = result.columns.emplace_back(column.type(), 0);
        batch.forEachSelected([&](std::uint32_t row) { copy.appendCopy(column, row); });
    }
    return result;
}

} // namespace weir::query
