// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/row_format.h"

namespace weir::exporter {

/// The bytes of the last column that is a payload, and `delimiter` behind each. A row without one (a tombstone) is
/// skipped and counted.
class RawValues final : public RowFormat
{
public:
    RawValues(const std::vector<ColumnInfo>& columns, std::string delimiter);

    Result<void> append(const RowBlock& block, std::string& out, FormatCounts& counts) const override;

private:
    std::size_t m_column = 0;
    const std::string m_delimiter;
};

/// "\n", "\t", "\r", "\0" and "\\" of a delimiter as users type it. Error: another character behind a backslash.
Result<std::string> delimiterOf(std::string_view typed);

} // namespace weir::exporter
