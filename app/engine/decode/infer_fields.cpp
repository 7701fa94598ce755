// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/infer_fields.h"

#include "app/engine/decode/json_text.h"

#include <algorithm>
#include <array>

namespace weir {

namespace {

constexpr std::size_t linesPerValue = 2000;
constexpr int decimalPrecision = 18;
constexpr int largestScale = 9;

/// What was seen of one field.
struct Seen
{
    std::string name;
    int integers = 0;
    int decimals = 0; ///< with a dot, without an exponent
    int approximate = 0; ///< with an exponent
    int booleans = 0;
    int texts = 0;
    int nested = 0;
    int isoTimes = 0;
    int sqlTimes = 0;
    int zoned = 0; ///< times with a Z
    int scale = 0; ///< most digits behind a dot

    int total() const { return integers + decimals + approximate + booleans + texts + nested; }
};

void seeText(Seen& seen, std::string_view quoted)
{
    ++seen.texts;
    const std::string_view text = quoted.substr(1, quoted.size() - 2);
    for (const TimestampStandard standard : {TimestampStandard::Iso8601, TimestampStandard::Sql}) {
        const bool zoned = parseTimestampLtz(text, standard).has_value();
        if (!zoned && !parseTimestamp(text, standard))
            continue;
        (standard == TimestampStandard::Iso8601 ? seen.isoTimes : seen.sqlTimes) += 1;
        seen.zoned += zoned ? 1 : 0;
    }
}

void seeNumber(Seen& seen, std::string_view number)
{
    if (number.find_first_of("eE") != std::string_view::npos) {
        ++seen.approximate;
    } else if (const std::size_t dot = number.find('.'); dot != std::string_view::npos) {
        ++seen.decimals;
        seen.scale = std::max(seen.scale, static_cast<int>(number.size() - dot - 1));
    } else {
        ++seen.integers;
    }
}

void see(Seen& seen, const JsonLine& line)
{
    switch (line.kind) {
    case JsonLineKind::String:
        seeText(seen, line.text);
        break;
    case JsonLineKind::Number:
        seeNumber(seen, line.text);
        break;
    case JsonLineKind::Boolean:
        ++seen.booleans;
        break;
    case JsonLineKind::Object:
    case JsonLineKind::Array:
        ++seen.nested;
        break;
    default:
        break;
    }
}

LogicalType typeOf(const Seen& seen)
{
    const int total = seen.total();
    const int numbers = seen.integers + seen.decimals + seen.approximate;
    if (seen.booleans == total)
        return types::boolean();
    if (seen.integers == total)
        return types::bigInt();
    if (numbers == total)
        return seen.approximate > 0 || seen.scale > largestScale ? types::float64()
                                                                 : types::decimal(decimalPrecision, seen.scale);
    const bool times = seen.isoTimes == total || seen.sqlTimes == total;
    if (times && (seen.zoned == 0 || seen.zoned == total))
        return seen.zoned == total ? types::timestampLtz(3) : types::timestamp(3);
    return types::string();
}

/// How much a field's name says that it is when the event happened.
int rankOfTimeName(const std::string& name)
{
    static constexpr std::array names{
        "event_time", "eventTime", "created_at", "createdAt", "timestamp", "ts", "time", "occurred_at"};
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? 100 : static_cast<int>(found - names.begin());
}

Seen& entryFor(std::vector<Seen>& all, const std::string& name)
{
    const auto found = std::find_if(all.begin(), all.end(), [&](const Seen& seen) { return seen.name == name; });
    if (found != all.end())
        return *found;
    all.emplace_back().name = name;
    return all.back();
}

} // namespace

InferredFields inferFields(const std::vector<std::string_view>& values)
{
    InferredFields inferred;
    std::vector<Seen> all;
    for (const std::string_view value : values) {
        const JsonLines lines = layOutJson(value, linesPerValue);
        if (lines.lines.empty() || lines.lines.front().kind != JsonLineKind::Object || lines.errorByte)
            continue;
        ++inferred.objects;
        for (const JsonLine& line : lines.lines) {
            if (line.depth == 1 && line.hasKey)
                see(entryFor(all, line.key), line);
        }
    }
    int bestRank = 1000;
    int iso = 0;
    int sql = 0;
    for (const Seen& seen : all) {
        if (seen.total() == 0)
            continue;
        inferred.fields.push_back({seen.name, typeOf(seen)});
        iso += seen.isoTimes;
        sql += seen.sqlTimes;
        if (inferred.fields.back().type.isTimestamp() && rankOfTimeName(seen.name) < bestRank) {
            bestRank = rankOfTimeName(seen.name);
            inferred.timeField = seen.name;
        }
    }
    inferred.standard = sql > iso ? TimestampStandard::Sql : TimestampStandard::Iso8601;
    return inferred;
}

} // namespace weir
