// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/query_parser.h"

#include "app/engine/sql/from_parser.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

namespace weir::sql {

std::shared_ptr<ast::Query> QueryParser::query()
{
    const TokenStream::Depth depth(m_tokens);
    auto query = std::make_shared<ast::Query>();
    if (m_tokens.acceptWord("WITH")) {
        do
            query->with.push_back(commonTable());
        while (m_tokens.acceptSymbol(","));
    }
    if (!m_tokens.isWord("SELECT"))
        m_tokens.fail("expected SELECT, found " + m_tokens.here() + ".");
    query->select = select();
    return query;
}

ast::CommonTable QueryParser::commonTable()
{
    ast::CommonTable table;
    table.name = m_tokens.expectName("the name of a query");
    if (m_tokens.isSymbol("("))
        table.columns = m_tokens.nameList("a column");
    m_tokens.expectWord("AS", "in front of the query");
    m_tokens.expectSymbol("(", "in front of the query");
    table.query = query();
    m_tokens.expectSymbol(")", "behind the query");
    return table;
}

ast::Select QueryParser::select()
{
    ast::Select select;
    select.span = m_tokens.take().span;
    select.distinct = m_tokens.acceptWord("DISTINCT");
    if (!select.distinct)
        m_tokens.acceptWord("ALL");
    do
        select.items.push_back(item());
    while (m_tokens.acceptSymbol(","));
    m_tokens.expectWord("FROM", "behind the columns");
    select.from = FromParser(m_tokens).from();
    if (m_tokens.acceptWord("WHERE"))
        select.where = m_expressions.expression();
    if (m_tokens.isWord("GROUP"))
        groupBy(select);
    if (m_tokens.acceptWord("HAVING"))
        select.having = m_expressions.expression();
    if (m_tokens.isWord("WINDOW") && m_tokens.isWord("AS", 2))
        windows(select);
    refuseTail();
    return select;
}

bool QueryParser::starItem(ast::SelectItem& item)
{
    if (m_tokens.acceptSymbol("*")) {
        item.star = true;
        return true;
    }
    if (m_tokens.atName() && m_tokens.isSymbol(".", 1) && m_tokens.isSymbol("*", 2)) {
        item.star = true;
        item.starOf = m_tokens.expectName("a table");
        m_tokens.take();
        item.span = spanFrom(item.span, m_tokens.take().span);
        return true;
    }
    return false;
}

ast::SelectItem QueryParser::item()
{
    ast::SelectItem item;
    item.span = m_tokens.peek().span;
    if (starItem(item))
        return item;
    item.expression = m_expressions.expression();
    item.span = item.expression->span;
    if (m_tokens.acceptWord("AS"))
        item.alias = m_tokens.expectName("an alias");
    else if (m_tokens.atName() && !m_tokens.isWord("FROM"))
        item.alias = m_tokens.expectName("an alias");
    return item;
}

void QueryParser::groupBy(ast::Select& select)
{
    m_tokens.take();
    m_tokens.expectWord("BY", "behind GROUP");
    do
        select.groupBy.push_back(groupItem(false));
    while (m_tokens.acceptSymbol(","));
}

std::vector<ast::GroupItem> QueryParser::groupItems(bool insideSets)
{
    std::vector<ast::GroupItem> items;
    m_tokens.expectSymbol("(", "in front of the keys");
    do
        items.push_back(groupItem(insideSets));
    while (m_tokens.acceptSymbol(","));
    m_tokens.expectSymbol(")", "behind the keys");
    return items;
}

/// `insideSets`: of GROUPING SETS, ROLLUP and CUBE, where (a, b) and () are one element.
ast::GroupItem QueryParser::groupItem(bool insideSets)
{
    using Kind = ast::GroupItem::Kind;
    const TokenStream::Depth depth(m_tokens);
    ast::GroupItem item;
    item.span = m_tokens.peek().span;
    if (m_tokens.acceptWords({"GROUPING", "SETS"})) {
        item.kind = Kind::Sets;
        item.items = groupItems(true);
        return item;
    }
    const bool rollup = m_tokens.isWord("ROLLUP") && m_tokens.isSymbol("(", 1);
    if (rollup || (m_tokens.isWord("CUBE") && m_tokens.isSymbol("(", 1))) {
        m_tokens.take();
        item.kind = rollup ? Kind::Rollup : Kind::Cube;
        item.items = groupItems(true);
        for (const ast::GroupItem& inner : item.items) {
            if (inner.kind != Kind::Keys)
                throw StatementError(inner.span, "ROLLUP and CUBE take columns, not sets.");
        }
        return item;
    }
    if (m_tokens.isSymbol("(") && m_tokens.isSymbol(")", 1)) {
        m_tokens.take();
        m_tokens.take();
        return item;
    }
    const std::size_t mark = m_tokens.mark();
    if (insideSets && m_tokens.acceptSymbol("(")) {
        do
            item.keys.push_back(m_expressions.expression());
        while (m_tokens.acceptSymbol(","));
        // (a + b) * 2 is one key: the parenthesis closes in front of more of it.
        if (m_tokens.acceptSymbol(")") && (m_tokens.isSymbol(",") || m_tokens.isSymbol(")")))
            return item;
        m_tokens.reset(mark);
        item.keys.clear();
    }
    item.keys.push_back(m_expressions.expression());
    return item;
}

void QueryParser::windows(ast::Select& select)
{
    m_tokens.take();
    do {
        ast::NamedWindow window;
        window.name = m_tokens.expectName("the name of a window");
        m_tokens.expectWord("AS", "behind the window's name");
        window.spec = windowSpec();
        select.windows.push_back(std::move(window));
    } while (m_tokens.acceptSymbol(","));
}

std::shared_ptr<ast::WindowSpec> QueryParser::over()
{
    const SourceSpan begin = m_tokens.take().span;
    std::shared_ptr<ast::WindowSpec> spec;
    if (m_tokens.isSymbol("(")) {
        spec = windowSpec();
    } else {
        spec = std::make_shared<ast::WindowSpec>();
        spec->base = m_tokens.expectName("the name of a window, or '('");
    }
    spec->span = begin;
    return spec;
}

std::shared_ptr<ast::WindowSpec> QueryParser::windowSpec()
{
    const TokenStream::Depth depth(m_tokens);
    auto spec = std::make_shared<ast::WindowSpec>();
    spec->span = m_tokens.expectSymbol("(", "in front of the window").span;
    const bool named = m_tokens.atName() && !m_tokens.isWord("PARTITION") && !m_tokens.isWord("ORDER");
    if (named)
        spec->base = m_tokens.expectName("the name of a window");
    if (m_tokens.acceptWords({"PARTITION", "BY"})) {
        do
            spec->partition.push_back(m_expressions.expression());
        while (m_tokens.acceptSymbol(","));
    }
    if (m_tokens.acceptWords({"ORDER", "BY"})) {
        do
            spec->order.push_back(orderItem());
        while (m_tokens.acceptSymbol(","));
    }
    if (m_tokens.isWord("ROWS") || m_tokens.isWord("RANGE"))
        frame(*spec);
    m_tokens.expectSymbol(")", "to close the window");
    return spec;
}

ast::OrderItem QueryParser::orderItem()
{
    ast::OrderItem item;
    item.expression = m_expressions.expression();
    item.descending = m_tokens.acceptWord("DESC");
    if (!item.descending)
        m_tokens.acceptWord("ASC");
    item.nullsFirst = !item.descending;
    if (m_tokens.acceptWords({"NULLS", "FIRST"}))
        item.nullsFirst = true;
    else if (m_tokens.acceptWords({"NULLS", "LAST"}))
        item.nullsFirst = false;
    return item;
}

void QueryParser::frame(ast::WindowSpec& spec)
{
    spec.hasFrame = true;
    spec.rows = m_tokens.isWord("ROWS");
    m_tokens.take();
    const bool between = m_tokens.acceptWord("BETWEEN");
    spec.from = frameBound();
    if (!between)
        return;
    m_tokens.expectWord("AND", "between the bounds of the window");
    spec.to = frameBound();
}

ast::FrameBound QueryParser::frameBound()
{
    using Kind = ast::FrameBound::Kind;
    ast::FrameBound bound;
    if (m_tokens.acceptWords({"CURRENT", "ROW"})) {
        bound.kind = Kind::CurrentRow;
        return bound;
    }
    const bool unbounded = m_tokens.acceptWord("UNBOUNDED");
    if (!unbounded)
        bound.offset = m_expressions.expression();
    if (m_tokens.acceptWord("FOLLOWING")) {
        bound.kind = Kind::Following;
        return bound;
    }
    m_tokens.expectWord("PRECEDING", "behind the bound of the window");
    bound.kind = unbounded ? Kind::UnboundedPreceding : Kind::Preceding;
    return bound;
}

/// Names what could stand behind a query in Flink or elsewhere, instead of calling it a syntax error.
void QueryParser::refuseTail()
{
    struct Tail
    {
        std::string_view word;
        const char* message;
        const char* hint;
    };
    static constexpr Tail tails[] = {{"UNION", "UNION is not supported yet.", "Write one query for each part"},
        {"INTERSECT", "INTERSECT is not supported yet.", ""}, {"EXCEPT", "EXCEPT is not supported yet.", ""},
        {"WINDOW", "this WINDOW clause is not supported.",
            "A tumbling window is written FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(c), INTERVAL '1' MINUTE))"},
        {"EMIT", "EMIT is no part of Flink SQL.", "A window's rows come once, when its watermark passes"},
        {"ORDER", "Sort on a non-time-attribute field is not supported, and on a time attribute not yet.",
            "The rows of a stream come in the order of their windows; the first ones of each window gives a Top-N: "
            "ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY x)"},
        {"LIMIT", "LIMIT is not supported yet.", "The first rows of each window are a Top-N with ROW_NUMBER()"},
        {"FETCH", "FETCH is not supported yet.", ""}, {"OFFSET", "OFFSET is not supported yet.", ""},
        {"QUALIFY", "QUALIFY needs Flink 2.0 or later and is not supported yet.",
            "Put the query into a subquery and write WHERE behind it"}};
    for (const Tail& tail : tails) {
        if (m_tokens.isWord(tail.word))
            m_tokens.fail(tail.message, tail.hint);
    }
}

} // namespace weir::sql
