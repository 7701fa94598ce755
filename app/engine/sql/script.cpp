// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"

#include "app/engine/event/time_zone.h"
#include "app/engine/sql/parser.h"
#include "app/engine/sql/query_badge.h"
#include "app/engine/sql/query_binder.h"
#include "app/engine/sql/sink_binder.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/table_binder.h"
#include "app/engine/sql/words.h"

#include <algorithm>
#include <set>

namespace weir::sql {

namespace {

const std::string zoneOption = "table.local-time-zone";

/// Binds statement after statement; an error ends its statement only.
class ScriptBinder
{
public:
    explicit ScriptBinder(const std::vector<TablePtr>& known)
    {
        for (const TablePtr& table : known)
            m_catalog[table->name].table = table;
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
        if (m_defined.contains(written.name.text)) {
            if (written.ifNotExists)
                return;
            throw StatementError(written.name.span, "Table '" + written.name.text + "' already exists.");
        }
        TablePtr table = bindTable(written, m_script.diagnostics);
        define(written.name.text, {table, nullptr});
        m_script.tables.push_back(std::move(table));
    }

    void add(const ast::CreateView& written, const SourceSpan&)
    {
        if (m_defined.contains(written.name.text)) {
            if (written.ifNotExists)
                return;
            throw StatementError(written.name.span, "View '" + written.name.text + "' already exists.");
        }
        auto view = std::make_shared<View>();
        view->name = written.name.text;
        view->query = written.query;
        for (const ast::Name& column : written.columns)
            view->columns.push_back(column.text);
        Schema columns = checkView(*written.query, view->columns, written.name.span, setting());
        m_script.views.push_back({view->name, std::move(columns)});
        define(written.name.text, {nullptr, std::move(view)});
    }

    void add(const ast::Drop& drop, const SourceSpan&)
    {
        const auto found = m_catalog.find(drop.name.text);
        const bool known = found != m_catalog.end() && (found->second.view != nullptr) == drop.view;
        if (!known && !drop.ifExists)
            throw StatementError(drop.name.span,
                std::string(drop.view ? "View" : "Table") + " with identifier '" + drop.name.text
                    + "' does not exist.");
        if (!known)
            return;
        m_catalog.erase(found);
        m_defined.erase(drop.name.text);
    }

    void add(const std::shared_ptr<ast::Query>& query, const SourceSpan& span)
    {
        addQuery(bindQuery(*query, setting()).plan, span);
    }

    void add(const ast::Insert& insert, const SourceSpan& span)
    {
        const auto target = m_catalog.find(insert.table.text);
        if (target == m_catalog.end())
            throw StatementError(insert.table.span, "Object '" + insert.table.text + "' not found.");
        if (!target->second.table)
            throw StatementError(
                insert.table.span, "'" + insert.table.text + "' is a view: rows cannot be written to it.");
        addQuery(bindSink(insert, target->second.table, bindQuery(*insert.query, setting())), span);
    }

    void add(const ast::ResetOption& option, const SourceSpan&)
    {
        if (option.key.empty())
            m_script.settings.clear();
        else
            m_script.settings.erase(option.key);
    }

    void add(const ast::SetOption& option, const SourceSpan&)
    {
        m_script.settings[option.key] = option.value;
        if (option.key != zoneOption)
            return;
        if (const Result<TimeZonePtr> zone = TimeZone::find(option.value); !zone)
            throw StatementError(option.span, zone.error().message + ".");
    }

    BindSetting setting() { return {m_catalog, zone(), m_budget}; }

    std::string zone() const
    {
        const auto found = m_script.settings.find(zoneOption);
        return found == m_script.settings.end() ? "UTC" : found->second;
    }

    void define(const std::string& name, CatalogEntry entry)
    {
        m_catalog[name] = std::move(entry);
        m_defined.insert(name);
    }

    void addQuery(QueryPlan plan, const SourceSpan& span)
    {
        plan.span = span;
        m_script.queries.push_back(std::move(plan));
    }

    Catalog m_catalog;
    std::set<std::string> m_defined; ///< by this script
    BindBudget m_budget;
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
    Script script = ScriptBinder(known).bind(parseScript(text));
    addLaterWords(text, script.queries);
    return script;
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
