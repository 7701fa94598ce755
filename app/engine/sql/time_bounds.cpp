// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/time_bounds.h"

#include "app/engine/sql/comparison.h"

#include <algorithm>

namespace weir::sql {

namespace {

constexpr std::int64_t longestMs = 1'000'000'000'000'000; ///< 31,000 years: sums of these do not overflow

/// column + offset
struct TimeTerm
{
    std::size_t column = 0;
    std::int64_t offsetMs = 0;
};

std::optional<TimeTerm> termOf(const Expression& expression)
{
    if (expression.kind == Expression::Kind::Column)
        return TimeTerm{expression.column, 0};
    const bool adds = expression.kind == Expression::Kind::Call
        && (expression.function == Function::Add || expression.function == Function::Subtract);
    if (!adds || expression.arguments.size() != 2)
        return std::nullopt;
    const Expression& interval = *expression.arguments[1];
    const auto* millis = std::get_if<std::int64_t>(&interval.literal);
    if (interval.kind != Expression::Kind::Constant || interval.type.kind != TypeKind::IntervalDayTime || !millis)
        return std::nullopt;
    auto term = termOf(*expression.arguments[0]);
    if (std::abs(*millis) > longestMs || (term && std::abs(term->offsetMs) > longestMs))
        return std::nullopt;
    if (term)
        term->offsetMs += expression.function == Function::Add ? *millis : -*millis;
    return term;
}

class BoundsCollector
{
public:
    BoundsCollector(const Scope& left, const Scope& right) : m_left(left), m_right(right) { }

    /// True if the condition is one of the bounds.
    bool take(const Expression& condition)
    {
        const bool comparison = condition.kind == Expression::Kind::Call
            && (condition.function == Function::Equal
                || (condition.function >= Function::Less && condition.function <= Function::GreaterOrEqual));
        if (!comparison)
            return false;
        auto a = termOf(*condition.arguments[0]);
        auto b = termOf(*condition.arguments[1]);
        if (!a || !b || !isTime(a->column) || !isTime(b->column))
            return false;
        Function function = condition.function;
        if (a->column > b->column) {
            std::swap(a, b);
            function = mirrored(function);
        }
        const std::size_t border = m_left.columns.size();
        if (a->column >= border || b->column < border)
            return false;
        if (!found)
            found = TimeBounds{a->column, b->column - border, std::nullopt, std::nullopt};
        if (found->leftTime != a->column || found->rightTime != b->column - border)
            return false;
        // left + a.offset `function` right + b.offset
        narrow(function, a->offsetMs - b->offsetMs);
        return true;
    }

    std::optional<TimeBounds> found;

private:
    bool isTime(std::size_t column) const
    {
        const std::size_t border = m_left.columns.size();
        const ScopeColumn& one = column < border ? m_left.columns[column] : m_right.columns[column - border];
        return one.timeAttribute;
    }

    void narrow(Function function, std::int64_t distance)
    {
        const auto lower = [&](std::int64_t value) {
            found->lowerMs = std::max(found->lowerMs.value_or(value), value);
        };
        const auto upper = [&](std::int64_t value) {
            found->upperMs = std::min(found->upperMs.value_or(value), value);
        };
        if (function == Function::LessOrEqual || function == Function::Equal)
            lower(distance);
        if (function == Function::Less)
            lower(distance + 1);
        if (function == Function::GreaterOrEqual || function == Function::Equal)
            upper(distance);
        if (function == Function::Greater)
            upper(distance - 1);
    }

    const Scope& m_left;
    const Scope& m_right;
};

} // namespace

std::optional<TimeBounds> takeTimeBounds(const Scope& left, const Scope& right, std::vector<ExpressionPtr>& conditions)
{
    BoundsCollector bounds(left, right);
    std::vector<ExpressionPtr> kept;
    for (const ExpressionPtr& condition : conditions) {
        if (!bounds.take(*condition))
            kept.push_back(condition);
    }
    conditions = std::move(kept);
    return bounds.found;
}

} // namespace weir::sql
