// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/digest.h"
#include "app/engine/sql/evaluation.h"
#include "app/engine/sql/regex_functions.h"
#include "app/engine/sql/text_functions.h"
#include "app/engine/sql/unicode.h"

namespace weir::sql {

namespace {

const std::vector<std::string_view>& textsOf(const Column& column)
{
    return column.values<std::string_view>();
}

/// The arguments of one row.
struct Row
{
    const Arguments& arguments;
    std::uint32_t row;

    std::string_view text(std::size_t i) const { return textsOf(*arguments[i])[row]; }
    std::int64_t number(std::size_t i) const { return arguments[i]->values<std::int64_t>()[row]; }
    bool has(std::size_t i) const { return arguments.size() > i; }
};

using Text = std::optional<std::string>;

std::string_view trimmed(Function function, const Row& row)
{
    const std::string_view characters = row.has(1) ? row.text(1) : " ";
    const std::string_view text =
        function == Function::TrimTrailing ? row.text(0) : trimmedLeft(row.text(0), characters);
    return function == Function::TrimLeading ? text : trimmedRight(text, characters);
}

std::string rightOf(std::string_view text, std::int64_t count)
{
    const auto length = static_cast<std::int64_t>(codePointCount(text));
    const std::int64_t first = std::max<std::int64_t>(0, length - std::max<std::int64_t>(0, count));
    return std::string(codePointSlice(text, static_cast<std::size_t>(first), static_cast<std::size_t>(length)));
}

std::string joined(const Row& row)
{
    std::string all;
    for (std::size_t i = 0; i < row.arguments.size(); ++i)
        all += row.text(i);
    return all;
}

/// What needs a second argument or may come to nothing.
Text composedOf(Function function, const Row& row)
{
    switch (function) {
    case Function::Replace:
        return replaced(row.text(0), row.text(1), row.text(2));
    case Function::Left:
        return std::string(substringOf(row.text(0), 1, std::max<std::int64_t>(0, row.number(1))));
    case Function::Right:
        return rightOf(row.text(0), row.number(1));
    case Function::Repeat:
        return repeated(row.text(0), row.number(1));
    case Function::LeftPad:
        return paddedLeft(row.text(0), row.number(1), row.text(2));
    case Function::RightPad:
        return paddedRight(row.text(0), row.number(1), row.text(2));
    case Function::RegexpExtract:
        return regexExtract(row.text(0), row.text(1), row.has(2) ? row.number(2) : 0);
    case Function::RegexpReplace:
        return regexReplace(row.text(0), row.text(1), row.text(2));
    case Function::SplitIndex: {
        const auto part = splitIndex(row.text(0), row.text(1), row.number(2));
        return part ? Text(*part) : std::nullopt;
    }
    case Function::Digest:
        return digestOf(row.text(0), row.number(1));
    default:
        return joined(row);
    }
}

Text textOf(Function function, const Row& row)
{
    switch (function) {
    case Function::Upper:
        return toUpperCase(row.text(0));
    case Function::Lower:
        return toLowerCase(row.text(0));
    case Function::Reverse:
        return reversed(row.text(0));
    case Function::InitCap:
        return initCap(row.text(0));
    case Function::Trim:
    case Function::TrimLeading:
    case Function::TrimTrailing:
        return std::string(trimmed(function, row));
    case Function::Substring:
        return std::string(
            substringOf(row.text(0), row.number(1), row.has(2) ? row.number(2) : LogicalType::maxLength));
    default:
        return composedOf(function, row);
    }
}

/// LIKE, SIMILAR TO, REGEXP; no value where the pattern cannot be run.
std::optional<bool> matches(Function function, const Row& row)
{
    if (function == Function::RegexpMatches)
        return regexMatches(row.text(0), row.text(1));
    const char escape = row.has(2) ? row.text(2).front() : '\0';
    if (function == Function::Similar)
        return regexIs(row.text(0), similarPattern(row.text(1), escape));
    return likeMatches(row.text(0), row.text(1), escape);
}

std::int64_t numberOf(Function function, const Row& row)
{
    if (function == Function::CharLength)
        return static_cast<std::int64_t>(codePointCount(row.text(0)));
    return positionOf(row.text(0), row.text(1), row.has(2) ? row.number(2) : 1);
}

/// Texts that are NULL are left out; only a NULL separator makes the whole NULL.
Column concatWs(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, {arguments.front()}, rows);
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        std::string all;
        bool first = true;
        for (std::size_t i = 1; i < arguments.size(); ++i) {
            if (arguments[i]->isNull(row))
                continue;
            if (!std::exchange(first, false))
                all += textsOf(*arguments.front())[row];
            all += textsOf(*arguments[i])[row];
        }
        result.values<std::string_view>()[row] = result.ownHeap().add(all);
    });
    return result;
}

} // namespace

Column evaluateText(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    if (call.function == Function::ConcatWs)
        return concatWs(call, arguments, rows, run);
    Column result = run.resultFor(call, arguments, rows);
    run.each(rows, [&](std::uint32_t number) {
        if (result.isNull(number))
            return;
        const Row row{arguments, number};
        if (call.type.kind == TypeKind::Boolean) {
            const auto match = matches(call.function, row);
            result.values<std::uint8_t>()[number] = match.value_or(false) ? 1 : 0;
            if (!match)
                result.setNull(number);
        } else if (call.type.isInteger()) {
            result.values<std::int64_t>()[number] = numberOf(call.function, row);
        } else if (const Text text = textOf(call.function, row)) {
            result.values<std::string_view>()[number] = result.ownHeap().add(*text);
        } else {
            result.setNull(number);
        }
    });
    return result;
}

} // namespace weir::sql
