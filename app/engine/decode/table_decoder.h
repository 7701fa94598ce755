// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_decoder.h"

namespace weir {

/// What a column of a scanned table is made of.
enum class DecodedOrigin : std::uint8_t {
    Field, ///< a top-level field of the JSON value
    Partition,
    Offset,
    Timestamp,
    TimestampType,
    Topic,
};

struct DecodedColumn
{
    std::string name; ///< in the result
    LogicalType type;
    DecodedOrigin origin = DecodedOrigin::Field;
};

/// Record batches to event batches with exactly the columns asked for, fields and metadata alike. One thread.
class TableDecoder
{
public:
    TableDecoder(std::vector<DecodedColumn> columns, JsonOptions options);
    EventBatch decode(const RecordBatchPtr& batch, std::uint64_t sequence);

    /// 'partition', 'offset', 'timestamp', 'timestamp-type', 'topic': nothing for another key.
    static std::optional<DecodedOrigin> metadataOrigin(std::string_view key);

private:
    std::vector<DecodedColumn> m_columns;
    JsonDecoder m_json;
};

} // namespace weir
