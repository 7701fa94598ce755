// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/value_condition.h"

#include "app/engine/sql/script.h"
#include "app/session/infer_table.h"

#include <algorithm>

namespace weir {

namespace {

std::string quoted(std::string_view text)
{
    std::string literal = "'";
    for (const char c : text) {
        literal += c;
        if (c == '\'')
            literal += c;
    }
    return literal + '\'';
}

std::string compared(const std::string& column, const std::optional<std::string>& literal, ValueComparison comparison)
{
    const bool equal = comparison == ValueComparison::Equal;
    if (!literal)
        return column + (equal ? " IS NULL" : " IS NOT NULL");
    return equal ? column + " = " + *literal : "(" + column + " <> " + *literal + " OR " + column + " IS NULL)";
}

const RowField* columnOf(const FilterTable& table, const std::string& name)
{
    const Schema& fields = table.fields().fields;
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&name](const RowField& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

/// A value as a literal of a column's type.
std::string literalFor(const LogicalType& type, const JsonFieldText& value)
{
    if (type.isNumeric() || type.kind == TypeKind::Boolean)
        return value.text;
    if (!type.isTimestamp())
        return quoted(value.text);
    std::string time = value.text;
    if (time.size() > 10 && time[10] == 'T')
        time[10] = ' ';
    if (time.ends_with('Z'))
        time.pop_back();
    return quoted(time);
}

/// "$.id", "$[0].sku": what is left of a path below its first name.
std::string jsonPathBelow(const JsonFieldPath& path)
{
    std::string text = "$";
    for (std::size_t i = 1; i < path.steps.size(); ++i) {
        const JsonFieldPath::Step& step = path.steps[i];
        text += step.place ? '[' + std::to_string(*step.place) + ']' : '.' + step.name;
    }
    return text;
}

std::string metadataName(const FilterTable& table, const std::string& name)
{
    return sql::quoteIdentifier(hasField(table.fields().fields, name) ? "_" + name : name);
}

} // namespace

std::string fieldCondition(const FilterTable& table, const JsonFieldPath& path,
    const std::optional<JsonFieldText>& value, ValueComparison comparison)
{
    const std::string& name = path.steps.front().name;
    const RowField* field = columnOf(table, name);
    const bool null = !value || value->kind == JsonLineKind::Null;
    std::string column = sql::quoteIdentifier(name);
    if (path.steps.size() > 1) {
        column = "JSON_VALUE(" + column + ", " + quoted(jsonPathBelow(path)) + ")";
        return compared(column, null ? std::nullopt : std::optional(quoted(value->text)), comparison);
    }
    if (null)
        return compared(column, std::nullopt, comparison);
    return compared(column, field ? literalFor(field->type, *value) : quoted(value->text), comparison);
}

std::string recordCondition(const FilterTable& table, const std::string& column, const RecordBatch& batch,
    std::size_t index, ValueComparison comparison)
{
    if (column == "key") {
        const auto key = batch.key(index);
        return compared(metadataName(table, column), key ? std::optional(quoted(*key)) : std::nullopt, comparison);
    }
    if (column == "topic")
        return compared(metadataName(table, column), quoted(batch.topic()), comparison);
    if (column == "partition")
        return compared(metadataName(table, column), std::to_string(batch.partition().value), comparison);
    if (column == "offset")
        return compared(metadataName(table, column), std::to_string(batch.offset(index)), comparison);
    if (column == "timestamp")
        return compared(metadataName(table, column),
            "TO_TIMESTAMP_LTZ(" + std::to_string(batch.timestamp(index)) + ", 3)", comparison);
    return {};
}

} // namespace weir
