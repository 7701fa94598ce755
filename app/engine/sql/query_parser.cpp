// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/query_parser.h"

#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

namespace weir::sql {

ast::Select QueryParser::select()
{
    ast::Select select;
    select.span = m_tokens.take().span;
    if (m_tokens.isWord("DISTINCT"))
        m_tokens.fail("SELECT DISTINCT is not supported yet.");
    do
        select.items.push_back(item());
    while (m_tokens.acceptSymbol(","));
    m_tokens.expectWord("FROM", "behind the columns");
    select.from = from();
    if (m_tokens.acceptWord("WHERE"))
        select.where = m_expressions.expression();
    if (m_tokens.isWord("GROUP"))
        groupBy(select);
    if (m_tokens.acceptWord("HAVING"))
        select.having = m_expressions.expression();
    refuseTail();
    return select;
}

ast::SelectItem QueryParser::item()
{
    ast::SelectItem item;
    item.span = m_tokens.peek().span;
    if (m_tokens.acceptSymbol("*")) {
        item.star = true;
        return item;
    }
    item.expression = m_expressions.expression();
    item.span = item.expression->span;
    if (m_tokens.acceptWord("AS"))
        item.alias = m_tokens.expectName("an alias");
    else if (m_tokens.atName() && !m_tokens.isWord("FROM"))
        item.alias = m_tokens.expectName("an alias");
    return item;
}

ast::TableReference QueryParser::from()
{
    ast::TableReference table;
    if (m_tokens.isSymbol("("))
        m_tokens.fail("a subquery in FROM is not supported yet.");
    if (m_tokens.isWord("TABLE") && m_tokens.isSymbol("(", 1)) {
        table = windowFunction();
    } else {
        for (const std::string_view window : {"TUMBLE", "HOP", "CUMULATE", "SESSION"}) {
            if (m_tokens.isWord(window) && m_tokens.isSymbol("(", 1))
                m_tokens.fail("Flink 1.20 wants TABLE( ) around " + std::string(window) + ".",
                    "Write FROM TABLE(" + std::string(window) + "(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE))");
        }
        table.span = m_tokens.peek().span;
        table.table = m_tokens.expectName("a table");
        if (m_tokens.isSymbol("."))
            m_tokens.fail("a table of another catalog or database cannot be read.");
    }
    // ksqlDB's EMIT CHANGES would otherwise be an alias and a syntax error behind it.
    const bool emits = m_tokens.isWord("EMIT") && (m_tokens.isWord("CHANGES", 1) || m_tokens.isWord("FINAL", 1));
    if (m_tokens.acceptWord("AS") || (m_tokens.atName() && !emits))
        table.alias = m_tokens.expectName("an alias");
    return table;
}

ast::TableReference QueryParser::windowFunction()
{
    ast::TableReference table;
    table.windowed = true;
    table.span = m_tokens.take().span;
    m_tokens.take();
    for (const std::string_view window : {"HOP", "CUMULATE", "SESSION"}) {
        if (m_tokens.isWord(window))
            m_tokens.fail(std::string(window) + " windows are not supported yet.");
    }
    m_tokens.expectWord("TUMBLE", "inside TABLE( )");
    m_tokens.expectSymbol("(", "behind TUMBLE");
    bool named = false;
    std::size_t count = 0;
    do
        windowArgument(table, count++, named);
    while (m_tokens.acceptSymbol(","));
    checkArguments(table, count);
    m_tokens.expectSymbol(")", "to close TUMBLE");
    table.span = spanFrom(table.span, m_tokens.expectSymbol(")", "to close TABLE").span);
    return table;
}

void QueryParser::windowArgument(ast::TableReference& table, std::size_t position, bool& named)
{
    static constexpr std::string_view names[] = {"DATA", "TIMECOL", "SIZE", "OFFSET"};
    if (m_tokens.isSymbol("=>", 1)) {
        const std::string word =
            upper(m_tokens.peek().tokenClass == TokenClass::QuotedIdentifier ? unquote(m_tokens.peek().text)
                                                                             : std::string(m_tokens.peek().text));
        for (position = 0; position < 4 && names[position] != word; ++position) { }
        if (position == 4)
            m_tokens.fail(
                "TUMBLE has no argument named " + m_tokens.here() + ".", "It has DATA, TIMECOL, SIZE, `OFFSET`");
        m_tokens.take();
        m_tokens.take();
        named = true;
    } else if (named) {
        m_tokens.fail("arguments are either all named or all in order.");
    }
    switch (position) {
    case 0:
        if (m_tokens.isSymbol("(") || (m_tokens.isWord("TABLE") && m_tokens.isSymbol("(", 1)))
            m_tokens.fail("a window over a subquery is not supported yet.", "Give it a table: TUMBLE(TABLE t, …)");
        m_tokens.expectWord("TABLE", "in front of the table's name");
        table.table = m_tokens.expectName("a table");
        break;
    case 1:
        m_tokens.expectWord("DESCRIPTOR", "around the time column");
        m_tokens.expectSymbol("(", "behind DESCRIPTOR");
        table.timeColumn = m_tokens.expectName("the time column");
        m_tokens.expectSymbol(")", "behind the time column");
        break;
    case 2:
        table.size = m_expressions.expression();
        break;
    case 3:
        table.offset = m_expressions.expression();
        break;
    default:
        m_tokens.fail("TUMBLE has four arguments at most: table, descriptor, size, offset.");
    }
}

void QueryParser::checkArguments(const ast::TableReference& table, std::size_t count)
{
    if (table.table.text.empty() || table.timeColumn.text.empty() || !table.size || count > 4)
        m_tokens.fail(
            "TUMBLE needs a table, a descriptor and a size.", "TUMBLE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE)");
}

void QueryParser::groupBy(ast::Select& select)
{
    m_tokens.take();
    m_tokens.expectWord("BY", "behind GROUP");
    do {
        for (const std::string_view word : {"GROUPING", "ROLLUP", "CUBE"}) {
            if (m_tokens.isWord(word))
                m_tokens.fail("GROUPING SETS, ROLLUP and CUBE are not supported yet.");
        }
        select.groupBy.push_back(m_expressions.expression());
    } while (m_tokens.acceptSymbol(","));
}

/// Names what could stand behind a query in Flink, instead of calling it a syntax error.
void QueryParser::refuseTail()
{
    struct Tail
    {
        std::string_view word;
        const char* message;
        const char* hint;
    };
    static constexpr Tail tails[] = {{"JOIN", "joins are not supported yet.", ""},
        {"INNER", "joins are not supported yet.", ""}, {"LEFT", "joins are not supported yet.", ""},
        {"RIGHT", "joins are not supported yet.", ""}, {"FULL", "joins are not supported yet.", ""},
        {"CROSS", "joins are not supported yet.", ""}, {"UNION", "UNION is not supported yet.", ""},
        {"INTERSECT", "INTERSECT is not supported yet.", ""}, {"EXCEPT", "EXCEPT is not supported yet.", ""},
        {"WINDOW", "this WINDOW clause is not supported.",
            "A tumbling window is written FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE))"},
        {"EMIT", "EMIT is no part of Flink SQL.", "A window's rows come once, when its watermark passes"},
        {"ORDER", "Sort on a non-time-attribute field is not supported, and on a time attribute not yet.", ""},
        {"LIMIT", "LIMIT is not supported yet.", ""}, {"QUALIFY", "QUALIFY is no part of Flink SQL.", ""}};
    for (const Tail& tail : tails) {
        if (m_tokens.isWord(tail.word))
            m_tokens.fail(tail.message, tail.hint);
    }
    if (m_tokens.isSymbol(","))
        m_tokens.fail("joins are not supported yet: FROM names one table.");
}

} // namespace weir::sql
