// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/export_writer.h"

#include "connectors/export/avro_container.h"
#include "connectors/export/json_lines.h"
#include "connectors/export/raw_values.h"
#include "connectors/export/sqlite_writer.h"
#include "connectors/export/stream_writer.h"

#include <algorithm>
#include <array>

namespace weir::exporter {

namespace {

struct Ending
{
    std::string_view ending;
    Format format;
};
constexpr std::array endings{Ending{".jsonl", Format::JsonLines}, Ending{".ndjson", Format::JsonLines},
    Ending{".json", Format::JsonLines}, Ending{".csv", Format::Csv}, Ending{".sqlite", Format::Sqlite},
    Ending{".sqlite3", Format::Sqlite}, Ending{".db", Format::Sqlite}, Ending{".avro", Format::Avro},
    Ending{".raw", Format::Raw}, Ending{".bin", Format::Raw}, Ending{".txt", Format::Raw}};

constexpr std::array formats{Format::JsonLines, Format::Csv, Format::Sqlite, Format::Avro, Format::Raw};

std::unique_ptr<RowFormat> rowFormat(const ExportSettings& settings, const std::vector<ColumnInfo>& columns)
{
    switch (settings.format) {
    case Format::Csv:
        return std::make_unique<Csv>(columns, settings.formulas);
    case Format::Avro:
        return std::make_unique<AvroContainer>(columns, settings.table, randomSyncMarker());
    case Format::Raw:
        return std::make_unique<RawValues>(columns, settings.delimiter);
    case Format::JsonLines:
    case Format::Sqlite:
        break;
    }
    return std::make_unique<JsonLines>(columns);
}

} // namespace

std::string_view formatName(Format format)
{
    switch (format) {
    case Format::JsonLines:
        return "jsonl";
    case Format::Csv:
        return "csv";
    case Format::Sqlite:
        return "sqlite";
    case Format::Avro:
        return "avro";
    case Format::Raw:
        break;
    }
    return "raw";
}

std::optional<Format> formatOf(std::string_view name)
{
    const auto found =
        std::find_if(formats.begin(), formats.end(), [name](Format format) { return formatName(format) == name; });
    return found == formats.end() ? std::nullopt : std::optional(*found);
}

std::optional<Format> formatOfPath(std::string_view path)
{
    const auto found =
        std::find_if(endings.begin(), endings.end(), [path](const Ending& one) { return path.ends_with(one.ending); });
    return found == endings.end() ? std::nullopt : std::optional(found->format);
}

FormatNeeds needsOf(Format format)
{
    switch (format) {
    case Format::JsonLines:
        return {PayloadForm::Json, false};
    case Format::Csv:
    case Format::Sqlite:
        return {PayloadForm::Text, false};
    case Format::Avro:
        return {PayloadForm::Bytes, true};
    case Format::Raw:
        break;
    }
    return {};
}

Result<std::unique_ptr<ExportWriter>> ExportWriter::open(
    const ExportSettings& settings, const std::vector<ColumnInfo>& columns)
{
    if (settings.format == Format::Sqlite)
        return SqliteWriter::open(settings, columns);
    return StreamWriter::open(settings, rowFormat(settings, columns));
}

} // namespace weir::exporter
