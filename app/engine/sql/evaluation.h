// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/evaluate.h"

#include <cassert>
#include <deque>

namespace weir::sql {

/// One evaluation over one batch: kernels compute a column for the rows asked for and note the first row at which Flink
/// would fail. Private to `sql`.
class Evaluation
{
public:
    Evaluation(const EventBatch& batch, const EvaluationContext& context) : m_batch(batch), m_context(context) { }

    /// The column of `expression`, computed for `rows` at least. Lives as long as this evaluation.
    const Column& column(const Expression& expression, const Selection& rows);

    std::size_t rowCount() const { return m_batch.rowCount; }
    const EvaluationContext& context() const { return m_context; }
    const std::optional<EvaluationFailure>& failure() const { return m_failure; }
    void fail(std::uint32_t row, const char* message)
    {
        if (!m_failure || row < m_failure->row)
            m_failure = EvaluationFailure{row, message};
    }
    void fail(std::uint32_t row, const std::string& message) { fail(row, message.c_str()); }

    template <typename Visit>
    void each(const Selection& rows, Visit&& visit) const
    {
        if (rows.all) {
            const auto count = static_cast<std::uint32_t>(m_batch.rowCount);
            for (std::uint32_t row = 0; row < count; ++row)
                visit(row);
        } else {
            for (const std::uint32_t row : rows.rows)
                visit(row);
        }
    }

    /// A result column in which rows with a NULL argument are NULL already.
    Column resultFor(const Expression& call, const std::vector<const Column*>& arguments, const Selection& rows) const;

private:
    Column compute(const Expression& expression, const Selection& rows);
    Column constant(const Expression& expression) const;

    const EventBatch& m_batch;
    const EvaluationContext& m_context;
    std::deque<Column> m_computed; ///< a deque keeps its elements where they are
    std::optional<EvaluationFailure> m_failure;
};

using Arguments = std::vector<const Column*>;

// The kernels, by what they compute.
Column evaluateArithmetic(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateComparison(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateExtreme(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateLogic(const Expression& call, const Selection& rows, Evaluation& run);
Column evaluateChoice(const Expression& call, const Selection& rows, Evaluation& run); ///< CASE, COALESCE
Column evaluateTest(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateCast(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateText(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateTime(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateNumber(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateNested(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);
Column evaluateJson(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run);

/// An integer brought into the range of its type, as Java does: by dropping high bits.
inline std::int64_t wrapped(TypeKind kind, std::int64_t value)
{
    switch (kind) {
    case TypeKind::TinyInt:
        return static_cast<std::int8_t>(value);
    case TypeKind::SmallInt:
        return static_cast<std::int16_t>(value);
    case TypeKind::Int:
        return static_cast<std::int32_t>(value);
    default:
        return value;
    }
}

/// Copies row `row` of `from` into `to`; both have one physical type. Strings stay where they are: the caller keeps
/// `from`'s heap alive.
void copyValue(const Column& from, Column& to, std::uint32_t row);

} // namespace weir::sql
