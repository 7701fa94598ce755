// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/table_binder.h"

#include "app/engine/sql/expression_binder.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/type_rules.h"
#include "app/engine/sql/words.h"

#include <algorithm>
#include <map>

namespace weir::sql {

namespace {

constexpr std::size_t mostColumns = 4096;
constexpr std::string_view flinkConnectors[] = {"datagen", "upsert-kafka", "jdbc", "elasticsearch-7", "opensearch",
    "mongodb", "hbase-2.2", "kinesis", "firehose", "dynamodb", "pulsar", "iceberg", "paimon", "hive", "socket"};

/// Options that Weir understands, by connector. All of 'properties.*' belongs to kafka; those of a format may have
/// 'key.' or 'value.' in front.
const std::map<std::string, std::vector<std::string>>& knownOptions()
{
    static const std::vector<std::string> formats{"format", "json.ignore-parse-errors", "json.fail-on-missing-field",
        "json.timestamp-format.standard", "json.map-null-key.mode", "json.map-null-key.literal",
        "json.encode.decimal-as-plain-number", "json.encode.ignore-null-fields", "raw.endianness", "raw.charset",
        "scan.watermark.emit.strategy", "scan.watermark.idle-timeout"};
    static const auto with = [](std::vector<std::string> own) {
        own.insert(own.end(), formats.begin(), formats.end());
        own.emplace_back("connector");
        return own;
    };
    static const std::map<std::string, std::vector<std::string>> options{
        {"kafka",
            with({"topic", "topic-pattern", "key.fields", "key.fields-prefix", "value.fields-include",
                "scan.startup.mode", "scan.startup.timestamp-millis", "scan.startup.specific-offsets",
                "scan.bounded.mode", "scan.bounded.timestamp-millis", "scan.bounded.specific-offsets",
                "sink.partitioner", "sink.delivery-guarantee"})},
        {"filesystem", with({"path", "source.monitor-interval"})},
        {"print", {"connector", "print-identifier", "standard-error"}}, {"blackhole", {"connector"}}};
    return options;
}

/// An option's name without what says that it is about the key or the value.
std::string_view plainName(std::string_view name)
{
    for (const std::string_view part : {"key.", "value."}) {
        const std::string_view rest = name.substr(std::min(name.size(), part.size()));
        if (name.starts_with(part) && (rest == "format" || rest.starts_with("json.") || rest.starts_with("raw.")))
            return rest;
    }
    return name;
}

LogicalType headersType()
{
    LogicalType type;
    type.kind = TypeKind::Map;
    type.children = std::make_shared<const std::vector<RowField>>(
        std::vector<RowField>{{"key", types::string()}, {"value", types::bytes()}});
    return type;
}

const std::map<std::string, LogicalType>& metadataTypes()
{
    static const std::map<std::string, LogicalType> metadata{{"partition", types::integer()},
        {"offset", types::bigInt()}, {"timestamp", types::timestampLtz(3)}, {"timestamp-type", types::string()},
        {"topic", types::string()}, {"headers", headersType()}, {"leader-epoch", types::integer()}};
    return metadata;
}

/// Whether a column of type `declared` can hold metadata of type `given`.
bool holds(const LogicalType& declared, const LogicalType& given)
{
    if (!given.isNested())
        return !declared.isNested() && physicalTypeOf(declared) == physicalTypeOf(given);
    return declared.kind == given.kind && declared.children->front().type.isString()
        && declared.children->back().type.isBytes();
}

class TableBinder
{
public:
    TableBinder(const ast::CreateTable& written, std::vector<Diagnostic>& diagnostics)
        : m_written(written), m_diagnostics(diagnostics), m_table(std::make_shared<TableDefinition>())
    { }

    TablePtr bind()
    {
        m_table->name = m_written.name.text;
        m_table->span = m_written.span;
        for (const auto& [key, value] : m_written.options)
            m_table->options[key.text] = value;
        // As in Flink, computed columns may use every other kind of column, wherever it stands.
        for (const ast::ColumnDefinition& column : m_written.columns) {
            if (!column.computed)
                addStored(column);
            else
                m_table->columns.push_back(
                    {column.name.text, {}, ColumnOrigin::Computed, {}, nullptr, column.name.span});
        }
        for (std::size_t i = 0; i < m_written.columns.size(); ++i) {
            if (m_written.columns[i].computed)
                bindComputed(m_table->columns[i], *m_written.columns[i].computed);
        }
        for (const ast::Name& key : m_written.primaryKey)
            addKey(key);
        if (!m_written.watermarks.empty())
            bindWatermark(m_written.watermarks.front());
        checkOptions();
        bindKeyColumns();
        return m_table;
    }

private:
    void checkOptions();
    void checkDuplicate(const ast::Name& name) const;
    void addStored(const ast::ColumnDefinition& column);
    void bindComputed(TableColumn& column, const ast::Expression& expression);
    void addKey(const ast::Name& name);
    void bindWatermark(const ast::WatermarkClause& clause);
    void bindKeyColumns();
    std::size_t keyColumn(const std::string& name, const std::string& prefix) const;
    SourceSpan spanOf(const std::string& option) const;
    Scope scope(bool withComputed) const;

