// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/query_report.h"
#include "app/cli/script_excerpt.h"
#include "app/engine/event/row_text.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/sql/script.h"
#include "app/session/cluster_pool.h"
#include "app/session/table_sinks.h"
#include "app/session/table_sources.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace weir::cli {

namespace {

struct SqlOptions
{
    std::string file;
    bool keepGoing = false;
    bool quiet = false;
    int workers = 0;
    std::vector<std::string> unlocked; ///< cluster ids
};

/// What the queries of a script run with.
struct ScriptRun
{
    Environment& environment;
    const SqlOptions& options;
    const SourceOpener& opener;
    const std::shared_ptr<ClusterPool>& clusters;
};

std::string nameOf(const std::string& file)
{
    return file == "-" ? "standard input" : file;
}

Result<std::string> readScript(const std::string& file)
{
    std::ostringstream text;
    if (file == "-") {
        text << std::cin.rdbuf();
        return text.str();
    }
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file))
        return Error{
            ErrorKind::NotFound, "cannot be opened. Give the path of a SQL script, or - for standard input.", file};
    text << in.rdbuf();
    return text.str();
}

/// True when nothing stands in the way of running.
bool tellDiagnostics(const sql::Script& script, const std::string& text, const std::string& file)
{
    for (const sql::Diagnostic& diagnostic : script.diagnostics) {
        complain(nameOf(file) + ":" + sql::describe(diagnostic));
        std::fputs(scriptExcerpt(text, diagnostic.span).c_str(), stderr);
    }
    return script.ok();
}

/// Writes rows where the statement sends them: JSON Lines for a SELECT, Flink's print format for a print table.
class RowPrinter
{
public:
    RowPrinter(const sql::QueryPlan& plan, DataWriter& out) : m_out(out)
    {
        if (!plan.sink.table)
            return;
        const sql::TableDefinition& table = *plan.sink.table;
        m_target = table.option("connector") != "print" ? Target::Nowhere
            : table.option("standard-error") == "true"  ? Target::PrintErrors
                                                        : Target::Print;
        if (const std::string name = table.option("print-identifier"); !name.empty())
            m_prefix = name + "> ";
    }

    Result<void> write(const ResultBatch& batch)
    {
        bool written = true;
        for (std::size_t row = 0; row < batch.rowCount && m_target != Target::Nowhere && written; ++row) {
            m_line = m_prefix;
            if (m_target == Target::JsonLines)
                appendJsonRow(m_line, batch, row);
            else
                appendPrintRow(m_line, batch, row);
            if (m_target == Target::PrintErrors)
                std::fprintf(stderr, "%s\n", m_line.c_str());
            else
                written = m_out.line(m_line);
        }
        // A reader of a live query waits for these rows; the buffer is for what comes in one go.
        if (!written || !m_out.flush())
            return Error{ErrorKind::Io, "standard output cannot be written any more.", {}};
        return {};
    }

private:
    enum class Target : std::uint8_t { JsonLines, Print, PrintErrors, Nowhere };

    DataWriter& m_out;
    Target m_target = Target::JsonLines;
    std::string m_prefix;
    std::string m_line;
};

/// Waits until the run is over; asks it to stop on Ctrl-C and when the reader of stdout leaves.
std::shared_ptr<const QuerySnapshot> watch(QueryRun& run, const DataWriter& out, const std::string& name)
{
    ProgressLine progress;
    ProblemReporter problems(name);
    for (bool over = false; !over;) {
        over = run.wait(std::chrono::milliseconds(200));
        const auto snapshot = run.snapshot();
        problems.report(snapshot->source);
        progress.show(
            countersLine(*snapshot) + ", " + grouped(static_cast<std::int64_t>(snapshot->rowsInPerSecond)) + "/s");
        if (interrupted() || out.readerLeft())
            run.stop();
    }
    return run.snapshot();
}

ExitCode tellEnd(const QuerySnapshot& snapshot, const SqlOptions& options, bool json)
{
    if (!options.quiet) {
        const std::string words = countersLine(snapshot) + "\n" + progressLines(snapshot);
        std::fprintf(stderr, "%s\n", (json ? countersJson(snapshot) : words).c_str());
    }
    if (snapshot.phase == QueryPhase::Failed && snapshot.failure) {
        complain(snapshot.failure->text());
        return ExitCode::Failed;
    }
    if (snapshot.firstFlinkFailure) {
        complain("Incomplete: Flink's job would have failed first at " + snapshot.firstFlinkFailure->text());
        return ExitCode::Incomplete;
    }
    return ExitCode::Done;
}

