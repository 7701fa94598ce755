// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/json_path.h"
#include "app/engine/sql/nested_binder.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/type_rules.h"

namespace weir::sql {

namespace {

template <typename Choice>
ExpressionPtr choice(Choice value, const SourceSpan& span)
{
    return literalOf(static_cast<std::int64_t>(value), types::bigInt().notNull(), span);
}

/// Takes the defaults off the arguments and looks at text and path.
std::vector<ExpressionPtr> checkTextAndPath(Call& call)
{
    const std::string form = call.written.text + "(text, '$.path' …)";
    call.expect(call.arguments.size() == 4, form);
    std::vector<ExpressionPtr> defaults(call.arguments.begin() + 2, call.arguments.end());
    call.arguments.resize(2);
    if (call.type(0).kind == TypeKind::Null)
        call.arguments[0] = castTo(call.arguments[0], types::string());
    const auto* path = std::get_if<std::string>(&call.arguments[1]->literal);
    call.expect(call.type(0).isString() && path, form + ", the path in quotes");
    const auto parsed = parseJsonPath(*path);
    if (const auto* fault = std::get_if<std::string>(&parsed))
        throw StatementError(call.arguments[1]->span, "this JSON path cannot be read: " + *fault + ".");
    return defaults;
}

LogicalType returned(const Call& call)
{
    const LogicalType type = call.written.json->returning.value_or(types::string()).asNullable();
    const bool known = type.isString() || type.kind == TypeKind::Boolean || type.kind == TypeKind::Int
        || type.kind == TypeKind::Double;
    if (!known || (call.written.text == "JSON_QUERY" && !type.isString()))
        throw StatementError(call.written.span, call.written.text + " cannot return " + type.text() + ".",
            call.written.text == "JSON_QUERY" ? "It returns STRING; ARRAY<STRING> needs Flink 2.0"
                                              : "It returns STRING, BOOLEAN, INTEGER or DOUBLE");
    return type;
}

ExpressionPtr jsonValue(Call& call)
{
    const std::vector<ExpressionPtr> defaults = checkTextAndPath(call);
    const ast::JsonClauses& clauses = *call.written.json;
    const LogicalType type = returned(call);
    call.arguments.push_back(choice(clauses.onEmpty.value_or(JsonBehavior::Null), call.written.span));
    call.arguments.push_back(choice(clauses.onError.value_or(JsonBehavior::Null), call.written.span));
    for (const ExpressionPtr& fallback : defaults) {
        if (!canCast(fallback->type, type))
            throw StatementError(
                fallback->span, "the default is " + fallback->type.text() + ", not " + type.text() + ".");
        call.arguments.push_back(castTo(fallback, type));
    }
    return call.make(Function::JsonValue, type);
}

ExpressionPtr jsonQuery(Call& call)
{
    checkTextAndPath(call);
    const ast::JsonClauses& clauses = *call.written.json;
    const LogicalType type = returned(call);
    call.arguments.push_back(choice(clauses.onEmpty.value_or(JsonBehavior::Null), call.written.span));
    call.arguments.push_back(choice(clauses.onError.value_or(JsonBehavior::Null), call.written.span));
    call.arguments.push_back(choice(clauses.wrapper, call.written.span));
    return call.make(Function::JsonQuery, type);
}

ExpressionPtr jsonExists(Call& call)
{
    checkTextAndPath(call);
    const JsonBehavior onError = call.written.json->onError.value_or(JsonBehavior::False);
    call.arguments.push_back(choice(onError, call.written.span));
    return call.make(Function::JsonExists, types::boolean());
}

} // namespace

const std::map<std::string, Resolver>& jsonResolvers()
{
    static const std::map<std::string, Resolver> table{
        {"JSON_VALUE", jsonValue}, {"JSON_QUERY", jsonQuery}, {"JSON_EXISTS", jsonExists}};
    return table;
}

ExpressionPtr isJsonTest(const ast::Expression& written, ExpressionPtr value)
{
    if (value->type.kind == TypeKind::Null)
        value = castTo(value, types::string());
    if (!value->type.isString())
        throw StatementError(written.span, "IS JSON asks a text, but this is " + value->type.asNullable().text() + ".");
    const JsonShape shape = written.unit == "OBJECT" ? JsonShape::Object
        : written.unit == "ARRAY"                    ? JsonShape::Array
        : written.unit == "SCALAR"                   ? JsonShape::Scalar
                                                     : JsonShape::Value;
    const SourceSpan span = written.span;
    return callOf(Function::IsJson, types::boolean().notNull(), {std::move(value), choice(shape, span)}, span);
}

} // namespace weir::sql
