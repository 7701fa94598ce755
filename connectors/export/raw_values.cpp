// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/raw_values.h"

namespace weir::exporter {

RawValues::RawValues(const std::vector<ColumnInfo>& columns, std::string delimiter) : m_delimiter(std::move(delimiter))
{
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].kind == ColumnKind::Payload)
            m_column = i;
    }
}

Result<void> RawValues::append(const RowBlock& block, std::string& out, FormatCounts& counts) const
{
    const ColumnView& values = block.columns[m_column];
    for (const std::uint32_t row : block.rows) {
        if (values.isNull(row)) {
            ++counts.skipped;
            continue;
        }
        out += values.at<Payload>(row).bytes;
        out += m_delimiter;
        ++counts.rows;
    }
    return {};
}

Result<std::string> delimiterOf(std::string_view typed)
{
    constexpr std::string_view letters = "ntr0\\";
    constexpr std::string_view meant("\n\t\r\0\\", 5);
    std::string delimiter;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        if (typed[i] != '\\') {
            delimiter.push_back(typed[i]);
            continue;
        }
        ++i;
        const std::size_t which = i < typed.size() ? letters.find(typed[i]) : std::string_view::npos;
        if (which == std::string_view::npos)
            return Error{ErrorKind::InvalidInput,
                "'" + std::string(typed) + "' is no delimiter. Behind a backslash stands n, t, r, 0 or a backslash.",
                {}};
        delimiter.push_back(meant[which]);
    }
    return delimiter;
}

} // namespace weir::exporter
