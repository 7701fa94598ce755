// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/verb.h"
#include "app/engine/event/row_text.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/sql/script.h"
#include "app/session/cluster_pool.h"
#include "app/session/table_sources.h"

#include <CLI/CLI.hpp>

#include <cstdio>
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
};

Result<std::string> readScript(const std::string& file)
{
    std::ostringstream text;
    if (file == "-") {
        text << std::cin.rdbuf();
        return text.str();
    }
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return Error{
            ErrorKind::NotFound, "cannot be opened. Give the path of a SQL script, or - for standard input.", file};
    text << in.rdbuf();
    return text.str();
}

/// True when nothing stands in the way of running.
bool tellDiagnostics(const sql::Script& script, const std::string& file)
{
    for (const sql::Diagnostic& diagnostic : script.diagnostics)
        complain(file + ":" + sql::describe(diagnostic));
    return script.ok();
}

/// Writes rows where the statement sends them: JSON Lines for a SELECT, Flink's print format for a print table.
class RowPrinter
{
public:
    explicit RowPrinter(const sql::QueryPlan& plan) : m_plan(plan)
    {
        m_target = !plan.sink.table                           ? Target::JsonLines
            : plan.sink.table->option("connector") == "print" ? Target::Print
                                                              : Target::Nowhere;
    }

    Result<void> write(const ResultBatch& batch)
    {
        for (std::size_t row = 0; row < batch.rowCount && m_target != Target::Nowhere; ++row) {
            m_line.clear();
            if (m_target == Target::JsonLines)
                appendJsonRow(m_line, batch, row);
            else
                appendPrintRow(m_line, batch, row);
            if (!m_out.line(m_line))
                return Error{ErrorKind::Io, "standard output cannot be written any more", {}};
        }
        // A reader of a live query waits for these rows; the buffer is for what comes in one go.
        return m_out.flush() ? Result<void>() : Error{ErrorKind::Io, "standard output cannot be written any more", {}};
    }

private:
    enum class Target : std::uint8_t { JsonLines, Print, Nowhere };

    const sql::QueryPlan& m_plan;
    Target m_target;
    std::string m_line;
    LineWriter m_out;
};

std::string countersText(const QuerySnapshot& snapshot)
{
    const auto number = [](std::uint64_t n) { return grouped(static_cast<std::int64_t>(n)); };
    const QueryCounters& c = snapshot.counters;
    return "rows in " + number(c.rowsIn) + ", decode errors " + number(c.decodeErrors) + ", filtered "
        + number(c.filtered) + ", late dropped " + number(c.lateDropped) + ", windows fired " + number(c.windowsFired)
        + ", rows out " + number(c.rowsOut);
}

/// Waits until the run is over; asks it to stop on Ctrl-C.
std::shared_ptr<const QuerySnapshot> watch(QueryRun& run)
{
    ProgressLine progress;
    ProblemReporter problems("source");
    while (!run.wait(std::chrono::milliseconds(200))) {
        const auto snapshot = run.snapshot();
        problems.report(snapshot->source);
        progress.show(
            countersText(*snapshot) + ", " + grouped(static_cast<std::int64_t>(snapshot->rowsInPerSecond)) + "/s");
        if (interrupted())
            run.stop();
    }
    return run.snapshot();
}

ExitCode tellEnd(const QuerySnapshot& snapshot, const SqlOptions& options)
{
    if (!options.quiet)
        std::fprintf(stderr, "%s\n", countersText(snapshot).c_str());
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

ExitCode runOne(
    Environment& environment, const sql::QueryPlan& plan, const SourceOpener& opener, const SqlOptions& options)
{
    QueryOptions queryOptions;
    queryOptions.workers = options.workers;
    queryOptions.onDecodeError = options.keepGoing ? OnDecodeError::KeepGoing : OnDecodeError::Stop;
    queryOptions.keepResult = false;
    RowPrinter printer(plan);
    auto run = QueryRun::start(
        plan, opener, [&printer](const ResultBatch& batch) { return printer.write(batch); }, environment.budget,
        queryOptions);
    if (!run) {
        complain(run.error().text());
        return ExitCode::Failed;
    }
    return tellEnd(*watch(**run), options);
}

ExitCode runScript(Environment& environment, const SqlOptions& options)
{
    auto text = readScript(options.file);
    if (!text) {
        complain(text.error().text());
        return ExitCode::Usage;
    }
    const sql::Script script = sql::compileScript(*text);
    if (!tellDiagnostics(script, options.file))
        return ExitCode::Failed;
    const auto clusters = std::make_shared<ClusterPool>(environment.budget, environment.clock);
    environment.kept.push_back(clusters);
    SourceEnvironment sources;
    sources.clusterFor = [&clusters](const auto& properties) { return clusters->clusterFor(properties); };
    sources.budget = environment.budget;
    sources.clock = &environment.clock;
    const SourceOpener opener = [&sources](
                                    const sql::TableDefinition& table) { return openTableSources(table, sources); };
    ExitCode worst = ExitCode::Done;
    for (const sql::QueryPlan& plan : script.queries) {
        const ExitCode code = runOne(environment, plan, opener, options);
        if (code == ExitCode::Failed || interrupted())
            return code;
        worst = std::max(worst, code);
    }
    return worst;
}

} // namespace

void addSql(CLI::App& app, SharedOptions& shared, Action& chosen)
{
    CLI::App* verb = app.add_subcommand("sql", "Run a Flink SQL script here; rows as JSON Lines");
    const auto options = std::make_shared<SqlOptions>();
    addMemoryOption(*verb, shared);
    verb->add_option("file", options->file, "The script, or - for standard input")->required();
    verb->add_flag("--keep-going", options->keepGoing,
        "Count rows at which Flink's job would fail and go on; exit code 3 if there were any");
    verb->add_flag("-q,--quiet", options->quiet, "No counters on stderr at the end");
    verb->add_option("--workers", options->workers, "Worker threads; 0: one per core")
        ->check(CLI::Range(0, 64))
        ->capture_default_str();
    verb->callback([&chosen, options] {
        chosen = [options](Environment& environment) { return runScript(environment, *options); };
    });
}

} // namespace weir::cli
