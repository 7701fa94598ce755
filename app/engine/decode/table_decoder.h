// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_decoder.h"
#include "app/engine/decode/raw_format.h"

namespace weir {

/// What a column of a scanned table is made of.
enum class DecodedOrigin : std::uint8_t {
    Field, ///< a top-level field of the JSON value
    Key, ///< a top-level field of the JSON key, or all of a raw key
    Partition,
    Offset,
    Timestamp,
    TimestampType,
    Topic,
    Headers, ///< MAP of text to bytes; of equal names the last header wins
    LeaderEpoch,
};

struct DecodedColumn
{
    std::string name; ///< in the result
    LogicalType type;
    DecodedOrigin origin = DecodedOrigin::Field;
    std::string field; ///< Field, Key: its name in the JSON
};

/// What the keys of a table's records are.
enum class KeyFormat : std::uint8_t { None, Json, Raw };

/// How a table's records are read. A record whose key cannot be read has no row; nor has one without a key where keys
/// are JSON.
struct RecordFormat
{
    JsonOptions value;
    KeyFormat key = KeyFormat::None;
    JsonOptions jsonKey;
    RawOptions rawKey;
};

/// Record batches to event batches with exactly the columns asked for, fields and metadata alike. One thread.
class TableDecoder
{
public:
    TableDecoder(std::vector<DecodedColumn> columns, const RecordFormat& format);
    EventBatch decode(const RecordBatchPtr& batch, std::uint64_t sequence);

    /// 'partition', 'offset', 'timestamp', 'timestamp-type', 'topic', 'headers', 'leader-epoch': nothing for another
    /// key.
    static std::optional<DecodedOrigin> metadataOrigin(std::string_view key);

private:
    std::vector<Column> decodeKeys(const RecordBatchPtr& batch, EventBatch& events);

    std::vector<DecodedColumn> m_columns;
    RecordFormat m_format;
    JsonDecoder m_values;
    JsonDecoder m_keys;
};

} // namespace weir
