// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/raw_format.h"
#include "app/engine/event/json_writer.h"
#include "app/engine/sql/table_definition.h"
#include "connectors/kafka/producer.h"

#include <memory>

namespace weir {

/// How rows become the records of a kafka table: its WITH options as Flink's connector and JSON format mean them.
struct RecordLayout
{
    struct Part
    {
        std::vector<std::size_t> columns; ///< of the rows
        std::vector<std::string> names; ///< of the members, one per column
        JsonStyle json;
        bool raw = false; ///< the one column's bytes instead of an object
        RawOptions rawOptions;
    };

    std::string topic;
    std::int32_t partition = -1; ///< -1: the key decides
    std::optional<Part> key;
    Part value;
    std::optional<std::size_t> timestamp; ///< a column of the rows, as the next
    std::optional<std::size_t> headers;
    Schema rows; ///< of what is written: the columns that the table lets be written

    /// Errors: an option that Weir does not write with.
    static Result<RecordLayout> of(const sql::TableDefinition& table);
};

/// A record, owned: what a row of `layout` is on the topic.
struct LaidOutRecord
{
    std::optional<std::string> key;
    std::string value;
    EpochMs timestamp = 0; ///< 0: when it is written
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

/// Errors: NULL in a column that is NOT NULL or as the key of a MAP.
Result<LaidOutRecord> layOut(const RecordLayout& layout, const ResultBatch& rows, std::size_t row);

/// Writes the rows of an INSERT INTO to a topic. One thread.
class KafkaSink
{
public:
    KafkaSink(RecordLayout layout, std::unique_ptr<kafka::Producer> producer)
        : m_layout(std::move(layout)), m_producer(std::move(producer))
    { }

    Result<void> write(const ResultBatch& rows);
    /// Waits until everything has been acknowledged.
    Result<void> finish();

private:
    RecordLayout m_layout;
    std::unique_ptr<kafka::Producer> m_producer;
};

} // namespace weir
