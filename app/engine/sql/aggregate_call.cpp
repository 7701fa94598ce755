// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/aggregate_call.h"

#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/relation.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/type_rules.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace weir::sql {

using aggregate::AggregateFunction;

namespace {

constexpr std::int64_t mostFrequent = 1000;

const std::map<std::string, AggregateFunction>& functionsByName()
{
    static const std::map<std::string, AggregateFunction> functions = [] {
        std::map<std::string, AggregateFunction> names{
            {"STDDEV", AggregateFunction::StddevSamp}, {"VARIANCE", AggregateFunction::VarSamp}};
        for (int i = 0; i <= static_cast<int>(AggregateFunction::ApproxTopK); ++i) {
            const auto function = static_cast<AggregateFunction>(i);
            names.emplace(aggregate::nameOf(function), function);
        }
        return names;
    }();
    return functions;
}

bool isDeviation(AggregateFunction function)
{
    return function >= AggregateFunction::StddevPop && function <= AggregateFunction::VarSamp;
}

/// The number of arguments that a function takes at least and at most.
std::pair<std::size_t, std::size_t> argumentCounts(AggregateFunction function)
{
    switch (function) {
    case AggregateFunction::ListAgg:
        return {1, 2};
    case AggregateFunction::Percentile:
    case AggregateFunction::ApproxPercentile:
    case AggregateFunction::ApproxTopK:
        return {2, 2};
    default:
        return {1, 1};
    }
}

LogicalType resultType(AggregateFunction function, const LogicalType& argument)
{
    LogicalType type = argument;
    if (argument.kind == TypeKind::Decimal && function == AggregateFunction::Sum)
        type = types::decimal(38, argument.scale);
    if (argument.kind == TypeKind::Decimal && (function == AggregateFunction::Avg || isDeviation(function)))
        type = types::decimal(38, std::max(6, argument.scale));
    if (function == AggregateFunction::ListAgg)
        type = types::string();
    if (function == AggregateFunction::Percentile || function == AggregateFunction::ApproxPercentile)
        type = types::float64();
    if (function == AggregateFunction::ApproxTopK)
        type = types::string(); // the text of a JSON object
    type.nullable = argument.nullable;
    if (function >= AggregateFunction::Percentile)
        type.nullable = true;
    return type;
}

[[noreturn]] void cannotApply(const ast::Expression& call, const LogicalType& argument, const char* takes)
{
    throw StatementError(call.span,
        "Cannot apply '" + call.text + "' to an argument of type '<" + argument.asNullable().text() + ">'.",
        call.text + " takes " + takes);
}

/// One call being bound.
class CallBinder
{
public:
    CallBinder(const ast::Expression& written, const BindPart& bind)
        : m_written(written), m_bind(bind), m_function(functionsByName().at(written.text))
    { }

    AggregateCall bindCall()
    {
        checkShape();
        AggregateCall call;
        aggregate::AggregateSpec& spec = call.spec;
        spec.function = m_function;
        const bool extreme = m_function == AggregateFunction::Min || m_function == AggregateFunction::Max;
        spec.distinct = m_written.distinct && !extreme && m_function != AggregateFunction::ApproxCountDistinct;
        if (!m_written.star)
            call.argument = m_bind(*m_written.arguments.front());
        if (call.argument) {
            checkArgument(call.argument->type);
            spec.argument = call.argument->type;
        }
        if (m_written.arguments.size() == 2)
            addParameter(call);
        const bool counts =
            m_function == AggregateFunction::Count || m_function == AggregateFunction::ApproxCountDistinct;
        spec.result = counts ? types::bigInt().notNull() : resultType(m_function, call.argument->type);
        if (m_written.filter) {
            call.filter = condition(*m_written.filter);
            spec.result.nullable = spec.result.nullable || !counts;
        }
        return call;
    }

private:
    void checkShape() const
    {
        for (const auto& argument : m_written.arguments) {
            if (!m_written.over && hasAggregate(*argument))
                throw StatementError(argument->span, "Aggregate expressions cannot be nested.");
        }
        const auto [least, most] = argumentCounts(m_function);
        const std::size_t given = m_written.arguments.size();
        const bool fits = m_written.star ? m_function == AggregateFunction::Count : given >= least && given <= most;
        if (!fits)
            throw StatementError(m_written.span,
                m_written.text + " takes "
                    + (most == 1         ? "one argument."
                            : least == 1 ? "one or two arguments."
                                         : "two arguments."),
                most == 1 ? std::string() : "Write " + form());
        if (m_written.distinct && m_function > AggregateFunction::VarSamp)
            throw StatementError(m_written.span, m_written.text + "(DISTINCT …) is not supported yet.");
    }

