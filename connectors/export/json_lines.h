// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/row_format.h"

namespace weir::exporter {

/// One JSON object per row and line. A payload that is one JSON object or array stands as it is (line breaks between
/// its tokens become blanks); other text is a JSON string; bytes that are no UTF-8 stand as {"base64": "…"}; null is
/// null. Decimals are numbers with all their digits.
class JsonLines final : public RowFormat
{
public:
    explicit JsonLines(std::vector<ColumnInfo> columns);

    Result<void> append(const RowBlock& block, std::string& out, FormatCounts& counts) const override;

private:
    void appendRow(const RowBlock& block, std::size_t row, std::string& out, FormatCounts& counts) const;

    std::vector<ColumnInfo> m_columns;
    std::vector<std::string> m_names; ///< ,"name":
};

/// Bytes as a JSON value, the way JsonLines writes a payload.
void appendJsonPayload(std::string& out, const Payload& payload);

} // namespace weir::exporter
