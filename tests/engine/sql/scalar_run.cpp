// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/sql/scalar_run.h"

#include "app/engine/decode/table_decoder.h"
#include "app/engine/event/row_text.h"
#include "app/engine/sql/evaluate.h"

using namespace weir;

namespace {

JsonOptions optionsOf(const sql::TableDefinition& table)
{
    JsonOptions options;
    options.ignoreParseErrors = table.option("json.ignore-parse-errors") == "true";
    options.failOnMissingField = table.option("json.fail-on-missing-field") == "true";
    if (table.option("json.timestamp-format.standard") == "ISO-8601")
        options.timestampStandard = TimestampStandard::Iso8601;
    return options;
}

class Runner
{
public:
    Runner(const sql::QueryPlan& plan, const std::vector<std::string>& lines) : m_plan(plan), m_lines(lines)
    {
        m_context.timeZone = plan.timeZone;
    }

    ScalarRun run()
    {
        const EventBatch batch = output(*m_plan.root);
        const ResultBatch result{batch.schema, batch.columns, batch.rowCount, {}};
        batch.forEachSelected([&](std::uint32_t row) { appendJsonRow(m_run.rows.emplace_back(), result, row); });
        return m_run;
    }

private:
    EventBatch output(const sql::PlanNode& node)
    {
        if (const auto* scan = std::get_if<sql::ScanNode>(&node.step))
            return scanned(*scan, node.schema);
        if (const auto* filter = std::get_if<sql::FilterNode>(&node.step)) {
            EventBatch batch = output(*filter->input);
            note(sql::applyFilter(*filter->predicate, batch, m_context));
            return batch;
        }
        if (const auto* project = std::get_if<sql::ProjectNode>(&node.step))
            return projected(*project, node.schema);
        m_run.failure = "a window in a query that should have none";
        return {};
    }

    /// All columns of the table first, so that computed columns find what they are made of.
    EventBatch scanned(const sql::ScanNode& scan, const Schema& schema)
    {
        EventBatch all = decodeAll(*scan.table, m_lines);
        for (const RowError& error : all.errors) {
            if (error.failsFlink)
                m_run.failure = error.message;
        }
        for (std::size_t i = 0; i < scan.table->columns.size(); ++i) {
            if (scan.table->columns[i].expression)
                all.columns[i] = computed(*scan.table->columns[i].expression, all);
        }
        EventBatch batch = all;
        batch.schema = schema;
        batch.columns.clear();
        for (const std::size_t column : scan.columns)
            batch.columns.push_back(all.columns[column]);
        return batch;
    }

    EventBatch projected(const sql::ProjectNode& project, const Schema& schema)
    {
        EventBatch batch = output(*project.input);
        std::vector<Column> columns;
        for (const sql::ExpressionPtr& expression : project.expressions)
            columns.push_back(computed(*expression, batch));
        batch.columns = std::move(columns);
        batch.schema = schema;
        return batch;
    }

    Column computed(const sql::Expression& expression, const EventBatch& batch)
    {
        sql::Evaluated evaluated = sql::evaluate(expression, batch, m_context);
        note(evaluated.failure);
        return std::move(evaluated.column);
    }

    void note(const std::optional<sql::EvaluationFailure>& failure)
    {
        if (failure && !m_run.failure)
            m_run.failure = failure->message;
    }

    const sql::QueryPlan& m_plan;
    const std::vector<std::string>& m_lines;
    sql::EvaluationContext m_context;
    ScalarRun m_run;
};

} // namespace

ScalarRun runScalar(const sql::QueryPlan& plan, const std::vector<std::string>& lines)
{
    return Runner(plan, lines).run();
}

EventBatch decodeAll(const sql::TableDefinition& table, const std::vector<std::string>& lines)
{
    std::vector<DecodedColumn> fields;
    for (const sql::TableColumn& column : table.columns)
        fields.push_back({column.name, column.type, DecodedOrigin::Field, column.name});
    RecordFormat format;
    format.value = optionsOf(table);
    return TableDecoder(fields, format).decode(recordsOf(lines), 0);
}

RecordBatchPtr recordsOf(const std::vector<std::string>& lines)
{
    BatchSize size{lines.size(), 0, 0};
    for (const std::string& line : lines)
        size.bytes += line.size();
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{0}, size);
    std::int64_t offset = 0;
    for (const std::string& line : lines) {
        builder.add(offset++, 0, TimestampType::CreateTime, std::nullopt,
            line.empty() ? std::nullopt : std::optional<std::string_view>(line));
    }
    return builder.finish(0, nullptr);
}
