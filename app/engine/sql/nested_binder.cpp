// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/nested_binder.h"

#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/token_stream.h"
#include "app/engine/sql/type_rules.h"
#include "app/engine/sql/words.h"

#include <algorithm>

namespace weir::sql {

namespace {

LogicalType nestedOf(TypeKind kind, std::vector<RowField> children)
{
    LogicalType type;
    type.kind = kind;
    type.nullable = false;
    type.children = std::make_shared<const std::vector<RowField>>(std::move(children));
    return type;
}

ExpressionPtr makeRow(Call& call)
{
    call.expect(!call.arguments.empty(), "ROW(value, …)");
    std::vector<RowField> fields;
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
        fields.push_back({"EXPR$" + std::to_string(i), call.type(i)});
    return call.make(Function::MakeRow, nestedOf(TypeKind::Row, std::move(fields)));
}

ExpressionPtr makeArray(Call& call)
{
    call.expect(!call.arguments.empty(), "ARRAY[value, …]");
    const LogicalType element = call.oneType(0, "ARRAY[value, …]");
    return call.make(Function::MakeArray, nestedOf(TypeKind::Array, {{"element", element}}));
}

ExpressionPtr makeMap(Call& call)
{
    const std::string form = "MAP[key, value, …]";
    call.expect(!call.arguments.empty() && call.arguments.size() % 2 == 0, form);
    const LogicalType key = call.oneType(0, form, 2);
    const LogicalType value = call.oneType(1, form, 2);
    return call.make(Function::MakeMap, nestedOf(TypeKind::Map, {{"key", key}, {"value", value}}));
}

ExpressionPtr cardinality(Call& call)
{
    const bool fits = call.count(1, 1) && call.type(0).isNested() && call.type(0).kind != TypeKind::Row;
    call.expect(fits, "CARDINALITY(array or map)");
    return call.make(Function::Cardinality, nullableLike(types::integer(), call.arguments));
}

ExpressionPtr element(Call& call)
{
    call.expect(call.count(1, 1) && call.type(0).kind == TypeKind::Array, "ELEMENT(array)");
    return call.make(Function::Element, call.type(0).children->front().type.asNullable());
}

ExpressionPtr arrayContains(Call& call)
{
    const std::string form = "ARRAY_CONTAINS(array, value)";
    call.expect(call.count(2, 2) && call.type(0).kind == TypeKind::Array, form);
    const LogicalType sought = call.type(0).children->front().type.asNullable();
    call.expect(commonType(sought, call.type(1)).has_value(), form + ", the value of the type of the elements");
    call.arguments[1] = castTo(call.arguments[1], sought);
    return call.make(Function::ArrayContains, nullableLike(types::boolean(), {call.arguments[0]}));
}

/// MAP_KEYS and MAP_VALUES.
ExpressionPtr mapPart(Call& call, Function function)
{
    call.expect(call.count(1, 1) && call.type(0).kind == TypeKind::Map, call.written.text + "(map)");
    const std::size_t part = function == Function::MapKeys ? 0 : 1;
    LogicalType type = nestedOf(TypeKind::Array, {{"element", (*call.type(0).children)[part].type}});
    type.nullable = call.type(0).nullable;
    return call.make(function, type);
}

} // namespace

const std::map<std::string, Resolver>& nestedResolvers()
{
    static const std::map<std::string, Resolver> table{{"ROW", makeRow}, {"ARRAY[", makeArray}, {"MAP[", makeMap},
        {"CARDINALITY", cardinality}, {"ELEMENT", element}, {"ARRAY_CONTAINS", arrayContains},
        {"MAP_KEYS", [](Call& c) { return mapPart(c, Function::MapKeys); }},
        {"MAP_VALUES", [](Call& c) { return mapPart(c, Function::MapValues); }}};
    return table;
}

ExpressionPtr fieldOf(const ExpressionPtr& row, const ast::Name& name)
{
    if (row->type.kind != TypeKind::Row)
        throw StatementError(
            name.span, "'" + name.text + "' is asked of a " + row->type.asNullable().text() + ", which has no fields.");
    const std::vector<RowField>& fields = *row->type.children;
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const RowField& field) { return field.name == name.text; });
    if (found == fields.end()) {
        std::vector<std::string> names;
        for (const RowField& field : fields)
            names.push_back(field.name);
        throw StatementError(
            name.span, "Field '" + name.text + "' not found in the ROW.", didYouMean(name.text, names));
    }
    LogicalType type = found->type;
    type.nullable = type.nullable || row->type.nullable;
    const auto number = static_cast<std::int64_t>(found - fields.begin());
    const SourceSpan span = spanFrom(row->span, name.span);
    return callOf(Function::Field, type, {row, literalOf(number, types::bigInt().notNull(), span)}, span);
}

ExpressionPtr itemOf(const ast::Expression& written, const ExpressionPtr& value, ExpressionPtr index)
{
    const LogicalType& type = value->type;
    if (type.kind == TypeKind::Array) {
        if (!index->type.isInteger() && index->type.kind != TypeKind::Null)
            throw StatementError(index->span, "the index of an ARRAY is an integer, from 1 on.");
        const auto* number = std::get_if<std::int64_t>(&index->literal);
        if (number && *number < 1)
            throw StatementError(index->span,
                "Array element access needs an index starting at 1 but was " + std::to_string(*number) + ".");
        index = castTo(index, types::bigInt());
        return callOf(
            Function::Item, type.children->front().type.asNullable(), {value, std::move(index)}, written.span);
    }
    if (type.kind == TypeKind::Map) {
        const LogicalType key = type.children->front().type.asNullable();
        if (!commonType(key, index->type))
            throw StatementError(index->span,
                "the keys of this MAP are " + key.text() + ", not " + index->type.asNullable().text() + ".");
        index = castTo(index, key);
        return callOf(Function::Item, type.children->back().type.asNullable(), {value, std::move(index)}, written.span);
    }
    throw StatementError(
        written.span, "an element is asked of a " + type.asNullable().text() + ", which is no ARRAY or MAP.");
}

} // namespace weir::sql
