// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/record_printer.h"

namespace weir::cli {

RecordPrinter::RecordPrinter(PrintedAs as, DataWriter& out)
    : m_as(as), m_out(out),
      m_columns(recordColumns(exporter::needsOf(exporter::Format::JsonLines), TimestampTypes::LeftOut)),
      m_lines(m_columns->columns())
{ }

bool RecordPrinter::print(const RecordBatchPtr& batch, std::span<const std::uint32_t> rows)
{
    if (m_as == PrintedAs::Values) {
        for (const std::uint32_t row : rows) {
            if (!m_out.line(batch->value(row).value_or("")))
                return false;
        }
        return true;
    }
    m_text.clear();
    exporter::FormatCounts counts;
    return m_lines.append(m_columns->make(batch, rows), m_text, counts).ok() && m_out.text(m_text);
}

} // namespace weir::cli
