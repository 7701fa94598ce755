// SPDX-License-Identifier: GPL-3.0-or-later
// The clauses of ExpressionParser inside JSON_VALUE, JSON_QUERY and JSON_EXISTS, and IS JSON.
#include "app/engine/sql/expression_parser.h"

namespace weir::sql {

using ast::Expression;
using ast::ExpressionKind;

namespace {

bool isJsonFunction(const std::string& name)
{
    return name == "JSON_VALUE" || name == "JSON_QUERY" || name == "JSON_EXISTS";
}

} // namespace

/// NULL, ERROR, DEFAULT x and the like, in front of ON; nothing where none stands here.
std::optional<JsonBehavior> ExpressionParser::jsonBehavior(const Expression& call)
{
    const auto accept = [&](std::initializer_list<std::string_view> words) { return m_tokens.acceptWords(words); };
    if (accept({"ERROR"}))
        return JsonBehavior::Error;
    if (call.text == "JSON_EXISTS") {
        if (accept({"TRUE"}))
            return JsonBehavior::True;
        if (accept({"FALSE"}))
            return JsonBehavior::False;
        return accept({"UNKNOWN"}) ? std::optional(JsonBehavior::Null) : std::nullopt;
    }
    if (accept({"NULL"}))
        return JsonBehavior::Null;
    if (call.text == "JSON_VALUE")
        return accept({"DEFAULT"}) ? std::optional(JsonBehavior::Default) : std::nullopt;
    if (accept({"EMPTY", "ARRAY"}))
        return JsonBehavior::EmptyArray;
    return accept({"EMPTY", "OBJECT"}) ? std::optional(JsonBehavior::EmptyObject) : std::nullopt;
}

void ExpressionParser::jsonWrapper(ast::JsonClauses& clauses)
{
    if (m_tokens.acceptWord("WITHOUT")) {
        clauses.wrapper = JsonWrapper::Without;
    } else if (m_tokens.acceptWord("WITH")) {
        const bool conditional = m_tokens.acceptWord("CONDITIONAL");
        if (!conditional)
            m_tokens.acceptWord("UNCONDITIONAL");
        clauses.wrapper = conditional ? JsonWrapper::Conditional : JsonWrapper::Unconditional;
    } else {
        return;
    }
    m_tokens.acceptWord("ARRAY");
    m_tokens.expectWord("WRAPPER", "in JSON_QUERY");
}

/// What stands behind the path. Arguments 2 and 3 become the defaults on empty and on error.
void ExpressionParser::jsonClauses(Expression& call)
{
    if (!isJsonFunction(call.text) || call.arguments.size() != 2)
        return;
    auto clauses = std::make_shared<ast::JsonClauses>();
    call.json = clauses;
    call.arguments.push_back(node(ExpressionKind::Null, call.span));
    call.arguments.push_back(node(ExpressionKind::Null, call.span));
    if (call.text != "JSON_EXISTS" && m_tokens.acceptWord("RETURNING"))
        clauses->returning = type();
    if (call.text == "JSON_QUERY")
        jsonWrapper(*clauses);
    while (const auto behavior = jsonBehavior(call)) {
        ast::ExpressionPtr fallback = *behavior == JsonBehavior::Default ? expression() : nullptr;
        m_tokens.expectWord("ON", "behind what a JSON function gives instead");
        const bool empty = call.text != "JSON_EXISTS" && m_tokens.acceptWord("EMPTY");
        if (!empty)
            m_tokens.expectWord("ERROR", call.text == "JSON_EXISTS" ? "behind ON" : "or EMPTY behind ON");
        (empty ? clauses->onEmpty : clauses->onError) = *behavior;
        if (fallback)
            call.arguments[empty ? 2 : 3] = std::move(fallback);
    }
}

/// IS [NOT] JSON [VALUE | OBJECT | ARRAY | SCALAR]
bool ExpressionParser::isJson(Expression& test)
{
    if (!m_tokens.acceptWord("JSON"))
        return false;
    test.text = "JSON";
    test.unit = "VALUE";
    for (const std::string_view shape : {"VALUE", "OBJECT", "ARRAY", "SCALAR"}) {
        if (m_tokens.acceptWord(shape))
            test.unit = shape;
    }
    return true;
}

} // namespace weir::sql