    const ast::CreateTable& m_written;
    std::vector<Diagnostic>& m_diagnostics;
    std::shared_ptr<TableDefinition> m_table;
};

void TableBinder::checkOptions()
{
    const std::string connector = m_table->option("connector");
    if (connector.empty()) {
        const auto meant = std::find_if(m_written.options.begin(), m_written.options.end(),
            [](const auto& option) { return !didYouMean(option.first.text, {"connector"}).empty(); });
        const bool found = meant != m_written.options.end();
        throw StatementError(found ? meant->first.span : m_written.name.span, "the option 'connector' is missing.",
            found ? "did you mean 'connector'?" : "WITH ('connector' = 'kafka', …)");
    }
    const auto known = knownOptions().find(connector);
    if (known == knownOptions().end()) {
        const auto at = std::find_if(m_written.options.begin(), m_written.options.end(),
            [](const auto& option) { return option.first.text == "connector"; });
        for (const std::string_view other : flinkConnectors) {
            if (connector == other)
                throw StatementError(at->first.span, "the connector '" + connector + "' is not supported yet.",
                    "Weir reads kafka and filesystem and writes kafka, print and blackhole");
        }
        throw StatementError(at->first.span, "Could not find any factory for identifier '" + connector + "'.",
            "Weir reads kafka and filesystem and writes kafka, print and blackhole");
    }
    for (const auto& [key, value] : m_written.options) {
        const bool property = connector == "kafka" && key.text.starts_with("properties.");
        const std::string_view name = connector == "kafka" ? plainName(key.text) : key.text;
        if (property || std::find(known->second.begin(), known->second.end(), name) != known->second.end())
            continue;
        m_diagnostics.push_back(
            {Severity::Note, key.span, "the option '" + key.text + "' means nothing to Weir; it is kept for Flink.",
                didYouMean(key.text, known->second)});
    }
}

void TableBinder::checkDuplicate(const ast::Name& name) const
{
    for (const TableColumn& column : m_table->columns) {
        if (column.name == name.text)
            throw StatementError(name.span, "A column named '" + name.text + "' already exists in the table.");
    }
}

void TableBinder::addStored(const ast::ColumnDefinition& written)
{
    checkDuplicate(written.name);
    if (m_table->columns.size() >= mostColumns)
        throw StatementError(written.name.span, "a table has 4,096 columns at most.");
    TableColumn column;
    column.name = written.name.text;
    column.type = written.type;
    column.span = written.name.span;
    if (written.metadata) {
        column.origin = ColumnOrigin::Metadata;
        column.isVirtual = written.isVirtual;
        column.metadataKey = written.metadataKey.empty() ? column.name : written.metadataKey;
        const auto known = metadataTypes().find(column.metadataKey);
        if (known == metadataTypes().end())
            throw StatementError(written.name.span,
                "Invalid metadata key '" + column.metadataKey + "' in column '" + column.name + "'.",
                "There are topic, partition, headers, leader-epoch, offset, timestamp and timestamp-type");
        if (!holds(column.type, known->second))
            throw StatementError(written.name.span,
                "the metadata '" + column.metadataKey + "' is " + known->second.text() + ", not " + column.type.text()
                    + ".");
    }
    m_table->columns.push_back(std::move(column));
}

Scope TableBinder::scope(bool withComputed) const
{
    Scope scope;
    for (const TableColumn& column : m_table->columns) {
        const bool visible = withComputed || column.origin != ColumnOrigin::Computed;
        // Invisible columns keep their place, so that numbers are those of the table.
        scope.columns.push_back({visible ? column.name : std::string(), column.type, false});
    }
    return scope;
}

void TableBinder::bindComputed(TableColumn& column, const ast::Expression& expression)
{
    const Scope visible = scope(false);
    column.expression = ExpressionBinder(visible).bind(expression);
    column.type = column.expression->type;
}

/// As in Flink, a column of the primary key is never NULL.
void TableBinder::addKey(const ast::Name& name)
{
    std::vector<std::string> known;
    for (TableColumn& column : m_table->columns) {
        known.push_back(column.name);
        if (column.name != name.text)
            continue;
        if (column.origin == ColumnOrigin::Computed)
            throw StatementError(
                name.span, "Could not create a PRIMARY KEY with the computed column '" + name.text + "'.");
        column.type.nullable = false;
        return;
    }
    throw StatementError(name.span, "Could not create a PRIMARY KEY. Column '" + name.text + "' does not exist.",
        didYouMean(name.text, known));
}

void TableBinder::bindWatermark(const ast::WatermarkClause& clause)
{
    const Scope visible = scope(true);
    WatermarkDefinition watermark;
    std::vector<std::string> names;
    bool found = false;
    for (std::size_t i = 0; i < m_table->columns.size(); ++i) {
        names.push_back(m_table->columns[i].name);
        if (m_table->columns[i].name == clause.column.text) {
            watermark.column = i;
            found = true;
        }
    }
    if (!found)
        throw StatementError(clause.column.span,
            "The rowtime attribute field '" + clause.column.text + "' is not defined in the table schema.",
            didYouMean(clause.column.text, names));
    const LogicalType& type = m_table->columns[watermark.column].type;
    if (!type.isTimestamp() || type.precision > 3)
        throw StatementError(clause.column.span,
            "Invalid data type of time field for watermark definition. The field must be of type TIMESTAMP(p) or "
            "TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3, but the time field type is "
                + type.asNullable().text() + ".");
    watermark.expression = ExpressionBinder(visible).bind(*clause.expression);
    if (!watermark.expression->type.isTimestamp())
        throw StatementError(clause.expression->span,
            "a watermark is a time, but this is " + watermark.expression->type.asNullable().text() + ".");
    m_table->watermark = std::move(watermark);
}

/// Of an option's name, or of the table's where it is not given.
SourceSpan TableBinder::spanOf(const std::string& option) const
{
    const auto at = std::find_if(m_written.options.begin(), m_written.options.end(),
        [&option](const auto& one) { return one.first.text == option; });
    return at == m_written.options.end() ? m_written.name.span : at->first.span;
}

/// 'key.fields' and its relations, with the rules and words of Flink's connector.
void TableBinder::bindKeyColumns()
{
    const std::vector<std::string> fields = m_table->listOption("key.fields");
    if (m_table->option("connector") != "kafka" || (fields.empty() && m_table->option("key.format").empty()))
        return;
    if (m_table->option("key.format").empty())
        throw StatementError(spanOf("key.fields"),
            "The option 'key.fields' can only be declared if a key format is defined using 'key.format'.");
    if (fields.empty())
        throw StatementError(spanOf("key.format"),
            "A key format 'key.format' requires the declaration of one or more of key fields using 'key.fields'.");
    const std::string prefix = m_table->option("key.fields-prefix");
    const std::string include = m_table->option("value.fields-include", "ALL");
    if (include != "ALL" && include != "EXCEPT_KEY")
        throw StatementError(
            spanOf("value.fields-include"), "'value.fields-include' is ALL or EXCEPT_KEY, not '" + include + "'.");
    if (!prefix.empty() && include == "ALL")
        throw StatementError(spanOf("key.fields-prefix"),
            "A key prefix is not allowed when option 'value.fields-include' is set to 'ALL'. Set it to 'EXCEPT_KEY' "
            "instead to avoid field overlaps.");
    KeyColumns key{{}, prefix.size(), include == "ALL"};
    for (const std::string& field : fields)
        key.columns.push_back(keyColumn(field, prefix));
    if (m_table->option("key.format") == "raw" && key.columns.size() > 1)
        throw StatementError(spanOf("key.fields"), "The 'raw' format only supports single physical column.");
    m_table->key = std::move(key);
}

std::size_t TableBinder::keyColumn(const std::string& name, const std::string& prefix) const
{
    std::vector<std::string> known;
    for (std::size_t i = 0; i < m_table->columns.size(); ++i) {
        const TableColumn& column = m_table->columns[i];
        if (column.origin != ColumnOrigin::Physical)
            continue;
        known.push_back(column.name);
        if (column.name != name)
            continue;
        if (!name.starts_with(prefix))
            throw StatementError(spanOf("key.fields"),
                "All fields in 'key.fields' must be prefixed with '" + prefix
                    + "' when option 'key.fields-prefix' is set but field '" + name + "' is not prefixed.");
        return i;
    }
    throw StatementError(spanOf("key.fields"),
        "Could not find the field '" + name + "' in the table schema for usage in the key format. A key field must be "
            + "a regular, physical column.",
        didYouMean(name, known));
}

} // namespace

TablePtr bindTable(const ast::CreateTable& table, std::vector<Diagnostic>& diagnostics)
{
    return TableBinder(table, diagnostics).bind();
}

} // namespace weir::sql
