// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/csv.h"
#include "connectors/export/partial_file.h"
#include "connectors/export/row_format.h"

#include <memory>
#include <optional>

namespace weir::exporter {

enum class Format : std::uint8_t { JsonLines, Csv, Sqlite, Avro, Raw };

/// "jsonl", "csv", "sqlite", "avro", "raw".
std::string_view formatName(Format format);
std::optional<Format> formatOf(std::string_view name);
/// What a file's ending says: .jsonl .ndjson .json, .csv, .sqlite .sqlite3 .db, .avro, .raw .bin .txt.
std::optional<Format> formatOfPath(std::string_view path);

/// What has to be known of values before they are written.
struct FormatNeeds
{
    PayloadForm finest = PayloadForm::Bytes; ///< payloads are looked at until this is known
    bool timesAsNumbers = false; ///< else dates and times come as text
};
FormatNeeds needsOf(Format format);

struct ExportSettings
{
    Format format = Format::JsonLines;
    std::string path; ///< "-": standard output, but for SQLite
    Existing existing = Existing::Refuse;
    std::string table = "records"; ///< SQLite: its name; Avro: the record's
    Formulas formulas = Formulas::Defuse; ///< CSV
    std::string delimiter = "\n"; ///< raw: behind each value
};

struct ExportCounters
{
    FormatCounts cells;
    std::uint64_t bytes = 0; ///< written
};

/// Writes rows to a file that has its name only once it is complete. append() from any thread; counters() too.
class ExportWriter
{
public:
    virtual ~ExportWriter() = default;
    virtual Result<void> append(const RowBlock& block) = 0;
    /// The file is complete if this succeeds. Without it nothing is left.
    virtual Result<void> finish() = 0;
    virtual ExportCounters counters() const = 0;

    static Result<std::unique_ptr<ExportWriter>> open(
        const ExportSettings& settings, const std::vector<ColumnInfo>& columns);
};

} // namespace weir::exporter
