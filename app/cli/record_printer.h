// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/output.h"
#include "app/session/export_columns.h"
#include "connectors/export/json_lines.h"

#include <span>

namespace weir::cli {

enum class PrintedAs : std::uint8_t { JsonLines, Values };

/// Prints records as JSON Lines, or the bytes of their values, one line each. One thread.
class RecordPrinter
{
public:
    RecordPrinter(PrintedAs as, DataWriter& out);

    /// False when stdout cannot be written any more.
    bool print(const RecordBatchPtr& batch, std::span<const std::uint32_t> rows);

private:
    const PrintedAs m_as;
    DataWriter& m_out;
    std::unique_ptr<ExportColumns> m_columns;
    exporter::JsonLines m_lines;
    std::string m_text;
};

} // namespace weir::cli
