// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/rows_text.h"

#include "app/session/export_columns.h"
#include "connectors/export/json_lines.h"
#include "connectors/export/raw_values.h"

namespace weir {

namespace {

std::unique_ptr<exporter::RowFormat> formatFor(
    exporter::Format format, const std::vector<exporter::ColumnInfo>& columns)
{
    switch (format) {
    case exporter::Format::Csv:
        return std::make_unique<exporter::Csv>(columns, exporter::Formulas::Defuse);
    case exporter::Format::Raw:
        return std::make_unique<exporter::RawValues>(columns, "\n");
    default:
        return std::make_unique<exporter::JsonLines>(columns);
    }
}

} // namespace

Result<RowsText> textOfRows(const ChosenRows& chosen, exporter::Format format, std::size_t mostBytes)
{
    const auto columns = recordColumns(exporter::needsOf(format), TimestampTypes::LeftOut);
    const auto writer = formatFor(format, columns->columns());
    RowsText result;
    result.text = writer->head();
    RowSource source(chosen);
    exporter::FormatCounts counts;
    std::string record;
    while (!source.state().ended) {
        const auto batches = source.poll(std::chrono::milliseconds(0));
        if (!batches)
            return batches.error();
        for (const RecordBatchPtr& batch : *batches) {
            for (std::uint32_t row = 0; row < batch->size(); ++row) {
                record.clear();
                const auto written = writer->append(columns->make(batch, std::span(&row, 1)), record, counts);
                if (!written)
                    return written.error();
                if (result.text.size() + record.size() > mostBytes)
                    return result;
                result.text += record;
                ++result.rows;
            }
        }
    }
    return result;
}

} // namespace weir
