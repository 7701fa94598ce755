// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_runs.h"
#include "app/engine/event/event_batch.h"
#include "app/engine/event/timestamp_text.h"

#include <memory>
#include <string>
#include <vector>

namespace weir {

/// One top-level field to decode: its JSON name (case-sensitive) and the type wanted.
struct JsonField
{
    std::string name;
    LogicalType type; ///< canReadJsonAs it
};

/// Whether JSON can be read as `type`: the keys of a MAP must be text.
bool canReadJsonAs(const LogicalType& type);

struct JsonOptions
{
    TimestampStandard timestampStandard = TimestampStandard::Sql;
    bool ignoreParseErrors = false; ///< a bad field becomes NULL, a bad value is left out; both are still errors here
    bool failOnMissingField = false;
    RecordPart part = RecordPart::Value;
};

/// Decodes the JSON values (or keys) of records into columns, only the fields asked for, with the answers of Flink's
/// JSON format: text after the first value is ignored, of duplicate keys the last wins, every token that is skipped is
/// checked too. One thread.
class JsonDecoder
{
public:
    JsonDecoder(std::vector<JsonField> fields, JsonOptions options);
    ~JsonDecoder();
    JsonDecoder(JsonDecoder&&) noexcept;

    /// One column per field, one row per record. Rows that gave nothing (malformed, tombstones) are not selected; what
    /// was wrong stands in `errors`. A tombstone is no error: Flink passes over it.
    EventBatch decode(const RecordBatchPtr& batch, std::uint64_t sequence);

private:
    class Walk;
    std::unique_ptr<Walk> m_walk;
};

} // namespace weir
