// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_program.h"

#include <deque>
#include <span>

namespace weir::query {

/// Runs expressions and steps over one batch. Rows at which Flink's job would fail leave the selection and are noted.
/// One batch, one thread.
class RowEvaluator
{
public:
    explicit RowEvaluator(const sql::EvaluationContext& context) : m_context(context) { }

    Column evaluate(const sql::Expression& expression, EventBatch& batch);
    /// A plain column of the batch as it stands, or the computed one, kept here. Valid as long as both live.
    const Column* operand(const sql::ExpressionPtr& expression, EventBatch& batch);
    /// Keeps a column for as long as this lives.
    const Column* keep(Column column) { return &m_kept.emplace_back(std::move(column)); }
    void run(std::span<const Step> steps, EventBatch& batch);

    const std::vector<sql::EvaluationFailure>& failures() const { return m_failures; } ///< in the order found
    std::uint64_t filtered() const { return m_filtered; } ///< rows that predicates kept out

    /// Takes a row out of the selection.
    static void deselect(EventBatch& batch, std::uint32_t row);

private:
    void runStep(const FilterStep& step, EventBatch& batch);
    void runStep(const ProjectStep& step, EventBatch& batch);
    void runStep(const WindowStep& step, EventBatch& batch);
    void fail(sql::EvaluationFailure failure, EventBatch& batch);
    void dropWithoutTime(EventBatch& batch, std::size_t timeColumn);

    const sql::EvaluationContext& m_context;
    std::vector<sql::EvaluationFailure> m_failures;
    std::deque<Column> m_kept; ///< operands, and columns that strings of a projection may point into
    std::uint64_t m_filtered = 0;
};

/// What Flink says of a row whose time is NULL.
extern const std::string nullTime;

/// The selected rows as a result that owns all it shows.
ResultBatch toResult(EventBatch batch, const Schema& schema);

} // namespace weir::query
