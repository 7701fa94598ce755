// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/sink_binder.h"

#include "app/engine/sql/script.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/type_rules.h"
#include "app/engine/sql/words.h"

#include <algorithm>

namespace weir::sql {

namespace {

/// Whether a value goes into a column without a CAST: the same kind, or a wider number.
bool storesWithout(const LogicalType& from, const LogicalType& to)
{
    const bool number = from.isNumeric() && to.isNumeric()
        && (to.kind >= from.kind || (to.kind == TypeKind::Decimal && from.isInteger()));
    const bool nested = from.isNested() || to.isNested();
    return from.kind == TypeKind::Null || (nested && sameElements(from, to)) || (!nested && from.kind == to.kind)
        || number || (from.isString() && to.isString()) || (from.isBytes() && to.isBytes())
        || (from.isTimestamp() && to.isTimestamp());
}

class SinkBinder
{
public:
    SinkBinder(const ast::Insert& insert, const TablePtr& table, BoundQuery query)
        : m_insert(insert), m_table(table), m_query(std::move(query))
    {
        for (const std::size_t column : table->writtenColumns())
            m_columns.push_back(&table->columns[column]);
    }

    QueryPlan bind()
    {
        if (!m_insert.columns.empty())
            orderColumns();
        checkCount();
        checkTypes();
        checkRows();
        const std::string connector = m_table->option("connector");
        if (connector != "print" && connector != "blackhole" && connector != "kafka")
            throw StatementError(m_insert.table.span, "writing to a " + connector + " table is not supported yet.",
                "Write to a kafka, print or blackhole table");
        if (connector == "kafka")
            checkMetadata();
        storeAsDeclared();
        m_query.plan.sink.table = m_table;
        return std::move(m_query.plan);
    }

private:
    /// INSERT INTO t (b, a): a projection puts the query's columns where they belong.
    void orderColumns()
    {
        const Schema& given = m_query.plan.root->schema;
        if (m_insert.columns.size() != given.size())
            mismatch(m_insert.columns.size());
        ProjectNode project;
        project.input = m_query.plan.root;
        Schema schema;
        std::vector<bool> used(m_insert.columns.size());
        for (const TableColumn* column : m_columns) {
            const auto named = std::find_if(m_insert.columns.begin(), m_insert.columns.end(),
                [&](const ast::Name& name) { return name.text == column->name; });
            const auto place = static_cast<std::size_t>(named - m_insert.columns.begin());
            if (named == m_insert.columns.end()) {
                if (!column->type.nullable)
                    throw StatementError(m_insert.table.span,
                        "Column '" + column->name + "' has no default value and does not allow NULLs.");
                project.expressions.push_back(literalOf(std::monostate{}, column->type));
                schema.push_back({column->name, column->type});
                continue;
            }
            used[place] = true;
            project.expressions.push_back(columnReference(place, given[place].type));
            schema.push_back({column->name, given[place].type});
        }
        for (std::size_t i = 0; i < used.size(); ++i) {
            if (!used[i])
                unknownColumn(m_insert.columns[i]);
        }
        projected(std::move(project), std::move(schema));
        m_query.plan.windowStartColumn = m_query.plan.windowEndColumn = -1;
    }

    void projected(ProjectNode project, Schema schema)
    {
        auto node = std::make_shared<PlanNode>();
        node->step = std::move(project);
        node->schema = std::move(schema);
        m_query.plan.root = std::move(node);
    }

    /// Rows have the types of the table's columns. Lengths of texts are not enforced, as Flink leaves them by default.
    void storeAsDeclared()
    {
        const Schema& given = m_query.plan.root->schema;
        ProjectNode project;
        project.input = m_query.plan.root;
        Schema schema;
        bool same = true;
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            LogicalType type = given[i].type;
            if (type.kind == TypeKind::Null || !(type.isNested() || type.isString() || type.isBytes())) {
                type = m_columns[i]->type;
                type.nullable = given[i].type.nullable;
            }
            same = same && sameBesidesNull(given[i].type, type);
            project.expressions.push_back(castTo(columnReference(i, given[i].type), type));
            schema.push_back({m_columns[i]->name, type});
        }
        if (!same)
            projected(std::move(project), std::move(schema));
    }

    void checkMetadata() const
    {
        for (const TableColumn* column : m_columns) {
            const bool written = column->metadataKey == "timestamp" || column->metadataKey == "headers";
            if (column->origin == ColumnOrigin::Metadata && !written)
                throw StatementError(column->span,
                    "Invalid metadata key '" + column->metadataKey + "' in column '" + column->name + "' of table '"
                        + m_table->name + "': a record is written with headers and timestamp only.",
                    "Declare the column VIRTUAL");
        }
    }

    [[noreturn]] void unknownColumn(const ast::Name& name) const
    {
        std::vector<std::string> known;
        bool twice = false;
        for (const TableColumn* column : m_columns) {
            known.push_back(column->name);
            twice = twice || column->name == name.text;
        }
        if (twice)
            throw StatementError(name.span, "Target column '" + name.text + "' is assigned more than once.");
        throw StatementError(name.span, "Unknown target column '" + name.text + "'.", didYouMean(name.text, known));
    }

    [[noreturn]] void mismatch(std::size_t wanted) const
    {
        throw StatementError(m_insert.table.span,
            "Column types of query result and sink for '" + m_table->name + "' do not match: the query has "
                + std::to_string(m_query.plan.root->schema.size()) + " columns, the table " + std::to_string(wanted)
                + ".");
    }

    void checkCount() const
    {
        if (m_columns.size() != m_query.plan.root->schema.size())
            mismatch(m_columns.size());
    }

    void checkTypes() const
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            const RowField& from = m_query.plan.root->schema[i];
            const LogicalType& to = m_columns[i]->type;
            if (!storesWithout(from.type, to))
                throw StatementError(m_insert.table.span,
                    "Incompatible types for sink column '" + m_columns[i]->name + "' at position " + std::to_string(i)
                        + ": the query gives " + from.type.text() + ", the table has " + to.text() + ".",
                    "CAST(" + quoteIdentifier(from.name) + " AS " + to.asNullable().text() + ")");
        }
    }

    void checkRows() const
    {
        const std::string connector = m_table->option("connector");
        const bool takesUpdates = connector == "print" || connector == "blackhole";
        if (m_query.updating && !takesUpdates)
            throw StatementError(m_insert.table.span,
                "Table sink '" + m_table->name
                    + "' doesn't support consuming update changes: the query corrects its rows later.",
                "Group by window_start, window_end");
        if (m_query.timeAttributes.size() > 1)
            throw StatementError(m_insert.table.span,
                "The query contains more than one rowtime attribute column [" + m_query.timeAttributes[0] + ", "
                    + m_query.timeAttributes[1] + "] for writing into table '" + m_table->name + "'.",
                "CAST all but one of them AS TIMESTAMP(3)");
    }

    const ast::Insert& m_insert;
    const TablePtr& m_table;
    BoundQuery m_query;
    std::vector<const TableColumn*> m_columns;
};

} // namespace

QueryPlan bindSink(const ast::Insert& insert, const TablePtr& table, BoundQuery query)
{
    return SinkBinder(insert, table, std::move(query)).bind();
}

} // namespace weir::sql
