// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/scalar_text.h"

#include <charconv>
#include <cmath>

namespace weir::exporter {

namespace {

template <typename T>
void appendNumber(std::string& out, T value)
{
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    out.append(text, end);
}

} // namespace

void appendScalar(std::string& out, const ColumnInfo& info, const ColumnView& column, std::size_t row)
{
    if (info.kind == ColumnKind::Boolean) {
        out += column.at<std::uint8_t>(row) != 0 ? "true" : "false";
    } else if (info.kind == ColumnKind::Real) {
        const double value = column.at<double>(row);
        if (std::isfinite(value))
            appendNumber(out, value);
        else
            out += std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    } else {
        appendNumber(out, column.at<std::int64_t>(row));
    }
}

} // namespace weir::exporter