void tellRefused(const Error& error)
{
    complain(error.text());
    if (error.kind == ErrorKind::Locked)
        complain("Writing needs --unlock-writing with that cluster's id.");
}

ExitCode runOne(const ScriptRun& script, const sql::QueryPlan& plan)
{
    const SqlOptions& options = script.options;
    if (!options.quiet)
        std::fprintf(stderr, "query at line %u: %s\n", plan.span.line, sql::describe(plan.badge).c_str());
    const auto table = openTableSink(plan, script.clusters);
    if (!table) {
        tellRefused(table.error());
        return ExitCode::Failed;
    }
    QueryOptions queryOptions;
    queryOptions.workers = options.workers;
    queryOptions.onDecodeError = options.keepGoing ? OnDecodeError::KeepGoing : OnDecodeError::Stop;
    queryOptions.keepResult = false;
    queryOptions.finish = table->finish;
    queryOptions.sourceClock = script.environment.playback;
    DataWriter out;
    RowPrinter printer(plan, out);
    const ResultSink print = [&printer](const ResultBatch& batch) { return printer.write(batch); };
    auto run = QueryRun::start(
        plan, script.opener, table->rows ? table->rows : print, script.environment.budget, queryOptions);
    if (!run) {
        complain(run.error().text());
        return ExitCode::Failed;
    }
    const auto last = watch(**run, out, "query at line " + std::to_string(plan.span.line));
    // What could not be written is why the run failed, and finish() has the better words for it.
    return out.flush() ? tellEnd(*last, options, script.environment.options.json) : out.finish(ExitCode::Done);
}

ExitCode runScript(Environment& environment, const SqlOptions& options)
{
    auto text = readScript(options.file);
    if (!text) {
        complain(text.error().text());
        return ExitCode::Usage;
    }
    const sql::Script script = sql::compileScript(*text);
    if (!tellDiagnostics(script, *text, options.file))
        return ExitCode::Failed;
    if (script.queries.empty())
        complain(nameOf(options.file) + ": there is no SELECT and no INSERT INTO to run.");
    const auto clusters = std::make_shared<ClusterPool>(environment.budget, environment.clock);
    environment.kept.push_back(clusters);
    if (!environment.options.capture.empty()) {
        const auto folder = openCluster(environment);
        if (!folder)
            return ExitCode::Failed;
        clusters->setOnly(folder);
    } else if (const std::string& brokers = environment.options.brokers; !brokers.empty()) {
        const auto cluster = openCluster(environment);
        if (!cluster)
            return ExitCode::Failed;
        clusters->setDefault(brokers, {}, cluster);
    }
    for (const std::string& id : options.unlocked)
        clusters->unlock(id);
    SourceEnvironment sources;
    sources.clusterFor = [&clusters](const auto& properties) { return clusters->clusterFor(properties); };
    sources.budget = environment.budget;
    sources.clock = &environment.clock;
    const SourceOpener opener = [&sources](
                                    const sql::TableDefinition& table) { return openTableSources(table, sources); };
    ExitCode worst = ExitCode::Done;
    for (const sql::QueryPlan& plan : script.queries) {
        sources.group = std::make_shared<ReadGroup>();
        const ExitCode code = runOne({environment, options, opener, clusters}, plan);
        if (code == ExitCode::Failed || interrupted())
            return code;
        worst = std::max(worst, code);
    }
    return worst;
}

} // namespace

void addSql(CommandLine& line)
{
    const auto options = std::make_shared<SqlOptions>();
    VerbOptions verb = line.addVerb("sql", "Run a Flink SQL script here; rows as JSON Lines",
        [options](Environment& environment) { return runScript(environment, *options); });
    verb.memory();
    verb.json("The counters at the end as a JSON object");
    verb.brokers("Bootstrap servers of the tables that name none");
    verb.capture("A capture that stands for every Kafka table: it is read from its beginning");
    verb.pace();
    verb.required("file", options->file, "The script, or - for standard input");
    verb.flag("--keep-going", options->keepGoing,
        "Count rows at which Flink's job would fail and go on; exit code 3 if there were any");
    verb.flag("-q,--quiet", options->quiet, "No badges and no counters on stderr");
    verb.texts("--unlock-writing", options->unlocked,
        "Id of a cluster that INSERT INTO may write to; it is compared with the live cluster's");
    verb.number("--workers", options->workers, "Worker threads; 0: one per core", {0, 64});
}

} // namespace weir::cli
