// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/record_filter.h"

#include "app/engine/pipeline/scan_stage.h"
#include "app/engine/sql/script.h"
#include "app/session/infer_table.h"

#include <algorithm>

namespace weir {

namespace {

struct MetadataColumn
{
    const char* name;
    const char* definition;
};

// The key is no metadata in Flink: it is read as the 'key.fields' of a raw key.
constexpr MetadataColumn metadataColumns[] = {{"topic", "STRING METADATA VIRTUAL"},
    {"partition", "INT METADATA VIRTUAL"}, {"offset", "BIGINT METADATA VIRTUAL"},
    {"timestamp", "TIMESTAMP_LTZ(3) METADATA VIRTUAL"}, {"headers", "MAP<STRING, BYTES> METADATA VIRTUAL"}};

/// A table with all that a filter may name.
std::string tableText(const InferredFields& inferred)
{
    std::string columns;
    const auto add = [&columns](const std::string& name, const std::string& definition) {
        columns += (columns.empty() ? "" : ", ") + sql::quoteIdentifier(name) + " " + definition;
    };
    for (const RowField& field : inferred.fields)
        add(field.name, field.type.asNullable().text());
    for (const MetadataColumn& column : metadataColumns) {
        const std::string name = column.name;
        if (!hasField(inferred.fields, name))
            add(name, column.definition);
        std::string definition = column.definition;
        definition.insert(definition.find("METADATA") + 8, " FROM '" + name + "'");
        if (!hasField(inferred.fields, "_" + name))
            add("_" + name, definition);
    }
    const std::string key = hasField(inferred.fields, "key") ? "_key" : "key";
    const bool hasKey = !hasField(inferred.fields, key);
    if (hasKey)
        add(key, "STRING");
    const std::string standard = inferred.standard == TimestampStandard::Iso8601 ? "ISO-8601" : "SQL";
    std::string options = "'connector' = 'kafka', 'topic' = 't', 'value.format' = 'json', "
                          "'value.json.ignore-parse-errors' = 'true', 'value.json.timestamp-format.standard' = '"
        + standard + "'";
    if (hasKey)
        options += ", 'key.format' = 'raw', 'key.fields' = '" + key + "', 'value.fields-include' = 'EXCEPT_KEY'";
    return "CREATE TABLE records (" + columns + ") WITH (" + options + ");\n";
}

class SqlFilter final : public RecordFilter
{
public:
    explicit SqlFilter(std::shared_ptr<const query::QueryProgram> program)
        : m_program(std::move(program)), m_scan(m_program->scans.front()), m_stage(m_scan),
          m_needsValue(std::any_of(m_scan.decoded.begin(), m_scan.decoded.end(),
              [](const DecodedColumn& column) { return column.origin == DecodedOrigin::Field; }))
    { }

    std::vector<std::uint32_t> select(const RecordBatchPtr& batch) override
    {
        query::RowEvaluator evaluator(m_program->context);
        EventBatch events = m_stage.run(batch, 0, evaluator);
        std::vector<std::uint32_t> unknown;
        if (m_needsValue) {
            for (const RowError& error : events.errors)
                unknown.push_back(error.row);
        } else {
            events.selection = {}; // a value that is not asked for does not matter
        }
        evaluator.run(m_scan.before, events);
        for (const sql::EvaluationFailure& failure : evaluator.failures())
            unknown.push_back(failure.row);
        std::vector<std::uint32_t> rows;
        events.forEachSelected([&rows](std::uint32_t row) { rows.push_back(row); });
        std::sort(unknown.begin(), unknown.end());
        unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
        m_undecodable += unknown.size();
        std::vector<std::uint32_t> all;
        std::set_union(rows.begin(), rows.end(), unknown.begin(), unknown.end(), std::back_inserter(all));
        return all;
    }

    std::uint64_t undecodable() const override { return m_undecodable; }

private:
    const std::shared_ptr<const query::QueryProgram> m_program;
    const query::ScanProgram& m_scan;
    query::ScanStage m_stage;
    const bool m_needsValue;
    std::uint64_t m_undecodable = 0;
};

class SqlFilterFactory final : public RecordFilterFactory
{
public:
    explicit SqlFilterFactory(std::shared_ptr<const query::QueryProgram> program) : m_program(std::move(program)) { }
    std::unique_ptr<RecordFilter> make() const override { return std::make_unique<SqlFilter>(m_program); }

private:
    std::shared_ptr<const query::QueryProgram> m_program;
};

/// The first line of the query is one before that of the user's text.
Error wrongFilter(const sql::Diagnostic& diagnostic, const std::string& where, std::uint32_t linesBefore)
{
    const std::uint32_t line = diagnostic.span.line > linesBefore ? diagnostic.span.line - linesBefore : 1;
    const std::string place = where.find('\n') == std::string::npos ? "" : "line " + std::to_string(line) + ", ";
    return {ErrorKind::InvalidInput, diagnostic.message,
        "filter, " + place + "column " + std::to_string(diagnostic.span.column)};
}

} // namespace

Result<std::shared_ptr<const RecordFilterFactory>> RecordFilterFactory::compile(
    Cluster& cluster, const std::string& topic, const std::string& where, const Clock& clock)
{
    const auto sample = sampleFields(cluster, topic, clock);
    if (!sample)
        return sample.error();
    const std::string before = tableText(sample->inferred) + "SELECT 1 FROM records WHERE (\n";
    const sql::Script script = sql::compileScript(before + where + "\n)");
    if (!script.ok() || script.queries.size() != 1) {
        if (script.diagnostics.empty())
            return Error{ErrorKind::InvalidInput, "is no condition. Write one as behind WHERE.", "filter"};
        const auto lines = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
        return wrongFilter(script.diagnostics.front(), where, lines);
    }
    auto program = query::makeProgram(script.queries.front());
    if (!program)
        return program.error();
    if ((*program)->scans.size() != 1 || !(*program)->stages.empty() || (*program)->scans.front().aggregation)
        return Error{
            ErrorKind::InvalidInput, "may look at one record at a time only: no subqueries, no aggregates.", "filter"};
    return std::shared_ptr<const RecordFilterFactory>(std::make_shared<SqlFilterFactory>(std::move(*program)));
}

} // namespace weir
