// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/expression_parser.h"

#include "app/engine/sql/query_parser.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

#include <array>

namespace weir::sql {

namespace {

using ast::Expression;
using ast::ExpressionKind;
using ast::ExpressionPtr;

constexpr int heightLimit = 500;
constexpr int comparisonLevel = 2;

/// Binary operators by precedence, weakest first; comparison and the predicates stand between AND and the sums.
struct Level
{
    std::array<std::string_view, 3> words;
    std::array<std::string_view, 3> symbols;
};
constexpr std::array<Level, 5> levels{{
    {{"OR"}, {}},
    {{"AND"}, {}},
    {{}, {}}, // comparison: see predicate()
    {{}, {"+", "-", "||"}},
    {{}, {"*", "/", "%"}},
}};

} // namespace

ExpressionPtr ExpressionParser::node(ExpressionKind kind, const SourceSpan& from) const
{
    auto expression = std::make_unique<Expression>();
    expression->kind = kind;
    expression->span = from;
    return expression;
}

/// The expression reaches up to the token in front of the one at hand.
void ExpressionParser::finish(Expression& expression)
{
    const std::size_t mark = m_tokens.mark();
    if (mark == 0)
        return;
    m_tokens.reset(mark - 1);
    expression.span = spanFrom(expression.span, m_tokens.peek().span);
    m_tokens.reset(mark);
    for (const ExpressionPtr& argument : expression.arguments)
        expression.height = std::max(expression.height, argument->height + 1);
    // A chain such as a + b + c + … is parsed in a loop but walked in depth by everyone after.
    if (expression.height > heightLimit)
        throw StatementError(expression.span, "this is a chain of more than 500 operations.",
            "Of many comparisons with one value make an IN");
}

void ExpressionParser::notYet(const std::string& what) const
{
    m_tokens.fail(what + " is not supported yet.");
}

ExpressionPtr ExpressionParser::expression()
{
    const TokenStream::Depth depth(m_tokens);
    return binary(0);
}

ExpressionPtr ExpressionParser::binary(int level)
{
    if (level == comparisonLevel)
        return notExpression();
    if (level == static_cast<int>(levels.size()))
        return sign();
    ExpressionPtr left = binary(level + 1);
    for (;;) {
        std::string found;
        for (const std::string_view word : levels[static_cast<std::size_t>(level)].words) {
            if (!word.empty() && m_tokens.acceptWord(word))
                found = word;
        }
        for (const std::string_view symbol : levels[static_cast<std::size_t>(level)].symbols) {
            if (found.empty() && !symbol.empty() && m_tokens.acceptSymbol(symbol))
                found = symbol;
        }
        if (found.empty())
            return left;
        ExpressionPtr operation = node(ExpressionKind::Binary, left->span);
        operation->text = found;
        operation->arguments.push_back(std::move(left));
        operation->arguments.push_back(binary(level + 1));
        finish(*operation);
        left = std::move(operation);
    }
}

ExpressionPtr ExpressionParser::notExpression()
{
    if (!m_tokens.isWord("NOT"))
        return predicate();
    const TokenStream::Depth depth(m_tokens);
    ExpressionPtr operation = node(ExpressionKind::Unary, m_tokens.peek().span);
    operation->text = "NOT";
    m_tokens.take();
    operation->arguments.push_back(notExpression());
    finish(*operation);
    return operation;
}

ExpressionPtr ExpressionParser::predicate()
{
    ExpressionPtr left = binary(comparisonLevel + 1);
    for (;;) {
        const std::size_t before = m_tokens.mark();
        left = predicateTail(std::move(left));
        if (m_tokens.mark() == before)
            return left;
    }
}

ExpressionPtr ExpressionParser::predicateTail(ExpressionPtr left)
{
    for (const std::string_view symbol : {"=", "<>", "<=", ">=", "<", ">", "!="}) {
        if (!m_tokens.isSymbol(symbol))
            continue;
        if (symbol == "!=")
            m_tokens.fail("'!=' is not accepted by Flink's parser.", "Write <>");
        ExpressionPtr operation = node(ExpressionKind::Binary, left->span);
        operation->text = symbol;
        m_tokens.take();
        operation->arguments.push_back(std::move(left));
        operation->arguments.push_back(binary(comparisonLevel + 1));
        finish(*operation);
        return operation;
    }
    if (m_tokens.isWord("IS"))
        return isTail(std::move(left));
    const std::size_t mark = m_tokens.mark();
    const bool negated = m_tokens.acceptWord("NOT");
    ExpressionPtr operation = node(ExpressionKind::Between, left->span);
    operation->negated = negated;
    operation->arguments.push_back(std::move(left));
    if (m_tokens.acceptWord("BETWEEN")) {
        operation->arguments.push_back(binary(comparisonLevel + 1));
        m_tokens.expectWord("AND", "between the two bounds of BETWEEN");
        operation->arguments.push_back(binary(comparisonLevel + 1));
    } else if (m_tokens.acceptWord("IN")) {
        operation->kind = ExpressionKind::In;
        m_tokens.expectSymbol("(", "behind IN");
        if (m_tokens.isWord("SELECT") || m_tokens.isWord("WITH")) {
            operation->query = QueryParser(m_tokens).query();
        } else {
            do
                operation->arguments.push_back(expression());
            while (m_tokens.acceptSymbol(","));
        }
        m_tokens.expectSymbol(")", "behind the list of IN");
    } else if (m_tokens.isWord("LIKE") || (m_tokens.isWord("SIMILAR") && m_tokens.isWord("TO", 1))) {
        operation->kind = ExpressionKind::Like;
        operation->text = upper(m_tokens.take().text);
        m_tokens.acceptWord("TO");
        operation->arguments.push_back(binary(comparisonLevel + 1));
        if (m_tokens.acceptWord("ESCAPE"))
            operation->arguments.push_back(binary(comparisonLevel + 1));
    } else {
        m_tokens.reset(mark);
        return std::move(operation->arguments.front());
    }
    finish(*operation);
    return operation;
}

ExpressionPtr ExpressionParser::isTail(ExpressionPtr left)
{
    ExpressionPtr operation = node(ExpressionKind::Is, left->span);
    m_tokens.take();
    operation->negated = m_tokens.acceptWord("NOT");
    operation->arguments.push_back(std::move(left));
    for (const std::string_view word : {"NULL", "TRUE", "FALSE", "UNKNOWN"}) {
        if (m_tokens.acceptWord(word)) {
            operation->text = word == "UNKNOWN" ? "NULL" : word;
            finish(*operation);
            return operation;
        }
    }
    if (isJson(*operation)) {
        finish(*operation);
        return operation;
    }
    if (m_tokens.acceptWords({"DISTINCT", "FROM"})) {
        operation->text = "DISTINCT";
        operation->arguments.push_back(binary(comparisonLevel + 1));
        finish(*operation);
        return operation;
    }
    m_tokens.fail("expected NULL, TRUE or FALSE behind IS, found " + m_tokens.here() + ".");
}

ExpressionPtr ExpressionParser::sign()
{
    if (!m_tokens.isSymbol("-") && !m_tokens.isSymbol("+"))
        return primary();
    const TokenStream::Depth depth(m_tokens);
    ExpressionPtr operation = node(ExpressionKind::Unary, m_tokens.peek().span);
    operation->text = std::string(m_tokens.take().text);
    operation->arguments.push_back(sign());
    finish(*operation);
    return operation;
}

ExpressionPtr ExpressionParser::primary()
{
    return access(primaryHead());
}

/// Fields and elements behind a value: value[1].name['key']. The names behind a column stay with it.
ExpressionPtr ExpressionParser::access(ExpressionPtr value)
{
    for (;;) {
        const bool item = m_tokens.isSymbol("[");
        if (!item && !m_tokens.isSymbol("."))
            return value;
        ExpressionPtr part = node(item ? ExpressionKind::Item : ExpressionKind::Field, value->span);
        m_tokens.take();
        part->arguments.push_back(std::move(value));
        if (item) {
            part->arguments.push_back(expression());
            m_tokens.expectSymbol("]", "behind the index or key");
        } else {
            part->names.push_back(m_tokens.expectName("a field"));
        }
        finish(*part);
        value = std::move(part);
    }
}

/// ARRAY[a, b], MAP[key, value, …]
ExpressionPtr ExpressionParser::collection()
{
    ExpressionPtr whole = node(ExpressionKind::Call, m_tokens.peek().span);
    whole->text = upper(m_tokens.take().text) + "[";
    m_tokens.take();
    if (!m_tokens.isSymbol("]")) {
        do
            whole->arguments.push_back(expression());
        while (m_tokens.acceptSymbol(","));
    }
    m_tokens.expectSymbol("]", "behind the elements");
    finish(*whole);
    return whole;
}

ExpressionPtr ExpressionParser::primaryHead()
{
    if (m_tokens.isSymbol("("))
        return parenthesised();
    if (ExpressionPtr constant = literal())
        return constant;
    if (m_tokens.isWord("CASE"))
        return caseExpression();
    if (m_tokens.isWord("CAST") || m_tokens.isWord("TRY_CAST"))
        return cast();
    if (m_tokens.isWord("EXTRACT") && m_tokens.isSymbol("(", 1))
        return extract();
    if (m_tokens.isWord("EXISTS"))
        return exists();
    if ((m_tokens.isWord("ARRAY") || m_tokens.isWord("MAP")) && m_tokens.isSymbol("[", 1))
        return collection();
    const bool word = m_tokens.peek().tokenClass == TokenClass::Identifier
        || m_tokens.peek().tokenClass == TokenClass::Keyword || m_tokens.peek().tokenClass == TokenClass::Function;
    if (word && m_tokens.isSymbol("(", 1))
        return call();
    return column();
}

ExpressionPtr ExpressionParser::literal()
{
    const Token& token = m_tokens.peek();
    if (token.tokenClass == TokenClass::Number || token.tokenClass == TokenClass::String) {
        ExpressionPtr constant =
            node(token.tokenClass == TokenClass::Number ? ExpressionKind::Number : ExpressionKind::String, token.span);
        constant->text = token.tokenClass == TokenClass::Number ? std::string(token.text) : unquote(token.text);
        m_tokens.take();
        return constant;
    }
    if (m_tokens.isWord("TRUE") || m_tokens.isWord("FALSE")) {
        ExpressionPtr constant = node(ExpressionKind::Boolean, token.span);
        constant->text = upper(m_tokens.take().text);
        return constant;
    }
    if (m_tokens.isWord("NULL")) {
        ExpressionPtr constant = node(ExpressionKind::Null, token.span);
        m_tokens.take();
        return constant;
    }
    if (m_tokens.isWord("INTERVAL"))
        return interval();
    const bool temporalWord = m_tokens.isWord("DATE") || m_tokens.isWord("TIME") || m_tokens.isWord("TIMESTAMP");
    if (temporalWord && m_tokens.peek(1).tokenClass == TokenClass::String)
        return temporal();
    return nullptr;
}

ExpressionPtr ExpressionParser::interval()
{
    ExpressionPtr constant = node(ExpressionKind::Interval, m_tokens.peek().span);
    m_tokens.take();
    if (m_tokens.peek().tokenClass == TokenClass::Number)
        m_tokens.fail("Only constant window descriptors are supported.",
            "An interval's number stands in quotes: INTERVAL '" + std::string(m_tokens.peek().text) + "' SECOND");
    if (m_tokens.acceptSymbol("-"))
        constant->negated = true;
    constant->text = m_tokens.expectString("behind INTERVAL");
    const std::string unit = timeUnitOf(m_tokens.peek().text);
    if (unit.empty())
        m_tokens.fail("expected SECOND, MINUTE, HOUR or DAY, found " + m_tokens.here() + ".");
    m_tokens.take();
    if (m_tokens.acceptSymbol("(")) {
        if (m_tokens.peek().tokenClass != TokenClass::Number)
            m_tokens.fail("expected a number of digits, found " + m_tokens.here() + ".");
        constant->unitPrecision = std::min(10, std::atoi(std::string(m_tokens.take().text).c_str()));
        m_tokens.expectSymbol(")", "behind the number of digits");
    }
    if (m_tokens.isWord("TO"))
        notYet("an interval of several units");
    constant->unit = unit;
    finish(*constant);
    return constant;
}

ExpressionPtr ExpressionParser::temporal()
{
    ExpressionPtr constant = node(ExpressionKind::Temporal, m_tokens.peek().span);
    const std::string word = upper(m_tokens.take().text);
    constant->unit = word;
    constant->text = m_tokens.expectString("behind " + word);
    finish(*constant);
    return constant;
}

ExpressionPtr ExpressionParser::parenthesised()
{
    m_tokens.expectSymbol("(", "here");
    if (m_tokens.isWord("SELECT") || m_tokens.isWord("WITH")) {
        ExpressionPtr value = node(ExpressionKind::Subquery, m_tokens.peek().span);
        value->query = QueryParser(m_tokens).query();
        m_tokens.expectSymbol(")", "to close the subquery");
        return value;
    }
    const SourceSpan begin = m_tokens.peek().span;
    ExpressionPtr inner = expression();
    if (m_tokens.isSymbol(",")) {
        ExpressionPtr row = node(ExpressionKind::Row, begin);
        row->arguments.push_back(std::move(inner));
        while (m_tokens.acceptSymbol(","))
            row->arguments.push_back(expression());
        finish(*row);
        inner = std::move(row);
    }
    m_tokens.expectSymbol(")", "to close the parenthesis");
    return inner;
}

ExpressionPtr ExpressionParser::exists()
{
    ExpressionPtr test = node(ExpressionKind::Exists, m_tokens.take().span);
    m_tokens.expectSymbol("(", "behind EXISTS");
    test->query = QueryParser(m_tokens).query();
    m_tokens.expectSymbol(")", "to close the subquery");
    return test;
}

ExpressionPtr ExpressionParser::caseExpression()
{
    ExpressionPtr whole = node(ExpressionKind::Case, m_tokens.peek().span);
    m_tokens.take();
    if (!m_tokens.isWord("WHEN")) {
        whole->hasOperand = true;
        whole->arguments.push_back(expression());
    }
    while (m_tokens.acceptWord("WHEN")) {
        whole->arguments.push_back(expression());
        m_tokens.expectWord("THEN", "behind the condition of WHEN");
        whole->arguments.push_back(expression());
    }
    if (whole->arguments.size() < 2)
        m_tokens.fail("expected WHEN, found " + m_tokens.here() + ".");
    if (m_tokens.acceptWord("ELSE")) {
        whole->hasElse = true;
        whole->arguments.push_back(expression());
    }
    m_tokens.expectWord("END", "to close CASE");
    finish(*whole);
    return whole;
}

ExpressionPtr ExpressionParser::cast()
{
    ExpressionPtr whole = node(ExpressionKind::Cast, m_tokens.peek().span);
    whole->text = upper(m_tokens.take().text);
    m_tokens.expectSymbol("(", "behind " + whole->text);
    whole->arguments.push_back(expression());
    m_tokens.expectWord("AS", "in front of the type");
    whole->type = type();
    m_tokens.expectSymbol(")", "behind the type");
    finish(*whole);
    return whole;
}

ExpressionPtr ExpressionParser::extract()
{
    ExpressionPtr whole = node(ExpressionKind::Call, m_tokens.peek().span);
    whole->text = "EXTRACT";
    m_tokens.take();
    m_tokens.take();
    whole->unit = upper(m_tokens.take().text);
    m_tokens.expectWord("FROM", "behind the unit of EXTRACT");
    whole->arguments.push_back(expression());
    m_tokens.expectSymbol(")", "to close EXTRACT");
    finish(*whole);
    return whole;
}

ExpressionPtr ExpressionParser::call()
{
    ExpressionPtr whole = node(ExpressionKind::Call, m_tokens.peek().span);
    if (isMissingFunction(m_tokens.peek().text))
        notYet(upper(m_tokens.peek().text));
    whole->text = upper(m_tokens.take().text);
    m_tokens.take();
    callArguments(*whole);
    m_tokens.expectSymbol(")", "to close the arguments of " + whole->text);
    callTail(*whole);
    finish(*whole);
    return whole;
}

void ExpressionParser::callArguments(Expression& whole)
{
    if (m_tokens.isSymbol(")"))
        return;
    if (m_tokens.acceptSymbol("*")) {
        whole.star = true;
        return;
    }
    whole.distinct = m_tokens.acceptWord("DISTINCT");
    if (!whole.distinct)
        m_tokens.acceptWord("ALL");
    if (whole.text == "TRIM")
        return trimArguments(whole);
    if (whole.text == "POSITION")
        return positionArguments(whole);
    if (whole.text == "TIMESTAMPDIFF") {
        whole.unit = timeUnitOf(m_tokens.peek().text);
        if (whole.unit.empty())
            m_tokens.fail("expected a unit of time such as SECOND, found " + m_tokens.here() + ".");
        m_tokens.take();
        m_tokens.expectSymbol(",", "behind the unit");
    }
    whole.arguments.push_back(expression());
    const bool rounds = whole.text == "FLOOR" || whole.text == "CEIL" || whole.text == "CEILING";
    if (rounds && m_tokens.acceptWord("TO")) {
        whole.unit = upper(m_tokens.take().text);
        return;
    }
    // SUBSTRING(s FROM a FOR b) is SUBSTRING(s, a, b)
    while (m_tokens.acceptSymbol(",") || (whole.text == "SUBSTRING" && m_tokens.acceptWord("FROM"))
        || (whole.text == "SUBSTRING" && m_tokens.acceptWord("FOR")))
        whole.arguments.push_back(expression());
    jsonClauses(whole);
}

/// TRIM([BOTH | LEADING | TRAILING] [characters FROM] text): the text comes first, the kind is the unit.
void ExpressionParser::trimArguments(Expression& whole)
{
    for (const std::string_view kind : {"BOTH", "LEADING", "TRAILING"}) {
        if (m_tokens.acceptWord(kind))
            whole.unit = kind;
    }
    if (whole.unit.empty() || !m_tokens.isWord("FROM"))
        whole.arguments.push_back(expression());
    if (!whole.unit.empty() || m_tokens.isWord("FROM")) {
        m_tokens.expectWord("FROM", "in front of the text of TRIM");
        whole.arguments.insert(whole.arguments.begin(), expression());
    }
}

/// POSITION(sought IN text)
void ExpressionParser::positionArguments(Expression& whole)
{
    whole.arguments.push_back(binary(comparisonLevel + 1));
    m_tokens.expectWord("IN", "between the two texts of POSITION");
    whole.arguments.push_back(expression());
}

void ExpressionParser::callTail(Expression& whole)
{
    if (m_tokens.acceptWord("FILTER")) {
        m_tokens.expectSymbol("(", "behind FILTER");
        m_tokens.expectWord("WHERE", "in FILTER");
        whole.filter = expression();
        m_tokens.expectSymbol(")", "to close FILTER");
    }
    if (m_tokens.isWord("OVER"))
        whole.over = QueryParser(m_tokens).over();
}

ExpressionPtr ExpressionParser::column()
{
    ExpressionPtr name = node(ExpressionKind::Column, m_tokens.peek().span);
    for (const std::string_view bare :
        {"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIMESTAMP", "LOCALTIME"}) {
        if (m_tokens.isWord(bare))
            notYet(std::string(bare));
    }
    name->names.push_back(m_tokens.expectName("a column, a value or a function"));
    while (m_tokens.acceptSymbol("."))
        name->names.push_back(m_tokens.expectName("a column"));
    if (m_tokens.isSymbol(":"))
        m_tokens.fail("':' has no meaning here.", "A cast is written CAST(x AS type)");
    finish(*name);
    return name;
}

std::string timeUnitOf(std::string_view word)
{
    std::string unit = upper(word);
    if (unit.size() > 3 && unit.back() == 'S')
        unit.pop_back();
    for (const std::string_view known : {"SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"}) {
        if (unit == known)
            return unit;
    }
    return {};
}

} // namespace weir::sql
