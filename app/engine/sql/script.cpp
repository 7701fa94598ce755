// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"

#include "app/engine/sql/parser.h"
#include "app/engine/sql/query_binder.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/table_binder.h"
#include "app/engine/sql/words.h"

#include <algorithm>

namespace weir::sql {

namespace {

const std::string zoneOption = "table.local-time-zone";

/// Whether a value goes into a column without a CAST: the same kind, or a wider number.
bool storesWithout(const LogicalType& from, const LogicalType& to)
{
    const bool number = from.isNumeric() && to.isNumeric()
        && (to.kind >= from.kind || (to.kind == TypeKind::Decimal && from.isInteger()));
    return from.kind == TypeKind::Null || from.kind == to.kind || number || (from.isString() && to.isString())
        || (from.isBytes() && to.isBytes()) || (from.isTimestamp() && to.isTimestamp());
}

/// Binds statement after statement; an error ends its statement only.
class ScriptBinder
{
public:
    explicit ScriptBinder(const std::vector<TablePtr>& known)
    {
        for (const TablePtr& table : known)
            m_catalog[table->name] = table;
    }

    Script bind(ParsedScript parsed)
    {
        m_script.diagnostics = std::move(parsed.diagnostics);
        for (const ParsedStatement& statement : parsed.statements) {
            try {
                std::visit([&](const auto& one) { add(one, statement.span); }, statement.statement);
            } catch (const StatementError& error) {
                m_script.diagnostics.push_back(error.diagnostic);
            }
        }
        std::stable_sort(m_script.diagnostics.begin(), m_script.diagnostics.end(),
            [](const Diagnostic& a, const Diagnostic& b) { return a.span.offset < b.span.offset; });
        return std::move(m_script);
    }

private:
    void add(const ast::CreateTable& written, const SourceSpan&)
    {
        const bool twice = std::any_of(m_script.tables.begin(), m_script.tables.end(),
            [&](const TablePtr& table) { return table->name == written.name.text; });
        if (twice)
            throw StatementError(written.name.span, "Table '" + written.name.text + "' already exists.");
        TablePtr table = bindTable(written, m_script.diagnostics);
        m_catalog[table->name] = table;
        m_script.tables.push_back(std::move(table));
    }

    void add(const ast::Select& select, const SourceSpan& span)
    {
        QueryPlan plan = bindQuery(select, m_catalog);
        checkZone(select, plan);
        addQuery(std::move(plan), span);
    }

    void add(const ast::Insert& insert, const SourceSpan& span)
    {
        const auto target = m_catalog.find(insert.table.text);
        if (target == m_catalog.end())
            throw StatementError(insert.table.span, "Object '" + insert.table.text + "' not found.");
        const std::string connector = target->second->option("connector");
        if (connector != "print" && connector != "blackhole")
            throw StatementError(insert.table.span, "writing to a " + connector + " table is not supported yet.",
                "Write to a print or blackhole table");
        QueryPlan plan = bindQuery(insert.select, m_catalog);
        checkZone(insert.select, plan);
        checkSink(insert, *target->second, plan);
        plan.sink.table = target->second;
        addQuery(std::move(plan), span);
    }

    void add(const ast::SetOption& option, const SourceSpan&)
    {
        m_script.settings[option.key] = option.value;
        if (option.key == zoneOption && option.value != "UTC")
            m_script.diagnostics.push_back({Severity::Warning, option.span,
                "Weir computes in UTC for now: 'table.local-time-zone' is kept for Flink.", {}});
    }

    /// Windows over TIMESTAMP_LTZ begin at hours and days of the session's zone: other numbers in every row.
    void checkZone(const ast::Select& select, QueryPlan& plan) const
    {
        const auto zone = m_script.settings.find(zoneOption);
        if (zone == m_script.settings.end())
            return;
        plan.timeZone = zone->second;
        const Schema* below = nullptr;
        for (PlanPtr node = plan.root; node; node = inputsOf(*node).empty() ? nullptr : inputsOf(*node).front()) {
            if (std::holds_alternative<WindowNode>(node->step))
                below = &node->schema;
        }
        const bool local = below && below->back().type.kind == TypeKind::TimestampLtz;
        if (local && zone->second != "UTC")
            throw StatementError(select.from.span,
                "windows over TIMESTAMP_LTZ in the time zone '" + zone->second + "' are not supported yet.",
                "Use UTC, or a TIMESTAMP column");
    }

    static void checkSink(const ast::Insert& insert, const TableDefinition& table, const QueryPlan& plan)
    {
        const std::size_t wanted = table.columns.size();
        const std::size_t given = plan.root->schema.size();
        if (wanted != given)
            throw StatementError(insert.table.span,
                "Column types of query result and sink for '" + table.name + "' do not match: the query has "
                    + std::to_string(given) + " columns, the table " + std::to_string(wanted) + ".");
        for (std::size_t i = 0; i < wanted; ++i) {
            const RowField& from = plan.root->schema[i];
            const LogicalType& to = table.columns[i].type;
            if (!storesWithout(from.type, to))
                throw StatementError(insert.table.span,
                    "Incompatible types for sink column '" + table.columns[i].name + "' at position "
                        + std::to_string(i) + ": the query gives " + from.type.text() + ", the table has " + to.text()
                        + ".",
                    "CAST(" + quoteIdentifier(from.name) + " AS " + to.asNullable().text() + ")");
        }
    }

    void addQuery(QueryPlan plan, const SourceSpan& span)
    {
        plan.span = span;
        m_script.queries.push_back(std::move(plan));
    }

    Catalog m_catalog;
    Script m_script;
};

/// A text as SQL writes it, in single quotes.
std::string quoteText(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text) {
        quoted += c;
        if (c == '\'')
            quoted += c;
    }
    return quoted + "'";
}

bool isPlainName(std::string_view name)
{
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), fits)
        && !isReserved(name);
}

} // namespace

bool Script::ok() const
{
    return std::none_of(diagnostics.begin(), diagnostics.end(),
        [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; });
}

Script compileScript(std::string_view text, const std::vector<TablePtr>& known)
{
    return ScriptBinder(known).bind(parseScript(text));
}

std::string quoteIdentifier(std::string_view name)
{
    if (isPlainName(name))
        return std::string(name);
    std::string quoted = "`";
    for (const char c : name) {
        quoted += c;
        if (c == '`')
            quoted += c;
    }
    return quoted + "`";
}

std::string createTableText(const std::string& topic, const std::vector<InferredField>& fields,
    const std::string& timeField, const std::map<std::string, std::string>& connectorOptions)
{
    std::string text = "CREATE TABLE " + quoteIdentifier(topic) + " (\n";
    for (const InferredField& field : fields)
        text += "  " + quoteIdentifier(field.name) + " " + field.type.asNullable().text() + ",\n";
    std::string time = timeField;
    if (time.empty()) {
        time = "record_time";
        text += "  record_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,\n";
    }
    const std::string column = quoteIdentifier(time);
    text += "  WATERMARK FOR " + column + " AS " + column + " - INTERVAL '5' SECOND\n) WITH (\n";
    std::map<std::string, std::string> all = connectorOptions;
    all.emplace("json.ignore-parse-errors", "true");
    std::string options;
    for (const auto& [key, value] : all)
        options += (options.empty() ? "  " : ",\n  ") + quoteText(key) + " = " + quoteText(value);
    return text + options + "\n);\n";
}

} // namespace weir::sql
