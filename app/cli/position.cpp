// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/position.h"

#include "app/engine/event/timestamp_text.h"

#include <charconv>

namespace weir::cli {

namespace {

std::optional<std::int64_t> numberOf(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

/// Takes "+02:00" or "-0530" off the end of a time and returns what it adds to UTC; nullopt where there is none.
std::optional<EpochMs> takeZone(std::string& text)
{
    const std::size_t at = text.find_last_of("+-");
    std::string digits = at == std::string::npos ? std::string() : text.substr(at + 1);
    if (digits.size() == 5 && digits[2] == ':')
        digits.erase(2, 1);
    // A '-' of the date has fewer digits behind it.
    if (digits.size() != 4 || digits.find_first_not_of("0123456789") != std::string::npos || text.find(':') > at)
        return std::nullopt;
    const EpochMs minutes = std::stoi(digits.substr(0, 2)) * 60 + std::stoi(digits.substr(2));
    const EpochMs shift = text[at] == '-' ? -minutes : minutes;
    text.erase(at);
    return shift * 60'000;
}

std::optional<EpochMs> timeOf(std::string text)
{
    if (const auto millis = numberOf(text))
        return *millis;
    if (text.size() == std::string_view("2026-03-12").size())
        text += " 00:00:00";
    if (const auto shift = takeZone(text)) {
        const auto time = timeOf(text);
        return time ? std::optional(*time - *shift) : std::nullopt;
    }
    for (const TimestampStandard standard : {TimestampStandard::Sql, TimestampStandard::Iso8601}) {
        if (const auto time = parseTimestamp(text, standard))
            return time->millis;
        if (const auto time = parseTimestampLtz(text, standard))
            return time->millis;
    }
    return std::nullopt;
}

} // namespace

Result<StartPosition> parseStart(const std::string& text)
{
    if (text == "beginning")
        return StartPosition(FromBeginning{});
    if (text == "end")
        return StartPosition(FromEnd{});
    if (text.starts_with('-')) {
        if (const auto count = numberOf(std::string_view(text).substr(1)); count && *count > 0)
            return StartPosition(FromLast{*count});
    } else if (text.starts_with('@')) {
        if (const auto offset = numberOf(std::string_view(text).substr(1)))
            return StartPosition(FromOffset{*offset});
    } else if (const auto time = timeOf(text)) {
        return StartPosition(FromTime{*time});
    }
    return Error{ErrorKind::InvalidInput,
        "'" + text
            + "' is no place to start. Give beginning, end, -100 (the last 100 of each partition), @42 (an "
              "offset), \"2026-03-12 14:08:00\" (UTC) or milliseconds since 1970.",
        "--from"};
}

Result<StopPosition> parseStop(const std::string& text)
{
    if (text == "never")
        return StopPosition(Unbounded{});
    if (text == "end")
        return StopPosition(UntilEnd{});
    if (text.starts_with('@')) {
        if (const auto offset = numberOf(std::string_view(text).substr(1)))
            return StopPosition(UntilOffset{*offset});
    } else if (const auto time = timeOf(text)) {
        return StopPosition(UntilTime{*time});
    }
    return Error{ErrorKind::InvalidInput,
        "'" + text
            + "' is no place to stop. Give never, end (as it is now), @42 (an offset), "
              "\"2026-03-12 14:08:00\" (UTC) or milliseconds since 1970.",
        "--until"};
}

} // namespace weir::cli