    std::string form() const
    {
        if (m_function == AggregateFunction::ListAgg)
            return "LISTAGG(text [, ', '])";
        return m_written.text + (m_function == AggregateFunction::ApproxTopK ? "(x, 10)" : "(x, 0.95)");
    }

    void checkArgument(const LogicalType& type) const
    {
        const bool numeric = m_function == AggregateFunction::Sum || m_function == AggregateFunction::Avg
            || m_function == AggregateFunction::Percentile || m_function == AggregateFunction::ApproxPercentile
            || isDeviation(m_function);
        if (numeric && !type.isNumeric())
            cannotApply(m_written, type, "a number");
        if (m_function == AggregateFunction::ListAgg && !type.isString())
            cannotApply(m_written, type, "a text: CAST(x AS STRING)");
    }

    /// The separator, fraction or count behind the argument, which is a constant.
    void addParameter(AggregateCall& call) const
    {
        const ast::Expression& written = *m_written.arguments[1];
        const ExpressionPtr bound = m_bind(written);
        aggregate::AggregateSpec& spec = call.spec;
        const auto wrong = [&](const char* what) {
            throw StatementError(
                written.span, "the second argument of " + m_written.text + " is " + what + ".", "Write " + form());
        };
        if (m_function == AggregateFunction::ListAgg) {
            const auto* text = std::get_if<std::string>(&bound->literal);
            if (!text)
                wrong("a text in quotes");
            spec.separator = *text;
            return;
        }
        if (m_function == AggregateFunction::ApproxTopK) {
            const auto* count = std::get_if<std::int64_t>(&bound->literal);
            if (!count || !bound->type.isInteger() || *count < 1 || *count > mostFrequent)
                wrong("how many values, 1 to 1000");
            spec.count = *count;
            return;
        }
        const auto fraction = numberOf(*bound);
        if (!fraction || !(*fraction >= 0 && *fraction <= 1))
            wrong("a number from 0 to 1");
        spec.fraction = *fraction;
    }

    static std::optional<double> numberOf(const Expression& constant)
    {
        if (constant.kind != Expression::Kind::Constant || !constant.type.isNumeric())
            return std::nullopt;
        if (const auto* whole = std::get_if<std::int64_t>(&constant.literal))
            return static_cast<double>(*whole);
        if (const auto* decimal = std::get_if<Int128>(&constant.literal))
            return static_cast<double>(*decimal) / std::pow(10.0, constant.type.scale);
        const auto* real = std::get_if<double>(&constant.literal);
        return real ? std::optional(*real) : std::nullopt;
    }

    ExpressionPtr condition(const ast::Expression& filter) const
    {
        ExpressionPtr bound = m_bind(filter);
        if (bound->type.kind == TypeKind::Null)
            bound = castTo(bound, types::boolean());
        if (bound->type.kind != TypeKind::Boolean)
            throw StatementError(filter.span,
                "FILTER (WHERE …) must be a condition, but this is " + bound->type.asNullable().text() + ".");
        return bound;
    }

    const ast::Expression& m_written;
    const BindPart& m_bind;
    AggregateFunction m_function;
};

bool sameOrNone(const ExpressionPtr& a, const ExpressionPtr& b)
{
    return a && b ? sameExpression(*a, *b) : a == b;
}

} // namespace

bool isAggregateName(const std::string& name)
{
    return functionsByName().contains(name);
}

AggregateCall bindAggregateCall(const ast::Expression& call, const BindPart& bind)
{
    AggregateCall bound = CallBinder(call, bind).bindCall();
    // LISTAGG without a separator joins by a comma.
    if (bound.spec.function == AggregateFunction::ListAgg && call.arguments.size() == 1)
        bound.spec.separator = ",";
    return bound;
}

bool sameCall(const AggregateCall& a, const AggregateCall& b)
{
    return a.spec == b.spec && sameOrNone(a.argument, b.argument) && sameOrNone(a.filter, b.filter);
}

bool hasAggregate(const ast::Expression& expression)
{
    if (expression.kind == ast::ExpressionKind::Call && !expression.over && isAggregateName(expression.text))
        return true;
    return std::any_of(expression.arguments.begin(), expression.arguments.end(),
        [](const auto& argument) { return hasAggregate(*argument); });
}

void forEachPart(const ast::Expression& expression, const std::function<void(const ast::Expression&)>& visit)
{
    visit(expression);
    for (const auto& argument : expression.arguments)
        forEachPart(*argument, visit);
    if (expression.filter)
        forEachPart(*expression.filter, visit);
    if (expression.over)
        forEachPart(*expression.over, visit);
}

void forEachPart(const ast::WindowSpec& window, const std::function<void(const ast::Expression&)>& visit)
{
    for (const auto& key : window.partition)
        forEachPart(*key, visit);
    for (const ast::OrderItem& item : window.order)
        forEachPart(*item.expression, visit);
}

} // namespace weir::sql
