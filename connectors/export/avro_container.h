// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/row_format.h"

#include <array>

namespace weir::exporter {

/// An Avro object container file (Avro 1.11, codec null): one record per row, one block per RowBlock. Decimals, dates
/// and times have their logical types. Names that Avro does not allow are changed; the field's doc has the one it had.
class AvroContainer final : public RowFormat
{
public:
    using SyncMarker = std::array<char, 16>;

    /// `record` is what a row is called.
    AvroContainer(std::vector<ColumnInfo> columns, const std::string& record, const SyncMarker& sync);

    std::string head() const override;
    Result<void> append(const RowBlock& block, std::string& out, FormatCounts& counts) const override;

private:
    std::vector<ColumnInfo> m_columns;
    std::string m_schema;
    std::string m_sync;
};

/// Sixteen bytes that no other file has.
AvroContainer::SyncMarker randomSyncMarker();

} // namespace weir::exporter
