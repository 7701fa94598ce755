// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/position.h"

#include "app/engine/event/timestamp_text.h"

#include <algorithm>
#include <charconv>

namespace weir {

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

/// "90s", "15m", "2h30m", "1d": milliseconds.
std::optional<std::int64_t> durationOf(std::string_view text)
{
    constexpr std::pair<std::string_view, std::int64_t> units[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000},
        {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}, {"w", 604'800'000}};
    std::int64_t all = 0;
    while (!text.empty()) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        const auto number = numberOf(text.substr(0, digits));
        text.remove_prefix(digits);
        const std::string_view unit = text.substr(0, text.find_first_of("0123456789"));
        text.remove_prefix(unit.size());
        const auto* known = std::find_if(
            std::begin(units), std::end(units), [unit](const auto& candidate) { return candidate.first == unit; });
        if (!number || known == std::end(units) || *number > INT64_MAX / 4 / known->second || all > INT64_MAX / 4)
            return std::nullopt;
        all += *number * known->second;
    }
    return all;
}

/// "-15m", or a time.
std::optional<EpochMs> momentOf(const std::string& text, EpochMs now)
{
    if (!text.starts_with('-'))
        return timeOf(text);
    const auto ago = durationOf(std::string_view(text).substr(1));
    return ago && text.size() > 1 ? std::optional(now - *ago) : std::nullopt;
}

using Offsets = std::vector<std::pair<PartitionId, std::int64_t>>;

/// "0:42,3:7".
std::optional<Offsets> offsetsOf(std::string_view text)
{
    Offsets offsets;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string_view one = text.substr(begin, end - begin);
        const std::size_t colon = one.find(':');
        if (colon == std::string_view::npos)
            return std::nullopt;
        const auto partition = numberOf(one.substr(0, colon));
        const auto offset = numberOf(one.substr(colon + 1));
        if (!partition || *partition > INT32_MAX || !offset)
            return std::nullopt;
        offsets.emplace_back(PartitionId{static_cast<std::int32_t>(*partition)}, *offset);
        begin = end + 1;
    }
    return offsets;
}

constexpr const char* timeHint = "-15m (before now), \"2026-03-12 14:08:00\" (UTC) or milliseconds since 1970.";

} // namespace

Result<StartPosition> parseStart(const std::string& text, EpochMs now)
{
    if (text == "beginning")
        return StartPosition(FromBeginning{});
    if (text == "end")
        return StartPosition(FromEnd{});
    if (text.starts_with('@')) {
        const std::string_view place = std::string_view(text).substr(1);
        if (const auto offset = numberOf(place))
            return StartPosition(FromOffset{*offset});
        if (auto offsets = offsetsOf(place))
            return StartPosition(FromOffsets{std::move(*offsets)});
    } else if (const auto count = text.starts_with('-') ? numberOf(std::string_view(text).substr(1)) : std::nullopt;
               count && *count > 0) {
        return StartPosition(FromLast{*count});
    } else if (const auto time = momentOf(text, now)) {
        return StartPosition(FromTime{*time});
    }
    return Error{ErrorKind::InvalidInput,
        "'" + text
            + "' is no place to start. Give beginning, end, -100 (the last 100 of each partition), @42 (an offset), "
              "@0:42,3:7 (offsets of partitions), "
            + timeHint,
        "--from"};
}

Result<StopPosition> parseStop(const std::string& text, EpochMs now)
{
    if (text == "never")
        return StopPosition(Unbounded{});
    if (text == "end")
        return StopPosition(UntilEnd{});
    if (text.starts_with('@')) {
        const std::string_view place = std::string_view(text).substr(1);
        if (const auto offset = numberOf(place))
            return StopPosition(UntilOffset{*offset});
        if (auto offsets = offsetsOf(place))
            return StopPosition(UntilOffsets{std::move(*offsets)});
    } else if (text.starts_with('+')) {
        if (const auto count = numberOf(std::string_view(text).substr(1)); count && *count > 0)
            return StopPosition(UntilCount{*count});
    } else if (const auto time = momentOf(text, now)) {
        return StopPosition(UntilTime{*time});
    }
    return Error{ErrorKind::InvalidInput,
        "'" + text
            + "' is no place to stop. Give never, end (as it is now), +100 (the first 100 of each partition), @42 (an "
              "offset), @0:42,3:7 (offsets of partitions), "
            + timeHint,
        "--until"};
}

std::string positionText(EpochMs time)
{
    std::string text;
    appendTimestamp(text, {time, 0}, 3);
    return text;
}

} // namespace weir
