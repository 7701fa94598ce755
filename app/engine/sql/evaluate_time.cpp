// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/timestamp_text.h"
#include "app/engine/sql/evaluation.h"

#include <algorithm>

namespace weir::sql {

namespace {

constexpr std::int64_t dayMs = 86'400'000;

/// A moment taken apart.
struct Parts
{
    std::int64_t days = 0;
    std::int64_t millisOfDay = 0;
    CivilDate date;
};

Parts partsOf(const Column& column, std::uint32_t row)
{
    Parts parts;
    if (column.type().kind == TypeKind::Date) {
        parts.days = column.values<std::int64_t>()[row];
    } else {
        const std::int64_t millis = column.values<Timestamp>()[row].millis;
        parts.days = millis / dayMs - (millis % dayMs < 0 ? 1 : 0);
        parts.millisOfDay = millis - parts.days * dayMs;
    }
    parts.date = civilFromDays(parts.days);
    return parts;
}

/// For EXTRACT, where Flink divides toward zero: moments before 1970 belong to the day after.
Parts truncatedParts(const Column& column, std::uint32_t row)
{
    Parts parts = partsOf(column, row);
    if (column.type().kind != TypeKind::Date) {
        const std::int64_t millis = column.values<Timestamp>()[row].millis;
        parts.days = millis / dayMs;
        parts.millisOfDay = millis % dayMs;
        parts.date = civilFromDays(parts.days);
    }
    return parts;
}

/// 1 is Monday.
std::int64_t isoDayOfWeek(std::int64_t days)
{
    return ((days + 3) % 7 + 7) % 7 + 1;
}

std::int64_t isoWeek(std::int64_t days)
{
    const std::int64_t thursday = days - isoDayOfWeek(days) + 4;
    return (thursday - daysFromCivil({civilFromDays(thursday).year, 1, 1})) / 7 + 1;
}

std::int64_t extracted(TimeUnit unit, const Parts& parts)
{
    switch (unit) {
    case TimeUnit::Millisecond:
        return parts.millisOfDay % 60'000;
    case TimeUnit::Second:
        return parts.millisOfDay / 1000 % 60;
    case TimeUnit::Minute:
        return parts.millisOfDay / 60'000 % 60;
    case TimeUnit::Hour:
        return parts.millisOfDay / 3'600'000;
    case TimeUnit::Day:
        return parts.date.day;
    case TimeUnit::Week:
        return isoWeek(parts.days);
    case TimeUnit::Month:
        return parts.date.month;
    case TimeUnit::Quarter:
        return (parts.date.month + 2) / 3;
    case TimeUnit::Year:
        return parts.date.year;
    case TimeUnit::DayOfWeek:
        return isoDayOfWeek(parts.days) % 7 + 1; // 1 is Sunday
    case TimeUnit::DayOfYear:
        return parts.days - daysFromCivil({parts.date.year, 1, 1}) + 1;
    case TimeUnit::Epoch:
        return parts.days * 86'400 + parts.millisOfDay / 1000;
    }
    return 0;
}

void appendNumber(std::string& out, std::int64_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    out.append(width - std::min(width, digits.size()), '0');
    out += digits;
}

/// The letters of Java's patterns that matter: y M d H h m s S a, text in quotes, everything else as it stands.
std::string formatted(const Parts& parts, std::string_view pattern)
{
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const char letter = pattern[at];
        std::size_t end = at;
        while (end < pattern.size() && pattern[end] == letter)
            ++end;
        const std::size_t width = end - at;
        const std::int64_t hour = parts.millisOfDay / 3'600'000;
        switch (letter) {
        case '\'':
            end = std::min(pattern.find('\'', at + 1), pattern.size());
            out += pattern.substr(at + 1, end - at - 1);
            ++end;
            break;
        case 'y':
            appendNumber(out, width == 2 ? parts.date.year % 100 : parts.date.year, width);
            break;
        case 'M':
            appendNumber(out, parts.date.month, width);
            break;
        case 'd':
            appendNumber(out, parts.date.day, width);
            break;
        case 'H':
            appendNumber(out, hour, width);
            break;
        case 'h':
            appendNumber(out, hour % 12 == 0 ? 12 : hour % 12, width);
            break;
        case 'm':
            appendNumber(out, parts.millisOfDay / 60'000 % 60, width);
            break;
        case 's':
            appendNumber(out, parts.millisOfDay / 1000 % 60, width);
            break;
        case 'S':
            out += (std::to_string(1000 + parts.millisOfDay % 1000).substr(1) + "000000").substr(0, width);
            break;
        case 'a':
            out += hour < 12 ? "AM" : "PM";
            break;
        default:
            out.append(pattern.substr(at, width));
        }
        at = end;
    }
    return out;
}

std::int64_t lengthOf(TimeUnit unit)
{
    switch (unit) {
    case TimeUnit::Second:
        return 1000;
    case TimeUnit::Minute:
        return 60'000;
    case TimeUnit::Hour:
        return 3'600'000;
    case TimeUnit::Day:
        return dayMs;
    default:
        return 0; // months differ
    }
}

/// The beginning of the unit that `millis` lies in, or of the next one.
std::int64_t unitBegin(std::int64_t millis, TimeUnit unit, bool next)
{
    if (const std::int64_t length = lengthOf(unit); length > 0) {
        const std::int64_t rest = (millis % length + length) % length;
        return millis - rest + (next ? length : 0);
    }
    const std::int64_t days = millis / dayMs - (millis % dayMs < 0 ? 1 : 0);
    CivilDate date = civilFromDays(days);
    const int months = unit == TimeUnit::Year ? 12 : unit == TimeUnit::Quarter ? 3 : 1;
    date.day = 1;
    date.month -= (date.month - 1) % months;
    if (next) {
        date.year += (date.month - 1 + months) / 12;
        date.month = (date.month - 1 + months) % 12 + 1;
    }
    return daysFromCivil(date) * dayMs;
}

void roundTimes(
    const Expression& call, const Arguments& arguments, const Selection& rows, const Evaluation& run, Column& result)
{
    const auto& from = arguments[0]->values<Timestamp>();
    const auto& units = arguments[1]->values<std::int64_t>();
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        const auto unit = static_cast<TimeUnit>(units[row]);
        const Timestamp begin{unitBegin(from[row].millis, unit, false), 0};
        const bool up = call.function == Function::CeilTime && begin != from[row];
        result.values<Timestamp>()[row] = up ? Timestamp{unitBegin(from[row].millis, unit, true), 0} : begin;
    });
}

