// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/from_parser.h"

#include "app/engine/sql/query_parser.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

#include <algorithm>
#include <array>

namespace weir::sql {

namespace {

using ast::TableReferencePtr;

constexpr int mostJoins = 50;

/// The arguments of a window function in their order.
struct Signature
{
    std::string_view name;
    std::size_t needed;
    std::vector<std::string_view> arguments;
    const char* form;
};

const Signature* signatureOf(std::string_view name)
{
    static const std::array<Signature, 4> signatures{
        {{"TUMBLE", 3, {"DATA", "TIMECOL", "SIZE", "OFFSET"}, "TUMBLE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE)"},
            {"HOP", 4, {"DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"},
                "HOP(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE): slide, then size"},
            {"CUMULATE", 4, {"DATA", "TIMECOL", "STEP", "SIZE", "OFFSET", "EMITONLYONUPDATE"},
                "CUMULATE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE, INTERVAL '1' HOUR): step, then size"},
            {"SESSION", 3, {"DATA", "TIMECOL", "GAP"},
                "SESSION(TABLE t PARTITION BY k, DESCRIPTOR(c), INTERVAL '1' MINUTE)"}}};
    const auto found = std::find_if(signatures.begin(), signatures.end(),
        [&](const Signature& signature) { return equalsIgnoreCase(signature.name, name); });
    return found == signatures.end() ? nullptr : &*found;
}

} // namespace

TableReferencePtr FromParser::from()
{
    TableReferencePtr left = joined();
    int joins = 0;
    while (m_tokens.isSymbol(",")) {
        if (++joins > mostJoins)
            m_tokens.fail("a query joins 50 tables at most.");
        auto join = std::make_unique<ast::Join>();
        join->span = m_tokens.take().span;
        join->left = std::move(left);
        join->right = joined();
        left = std::make_unique<ast::TableReference>();
        left->span = join->span;
        left->join = std::move(join);
    }
    return left;
}

/// [INNER | LEFT | RIGHT | FULL [OUTER] | CROSS] JOIN, if it stands here.
bool FromParser::joinKind(ast::Join::Kind& kind, bool& cross)
{
    using Kind = ast::Join::Kind;
    struct Word
    {
        std::string_view word;
        Kind kind;
        bool outer;
    };
    static constexpr Word words[] = {{"INNER", Kind::Inner, false}, {"LEFT", Kind::Left, true},
        {"RIGHT", Kind::Right, true}, {"FULL", Kind::Full, true}, {"CROSS", Kind::Inner, false}};
    if (m_tokens.isWord("NATURAL"))
        m_tokens.fail("NATURAL JOIN is not supported yet.", "Write the columns: JOIN … ON a.x = b.x");
    kind = Kind::Inner;
    cross = m_tokens.isWord("CROSS");
    for (const Word& word : words) {
        if (!m_tokens.acceptWord(word.word))
            continue;
        kind = word.kind;
        if (word.outer)
            m_tokens.acceptWord("OUTER");
        if (!m_tokens.isWord("JOIN"))
            m_tokens.fail("expected JOIN, found " + m_tokens.here() + ".");
    }
    return m_tokens.isWord("JOIN");
}

void FromParser::joinCondition(ast::Join& join)
{
    if (m_tokens.isWord("USING"))
        m_tokens.fail("USING is not supported yet.", "Write ON a.x = b.x");
    if (m_tokens.isWord("WITHIN"))
        m_tokens.fail("WITHIN is no part of Flink SQL.",
            "A join within a time is written ON … AND b.ts BETWEEN a.ts - INTERVAL '1' HOUR AND a.ts + INTERVAL '1' "
            "HOUR");
    m_tokens.expectWord("ON", "behind the joined table");
    join.condition = m_expressions.expression();
}

TableReferencePtr FromParser::joined()
{
    TableReferencePtr left = primary();
    ast::Join::Kind kind = ast::Join::Kind::Inner;
    bool cross = false;
    for (int joins = 0; joinKind(kind, cross); ++joins) {
        if (joins == mostJoins)
            m_tokens.fail("a query joins 50 tables at most.");
        auto join = std::make_unique<ast::Join>();
        join->kind = kind;
        join->span = m_tokens.take().span;
        join->left = std::move(left);
        join->right = primary();
        if (!cross)
            joinCondition(*join);
        left = std::make_unique<ast::TableReference>();
        left->span = join->span;
        left->join = std::move(join);
    }
    return left;
}

TableReferencePtr FromParser::primary()
{
    const TokenStream::Depth depth(m_tokens);
    auto table = std::make_unique<ast::TableReference>();
    table->span = m_tokens.peek().span;
    if (m_tokens.acceptSymbol("(")) {
        if (!m_tokens.isWord("SELECT") && !m_tokens.isWord("WITH")) {
            TableReferencePtr inner = from();
            m_tokens.expectSymbol(")", "to close the parenthesis");
            return inner;
        }
        table->query = QueryParser(m_tokens).query();
        m_tokens.expectSymbol(")", "to close the subquery");
    } else if (m_tokens.isWord("TABLE") && m_tokens.isSymbol("(", 1)) {
        m_tokens.take();
        m_tokens.take();
        table->window = windowFunction(true);
        table->span = spanFrom(table->span, m_tokens.expectSymbol(")", "to close TABLE").span);
    } else if (signatureOf(m_tokens.peek().text) && m_tokens.isSymbol("(", 1)) {
        table->window = windowFunction(false);
        table->span = table->window->span;
    } else {
        table->table = m_tokens.expectName("a table");
        if (m_tokens.isSymbol("."))
            m_tokens.fail("a table of another catalog or database cannot be read.");
        if (m_tokens.isWord("FOR") && m_tokens.isWord("SYSTEM_TIME", 1))
            m_tokens.fail("a temporal join (FOR SYSTEM_TIME AS OF) is not supported yet.");
    }
    alias(*table);
    return table;
}

/// ksqlDB's EMIT CHANGES and Snowflake's QUALIFY would otherwise be an alias and a syntax error behind it.
bool FromParser::atAlias() const
{
    const bool emits = m_tokens.isWord("EMIT") && (m_tokens.isWord("CHANGES", 1) || m_tokens.isWord("FINAL", 1));
    const bool within = m_tokens.isWord("WITHIN") && m_tokens.peek(1).tokenClass == TokenClass::Number;
    return m_tokens.atName() && !emits && !within && !m_tokens.isWord("QUALIFY");
}

void FromParser::alias(ast::TableReference& table)
{
    if (!m_tokens.acceptWord("AS") && !atAlias())
        return;
    table.alias = m_tokens.expectName("an alias");
    if (m_tokens.isSymbol("("))
        table.columnAliases = m_tokens.nameList("a column");
}

std::unique_ptr<ast::WindowFunction> FromParser::windowFunction(bool wrapped)
{
    auto window = std::make_unique<ast::WindowFunction>();
    const Signature* signature = signatureOf(m_tokens.peek().text);
    if (!signature)
        m_tokens.fail("expected TUMBLE, HOP, CUMULATE or SESSION inside TABLE( ), found " + m_tokens.here() + ".",
            didYouMean(m_tokens.peek().text, {"TUMBLE", "HOP", "CUMULATE", "SESSION"}));
    window->name = signature->name;
    window->span = m_tokens.take().span;
    window->wrapped = wrapped;
    m_tokens.expectSymbol("(", "behind " + window->name);
    bool named = false;
    std::size_t count = 0;
    do
        windowArgument(*window, count++, named);
    while (m_tokens.acceptSymbol(","));
    const bool steps = signature->arguments[2] == "SLIDE" || signature->arguments[2] == "STEP";
    const bool complete = window->input && !window->timeColumn.text.empty() && window->size && (window->step || !steps);
    if (!complete)
        throw StatementError(window->span,
            "Invalid number of arguments to function '" + window->name + "'. Was expecting "
                + std::to_string(signature->needed) + " arguments.",
            std::string("Write ") + signature->form);
    m_tokens.expectSymbol(")", "to close " + window->name);
    return window;
}

void FromParser::windowArgument(ast::WindowFunction& window, std::size_t position, bool& named)
{
    const Signature& signature = *signatureOf(window.name);
    const std::vector<std::string_view>& names = signature.arguments;
    if (m_tokens.isSymbol("=>", 1)) {
        const std::string word =
            upper(m_tokens.peek().tokenClass == TokenClass::QuotedIdentifier ? unquote(m_tokens.peek().text)
                                                                             : std::string(m_tokens.peek().text));
        position = static_cast<std::size_t>(std::find(names.begin(), names.end(), word) - names.begin());
        if (position == names.size())
            m_tokens.fail(window.name + " has no argument named " + m_tokens.here() + ".",
                std::string("Write ") + signature.form);
        if (!named && position != 0)
            m_tokens.fail("the first of the named arguments is DATA.");
        m_tokens.take();
        m_tokens.take();
        named = true;
    } else if (named) {
        m_tokens.fail("arguments are either all named or all in order.");
    }
    if (position >= names.size())
        throw StatementError(window.span,
            "Invalid number of arguments to function '" + window.name + "'. Was expecting "
                + std::to_string(signature.needed) + " arguments.",
            std::string("Write ") + signature.form);
    const std::string_view name = names[position];
    if (name == "DATA")
        windowInput(window);
    else if (name == "TIMECOL")
        windowTime(window);
    else if (name == "SIZE" || name == "GAP")
        window.size = m_expressions.expression();
    else if (name == "OFFSET")
        window.offset = m_expressions.expression();
    else if (name == "EMITONLYONUPDATE")
        window.emitOnlyOnUpdate = m_expressions.expression();
    else
        window.step = m_expressions.expression();
}

/// TABLE t, (TABLE t) or (SELECT …), with PARTITION BY behind it for SESSION.
void FromParser::windowInput(ast::WindowFunction& window)
{
    const TokenStream::Depth depth(m_tokens);
    window.input = std::make_unique<ast::TableReference>();
    window.input->span = m_tokens.peek().span;
    const bool inside = m_tokens.acceptSymbol("(");
    if (inside && !m_tokens.isWord("TABLE")) {
        window.input->query = QueryParser(m_tokens).query();
    } else {
        if (!m_tokens.isWord("TABLE"))
            m_tokens.fail("Column " + m_tokens.here() + " not found in any table.",
                "Write TABLE in front of the table's name, or a subquery in parentheses: "
                    + std::string(signatureOf(window.name)->form));
        m_tokens.take();
        window.input->table = m_tokens.expectName("a table");
    }
    if (inside)
        m_tokens.expectSymbol(")", "to close the subquery");
    if (!m_tokens.isWord("PARTITION"))
        return;
    if (window.name != "SESSION")
        m_tokens.fail("Only tables with set semantics may be partitioned: only SESSION has a PARTITION BY.",
            "Add the columns to GROUP BY");
    m_tokens.take();
    m_tokens.expectWord("BY", "behind PARTITION");
    if (m_tokens.isSymbol("("))
        window.partition = m_tokens.nameList("a column");
    else
        window.partition.push_back(m_tokens.expectName("a column"));
    if (m_tokens.isSymbol(",") && !m_tokens.isWord("DESCRIPTOR", 1) && !m_tokens.isSymbol("=>", 2))
        m_tokens.fail("expected DESCRIPTOR behind the partition's column.",
            "Several columns stand in parentheses: PARTITION BY (a, b)");
}

void FromParser::windowTime(ast::WindowFunction& window)
{
    if (!m_tokens.isWord("DESCRIPTOR"))
        m_tokens.fail("Column " + m_tokens.here() + " not found in any table.",
            "The time column stands in DESCRIPTOR( ): " + std::string(signatureOf(window.name)->form));
    m_tokens.take();
    m_tokens.expectSymbol("(", "behind DESCRIPTOR");
    window.timeColumn = m_tokens.expectName("the time column");
    m_tokens.expectSymbol(")", "behind the time column");
}

} // namespace weir::sql
