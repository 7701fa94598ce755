// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_decoder.h"
#include "connectors/record/clock.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// When an event happened, in ms, out of the text of a field: a time as Flink's JSON writes it in either standard (UTC
/// when it names no zone), with or without Z, or a number of seconds, ms, µs or ns since 1970, told apart by its size.
std::optional<double> eventTimeOf(std::string_view text);

/// Reads one top-level field of JSON values as the time of the event. One thread.
class EventTimeField
{
public:
    explicit EventTimeField(const std::string& name);

    /// One entry per record of the batch: nullopt where the value is no JSON object, has no such field, or the field
    /// holds no time. Valid until the next call.
    const std::vector<std::optional<double>>& read(const RecordBatchPtr& batch);

private:
    JsonDecoder m_decoder;
    std::vector<std::optional<double>> m_times;
};

} // namespace weir
