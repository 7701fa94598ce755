// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/row_format.h"

namespace weir::exporter {

/// Whether cells that a spreadsheet would run are made harmless.
enum class Formulas : std::uint8_t { Defuse, Keep };

/// Comma-separated values with a head line (RFC 4180, lines end with LF). NULL is an empty cell, an empty text is "".
/// Behind a payload stands a column that says "base64" where it is no text. A cell that begins with = + - @ TAB or CR
/// and is no number gets a single quote in front (CWE-1236), and is counted.
class Csv final : public RowFormat
{
public:
    Csv(std::vector<ColumnInfo> columns, Formulas formulas);

    std::string head() const override;
    Result<void> append(const RowBlock& block, std::string& out, FormatCounts& counts) const override;

private:
    void appendCell(
        std::string& out, std::size_t column, const ColumnView& view, std::size_t row, FormatCounts& counts) const;
    void appendText(std::string& out, std::string_view text, FormatCounts& counts) const;

    std::vector<ColumnInfo> m_columns;
    Formulas m_formulas;
};

} // namespace weir::exporter
