// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/event_time.h"

#include "app/engine/decode/json_number.h"

#include <cmath>

namespace weir {

namespace {

// Each unit is believed up to the year 5138; the next finer one begins there.
constexpr double largestSeconds = 1e11;
constexpr double largestMillis = 1e14;
constexpr double largestMicros = 1e17;

double millisOfNumber(double number)
{
    const double size = std::abs(number);
    if (size < largestSeconds)
        return number * 1e3;
    if (size < largestMillis)
        return number;
    return size < largestMicros ? number / 1e3 : number / 1e6;
}

double millisOf(const Timestamp& time)
{
    return static_cast<double>(time.millis) + static_cast<double>(time.nanos) / 1e6;
}

} // namespace

std::optional<double> eventTimeOf(std::string_view text)
{
    text = trimmed(text);
    for (const TimestampStandard standard : {TimestampStandard::Iso8601, TimestampStandard::Sql}) {
        if (const auto zoned = parseTimestampLtz(text, standard))
            return millisOf(*zoned);
        if (const auto plain = parseTimestamp(text, standard))
            return millisOf(*plain);
    }
    if (text.empty() || numberText(text).size() != text.size())
        return std::nullopt;
    const double number = doubleOfNumber(text);
    return std::isfinite(number) ? std::optional(millisOfNumber(number)) : std::nullopt;
}

EventTimeField::EventTimeField(const std::string& name)
    : m_decoder({JsonField{name, types::string()}}, JsonOptions{TimestampStandard::Iso8601, true, false})
{ }

const std::vector<std::optional<double>>& EventTimeField::read(const RecordBatchPtr& batch)
{
    const EventBatch events = m_decoder.decode(batch, 0);
    m_times.assign(batch->size(), std::nullopt);
    const Column& column = events.columns.front();
    events.forEachSelected([&](std::uint32_t row) {
        if (!column.isNull(row))
            m_times[row] = eventTimeOf(column.values<std::string_view>()[row]);
    });
    return m_times;
}

} // namespace weir
