// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/column_use.h"

#include <algorithm>

namespace weir::sql {

namespace {

void collectNames(const ast::Expression& expression, std::set<std::string>& names)
{
    if (expression.kind == ast::ExpressionKind::Column)
        names.insert(expression.names.back().text);
    for (const auto& argument : expression.arguments)
        collectNames(*argument, names);
    if (expression.filter)
        collectNames(*expression.filter, names);
}

void collectColumns(const Expression& expression, std::set<std::size_t>& columns)
{
    if (expression.kind == Expression::Kind::Column)
        columns.insert(expression.column);
    for (const ExpressionPtr& argument : expression.arguments)
        collectColumns(*argument, columns);
}

std::set<std::string> namesIn(const ast::Select& select, bool& all)
{
    std::set<std::string> names;
    for (const ast::SelectItem& item : select.items) {
        all = all || item.star;
        if (item.expression)
            collectNames(*item.expression, names);
    }
    for (const auto& key : select.groupBy)
        collectNames(*key, names);
    for (const ast::ExpressionPtr* condition : {&select.where, &select.having}) {
        if (*condition)
            collectNames(**condition, names);
    }
    if (select.from.windowed)
        names.insert(select.from.timeColumn.text);
    return names;
}

} // namespace

std::vector<std::size_t> columnsNeeded(const ast::Select& select, const TableDefinition& table)
{
    bool all = false;
    const std::set<std::string> names = namesIn(select, all);
    std::set<std::size_t> needed;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (all || names.contains(table.columns[i].name))
            needed.insert(i);
    }
    if (table.watermark) {
        needed.insert(table.watermark->column);
        collectColumns(*table.watermark->expression, needed);
    }
    std::set<std::size_t> inputs; // of computed columns: they use stored columns only
    for (const std::size_t i : needed) {
        if (table.columns[i].expression)
            collectColumns(*table.columns[i].expression, inputs);
    }
    needed.insert(inputs.begin(), inputs.end());
    return {needed.begin(), needed.end()};
}

ExpressionPtr renumbered(const ExpressionPtr& expression, const std::vector<std::size_t>& columns)
{
    auto copy = std::make_shared<Expression>(*expression);
    if (copy->kind == Expression::Kind::Column) {
        const auto place = std::lower_bound(columns.begin(), columns.end(), copy->column);
        copy->column = static_cast<std::size_t>(place - columns.begin());
    }
    for (ExpressionPtr& argument : copy->arguments)
        argument = renumbered(argument, columns);
    return copy;
}

} // namespace weir::sql
