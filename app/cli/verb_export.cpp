// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/read_options.h"
#include "app/session/byte_size.h"
#include "app/session/export_run.h"
#include "connectors/export/raw_values.h"

#include <cstdio>

namespace weir::cli {

namespace {

using exporter::Format;

struct ExportOptions
{
    std::vector<std::string> topics;
    std::string file;
    std::string format = "by the file's ending";
    ReadOptions read;
    std::string where;
    std::string delimiter = "\\n";
    std::vector<std::string> columns;
    bool fields = false;
    bool overwrite = false;
    bool keepFormulas = false;
};

Result<Format> formatOf(const ExportOptions& options)
{
    const bool named = options.format != ExportOptions().format;
    const auto format = named ? exporter::formatOf(options.format) : exporter::formatOfPath(options.file);
    if (format)
        return *format;
    if (!named && options.file == "-")
        return Format::JsonLines;
    return Error{ErrorKind::InvalidInput,
        (named ? "'" + options.format + "' is no format." : "the ending of '" + options.file + "' names no format.")
            + " Give jsonl, csv, sqlite, avro or raw.",
        "--format"};
}

Result<exporter::ExportSettings> settingsOf(const ExportOptions& options)
{
    exporter::ExportSettings settings;
    const auto format = formatOf(options);
    if (!format)
        return format.error();
    const auto delimiter = exporter::delimiterOf(options.delimiter);
    if (!delimiter)
        return Error{ErrorKind::InvalidInput, delimiter.error().message, "--delimiter"};
    settings.format = *format;
    settings.path = options.file;
    settings.existing = options.overwrite ? exporter::Existing::Replace : exporter::Existing::Refuse;
    settings.formulas = options.keepFormulas ? exporter::Formulas::Keep : exporter::Formulas::Defuse;
    settings.delimiter = *delimiter;
    if (options.topics.size() == 1)
        settings.table = options.topics.front();
    return settings;
}

Result<ExportRequest> requestOf(const ExportOptions& options)
{
    ExportRequest request;
    request.where = options.where;
    request.only = options.columns;
    request.fields = options.fields || !options.columns.empty();
    auto settings = settingsOf(options);
    if (!settings)
        return settings.error();
    request.settings = std::move(*settings);
    auto topics = requestsOf(options.read, options.topics);
    if (!topics)
        return topics.error();
    request.topics = std::move(*topics);
    return request;
}

std::string writtenText(const ExportProgress& progress)
{
    std::string text =
        grouped(progress.counters.cells.rows) + " records written, " + byteSizeText(progress.counters.bytes);
    if (progress.filtered > 0)
        text += ", " + grouped(progress.filtered) + " filtered";
    return text;
}

void printJson(const ExportProgress& progress, const std::string& file, bool complete)
{
    const exporter::FormatCounts& cells = progress.counters.cells;
    const std::string text = "{\"file\":" + jsonString(file) + ",\"complete\":" + (complete ? "true" : "false")
        + ",\"records\":" + std::to_string(cells.rows) + ",\"bytes\":" + std::to_string(progress.counters.bytes)
        + ",\"filtered\":" + std::to_string(progress.filtered)
        + ",\"undecodable\":" + std::to_string(progress.undecodable + progress.unknown)
        + ",\"defused\":" + std::to_string(cells.defused) + ",\"encoded\":" + std::to_string(cells.encoded)
        + ",\"skipped\":" + std::to_string(cells.skipped) + ",\"missing\":" + std::to_string(progress.missing) + "}\n";
    // Standard output may be what is exported to.
    std::fputs(text.c_str(), file == "-" ? stderr : stdout);
}

/// What was done to values, and what is not there.
void tellCounts(const ExportProgress& last)
{
    const exporter::FormatCounts& cells = last.counters.cells;
    const auto tell = [](std::uint64_t count, const char* what) {
        if (count > 0)
            std::fprintf(stderr, "%s %s\n", grouped(count).c_str(), what);
    };
    tell(last.undecodable, "records could not be decoded; their bytes stand in the column _undecodable.");
    tell(last.unknown, "records could not be decoded for --where; they are exported.");
    tell(cells.encoded, "values are no text; they are written as Base64.");
    tell(cells.defused, "cells would have run as formulas in a spreadsheet; they have a ' in front (--keep-formulas).");
    tell(cells.skipped, "records have no value and are left out.");
}

void tellColumns(const ExportRun& run)
{
    if (run.sampled() == 0)
        return;
    std::string names;
    for (const exporter::ColumnInfo& column : run.columns())
        names += (names.empty() ? "" : ", ") + jsonString(column.name);
    std::fprintf(stderr, "Columns, from the newest %s records: %s\n", grouped(run.sampled()).c_str(), names.c_str());
}

/// Waits for the end; false when the user gave the export up. One without an end is ended by Ctrl-C, not given up.
bool watch(ExportRun& run, const ExportOptions& options)
{
    ProgressLine line;
    ProblemReporter problems(topicsText(options.topics));
    while (!run.wait(std::chrono::milliseconds(200))) {
        const ExportProgress progress = run.progress();
        problems.report(combined(progress.drain.sources));
        line.show(writtenText(progress) + ", " + drainText(progress.drain));
        if (interrupted()) {
            run.stop();
            return options.read.until == "never";
        }
    }
    return true;
}

ExitCode tellEnd(const ExportProgress& last, const ExportOptions& options, const Result<void>& finished)
{
    if (!finished) {
        complain(finished.error().text() + (options.file == "-" ? "" : " No file was written."));
        return ExitCode::Failed;
    }
    std::fprintf(stderr, "%s: %s.\n", options.file.c_str(), writtenText(last).c_str());
    tellCounts(last);
    if (last.missing == 0)
        return ExitCode::Done;
    complain("Incomplete: " + grouped(last.missing) + " of the offsets asked for are not there any more.");
    return ExitCode::Incomplete;
}

ExitCode runExport(Environment& environment, const ExportOptions& options)
{
    const auto request = requestOf(options);
    if (!request)
        return refuse(request.error());
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    auto started = ExportRun::start(*cluster, *request, environment.clock);
    if (!started)
        return refuse(started.error());
    std::unique_ptr<ExportRun> run = std::move(*started);
    tellColumns(*run);
    const bool wanted = watch(*run, options);
    const Result<void> finished =
        wanted ? run->finish() : Error{ErrorKind::Cancelled, "given up by the user.", options.file};
    const ExportProgress last = run->progress();
    if (environment.options.json)
        printJson(last, options.file, finished.ok());
    run.reset(); // a file that is not complete goes away
    return tellEnd(last, options, finished);
}

} // namespace

void addExport(CommandLine& line)
{
    const auto options = std::make_shared<ExportOptions>();
    VerbOptions verb =
        line.addVerb("export", "Write records to JSON Lines, CSV, SQLite, an Avro container or raw values",
            [options](Environment& environment) { return runExport(environment, *options); });
    verb.connection("What was exported as a JSON object at the end");
    verb.memory();
    verb.requiredTexts("topics", options->topics, "Topics to export");
    verb.required("-o,--output", options->file, "File to write; - is standard output. It appears when it is complete");
    verb.text("--format", options->format, "jsonl, csv, sqlite, avro or raw");
    addReadOptions(verb, options->read);
    verb.text("--where", options->where,
        "Only records for which this SQL holds: over the fields of JSON values, topic, partition, offset, timestamp, "
        "key and headers");
    verb.flag("--fields", options->fields, "The fields of JSON values as typed columns, instead of whole records");
    verb.texts("--columns", options->columns, "Only these columns, in this order; with --fields");
    verb.flag("--overwrite", options->overwrite, "Replace a file of that name");
    verb.flag("--keep-formulas", options->keepFormulas, "CSV: leave cells that a spreadsheet would run as they are");
    verb.text("--delimiter", options->delimiter, "raw: what stands behind each value; \\n \\t \\r \\0 \\\\");
}

} // namespace weir::cli