std::int64_t floorDay(std::int64_t millis)
{
    return millis / dayMs - (millis % dayMs < 0 ? 1 : 0);
}

/// The same day of another month, or its last day.
std::int64_t addedMonths(std::int64_t days, std::int64_t months)
{
    CivilDate date = civilFromDays(days);
    const std::int64_t all = static_cast<std::int64_t>(date.year) * 12 + date.month - 1 + months;
    date.year = static_cast<int>(all / 12 - (all % 12 < 0 ? 1 : 0));
    date.month = static_cast<int>(all - static_cast<std::int64_t>(date.year) * 12) + 1;
    const std::int64_t first = daysFromCivil({date.year, date.month, 1});
    const CivilDate next = date.month == 12 ? CivilDate{date.year + 1, 1, 1} : CivilDate{date.year, date.month + 1, 1};
    return first + std::min<std::int64_t>(date.day, daysFromCivil(next) - first) - 1;
}

/// Whole months from `from` to `to` as Flink counts them: the last day of a month completes it.
std::int64_t monthsBetween(std::int64_t from, std::int64_t to)
{
    const std::int64_t fromDay = floorDay(from);
    const std::int64_t toDay = floorDay(to);
    const std::int64_t low = std::min(fromDay, toDay);
    const std::int64_t high = std::max(fromDay, toDay);
    std::int64_t months = (high - low) / 31;
    while (addedMonths(low, months) < high && addedMonths(low, months + 1) <= high)
        ++months;
    if (toDay < fromDay)
        months = -months;
    const bool sameDay = addedMonths(fromDay, months) == toDay;
    return sameDay && to - toDay * dayMs < from - fromDay * dayMs ? months - 1 : months;
}

std::int64_t unitsBetween(TimeUnit unit, std::int64_t from, std::int64_t to)
{
    switch (unit) {
    case TimeUnit::Week:
        return (to - from) / (7 * dayMs);
    case TimeUnit::Month:
        return monthsBetween(from, to);
    case TimeUnit::Quarter:
        return monthsBetween(from, to) / 3;
    case TimeUnit::Year:
        return monthsBetween(from, to) / 12;
    default:
        return (to - from) / lengthOf(unit);
    }
}

std::int64_t millisOf(const Column& column, std::uint32_t row)
{
    return column.type().kind == TypeKind::Date ? column.values<std::int64_t>()[row] * dayMs
                                                : column.values<Timestamp>()[row].millis;
}

void toTimestamp(const Arguments& arguments, const Selection& rows, const Evaluation& run, Column& result)
{
    run.each(rows, [&](std::uint32_t row) {
        if (result.isNull(row))
            return;
        const auto value = parseTimestamp(arguments[0]->values<std::string_view>()[row], TimestampStandard::Sql);
        if (value)
            result.values<Timestamp>()[row] = {value->millis, 0};
        else
            result.setNull(row);
    });
}

} // namespace

Column evaluateTime(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    switch (call.function) {
    case Function::ToTimestamp:
        toTimestamp(arguments, rows, run, result);
        break;
    case Function::FloorTime:
    case Function::CeilTime:
        roundTimes(call, arguments, rows, run, result);
        break;
    case Function::ToTimestampLtz:
        run.each(rows, [&](std::uint32_t row) {
            const std::uint64_t unit = arguments[1]->values<std::int64_t>()[row] == 0 ? 1000 : 1; // wraps as in Java
            const auto number = static_cast<std::uint64_t>(arguments[0]->values<std::int64_t>()[row]);
            result.values<Timestamp>()[row] = {static_cast<std::int64_t>(number * unit), 0};
        });
        break;
    case Function::TimestampDiff:
        run.each(rows, [&](std::uint32_t row) {
            const auto unit = static_cast<TimeUnit>(arguments[2]->values<std::int64_t>()[row]);
            if (!result.isNull(row))
                result.values<std::int64_t>()[row] = static_cast<std::int32_t>(
                    unitsBetween(unit, millisOf(*arguments[0], row), millisOf(*arguments[1], row)));
        });
        break;
    case Function::Extract:
        run.each(rows, [&](std::uint32_t row) {
            const auto unit = static_cast<TimeUnit>(arguments[0]->values<std::int64_t>()[row]);
            result.values<std::int64_t>()[row] = extracted(unit, truncatedParts(*arguments[1], row));
        });
        break;
    default:
        run.each(rows, [&](std::uint32_t row) {
            if (!result.isNull(row))
                result.values<std::string_view>()[row] = result.ownHeap().add(
                    formatted(partsOf(*arguments[0], row), arguments[1]->values<std::string_view>()[row]));
        });
    }
    return result;
}

} // namespace weir::sql
