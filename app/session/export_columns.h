// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/infer_fields.h"
#include "connectors/export/export_writer.h"
#include "connectors/record/record_batch.h"

#include <memory>

namespace weir {

/// Records as the columns that an export writes. One thread.
class ExportColumns
{
public:
    virtual ~ExportColumns() = default;
    const std::vector<exporter::ColumnInfo>& columns() const { return m_columns; }
    /// The records in `rows` (ascending), which has to outlive the block; what is in it is good until the next call.
    virtual exporter::RowBlock make(const RecordBatchPtr& batch, std::span<const std::uint32_t> rows) = 0;
    /// Records so far whose value could not be decoded: their bytes stand in a column of their own.
    virtual std::uint64_t undecodable() const { return 0; }

protected:
    std::vector<exporter::ColumnInfo> m_columns;
};

enum class TimestampTypes : std::uint8_t { Told, LeftOut };

/// Whole records: topic, partition, offset, timestamp (milliseconds since 1970), timestampType, key, value, headers
/// (JSON: a list of [name, value]).
std::unique_ptr<ExportColumns> recordColumns(exporter::FormatNeeds needs, TimestampTypes types);

/// What fields an export has columns for.
struct ExportedFields
{
    Schema fields;
    TimestampStandard standard = TimestampStandard::Iso8601;
    /// Names of columns to write, in this order; empty: all. Without the one for what cannot be decoded, which is
    /// always there.
    std::vector<std::string> only;
};

/// Partition, offset, timestamp, key and the fields of JSON values, each in a column of its type. Of equal names the
/// field has it, and the other gets an underscore in front. Values that cannot be decoded have their bytes in a last
/// column, `_undecodable`. Error: a name in `only` that is no column.
Result<std::unique_ptr<ExportColumns>> fieldColumns(const ExportedFields& wanted, exporter::FormatNeeds needs);

} // namespace weir
