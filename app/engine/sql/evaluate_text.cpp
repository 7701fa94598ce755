// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/evaluation.h"
#include "app/engine/sql/unicode.h"

namespace weir::sql {

namespace {

const std::vector<std::string_view>& textsOf(const Column& column)
{
    return column.values<std::string_view>();
}

Column like(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    const auto& texts = textsOf(*arguments[0]);
    const auto& patterns = textsOf(*arguments[1]);
    const bool escapes = arguments.size() == 3;
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        const char escape = escapes ? textsOf(*arguments[2])[row].front() : '\0';
        result.values<std::uint8_t>()[row] = likeMatches(texts[row], patterns[row], escape) ? 1 : 0;
    });
    return result;
}

/// SUBSTRING counts from 1; a negative place counts from the end, 0 is the first.
std::string_view substring(std::string_view text, std::int64_t from, std::int64_t count)
{
    if (count < 0)
        return {};
    const auto length = static_cast<std::int64_t>(codePointCount(text));
    const std::int64_t first = from > 0 ? from - 1 : from < 0 ? length + from : 0;
    if (first < 0 || first >= length)
        return {};
    return codePointSlice(text, static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

std::string_view trimmed(std::string_view text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

std::string textOf(const Expression& call, const Arguments& arguments, std::uint32_t row)
{
    const std::string_view text = textsOf(*arguments[0])[row];
    switch (call.function) {
    case Function::Upper:
        return toUpperCase(text);
    case Function::Lower:
        return toLowerCase(text);
    case Function::Trim:
        return std::string(trimmed(text));
    case Function::Substring: {
        const std::int64_t count =
            arguments.size() == 3 ? arguments[2]->values<std::int64_t>()[row] : LogicalType::maxLength;
        return std::string(substring(text, arguments[1]->values<std::int64_t>()[row], count));
    }
    default: {
        std::string all;
        for (const Column* argument : arguments)
            all += textsOf(*argument)[row];
        return all;
    }
    }
}

} // namespace

Column evaluateText(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    if (call.function == Function::Like)
        return like(call, arguments, rows, run);
    Column result = run.resultFor(call, arguments, rows);
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        if (call.function == Function::CharLength)
            result.values<std::int64_t>()[row] = static_cast<std::int64_t>(codePointCount(textsOf(*arguments[0])[row]));
        else
            result.values<std::string_view>()[row] = result.ownHeap().add(textOf(call, arguments, row));
    });
    return result;
}

} // namespace weir::sql
