// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/parser.h"

#include "app/engine/sql/query_parser.h"
#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

namespace weir::sql {

namespace {

constexpr std::size_t longestScript = 1 << 20;

class StatementParser
{
public:
    explicit StatementParser(TokenStream& tokens) : m_tokens(tokens), m_expressions(tokens) { }

    ast::Statement statement()
    {
        if (m_tokens.isWord("CREATE"))
            return create();
        if (m_tokens.isWord("SELECT") || m_tokens.isWord("WITH"))
            return QueryParser(m_tokens).query();
        if (m_tokens.isWord("DROP"))
            return drop();
        if (m_tokens.isWord("RESET"))
            return reset();
        if (m_tokens.isWord("INSERT"))
            return insert();
        if (m_tokens.isWord("SET"))
            return set();
        for (const std::string_view word :
            {"EXPLAIN", "ALTER", "SHOW", "DESCRIBE", "USE", "VALUES", "EXECUTE", "BEGIN", "ANALYZE"}) {
            if (m_tokens.isWord(word))
                m_tokens.fail(std::string(word) + " is not supported yet.");
        }
        m_tokens.fail("a statement begins with CREATE, SELECT, WITH, INSERT INTO, SET, RESET or DROP, found "
                + m_tokens.here() + ".",
            didYouMean(m_tokens.peek().text, {"CREATE", "SELECT", "INSERT", "SET"}));
    }

private:
    ast::Statement create();
    ast::CreateTable createTable(const SourceSpan& begin);
    ast::CreateView createView();
    ast::Drop drop();
    void tableElement(ast::CreateTable& table);
    void watermark(ast::CreateTable& table);
    ast::ColumnDefinition column();
    void options(ast::CreateTable& table);
    ast::Insert insert();
    ast::SetOption set();
    ast::ResetOption reset();

    TokenStream& m_tokens;
    ExpressionParser m_expressions;
};

ast::Statement StatementParser::create()
{
    const SourceSpan begin = m_tokens.take().span;
    if (m_tokens.isWord("OR"))
        m_tokens.fail("CREATE OR REPLACE is not supported yet.");
    const bool temporary = m_tokens.acceptWord("TEMPORARY");
    if (m_tokens.acceptWord("VIEW"))
        return createView();
    for (const std::string_view word : {"CATALOG", "DATABASE", "FUNCTION", "MODEL"}) {
        if (m_tokens.isWord(word))
            m_tokens.fail("CREATE " + std::string(word) + " is not supported yet.");
    }
    m_tokens.expectWord("TABLE", temporary ? "or VIEW behind CREATE TEMPORARY" : "or VIEW behind CREATE");
    return createTable(begin);
}

ast::CreateView StatementParser::createView()
{
    ast::CreateView view;
    view.ifNotExists = m_tokens.acceptWords({"IF", "NOT", "EXISTS"});
    view.name = m_tokens.expectName("a view name");
    if (m_tokens.isSymbol("("))
        view.columns = m_tokens.nameList("a column");
    if (m_tokens.acceptWord("COMMENT"))
        m_tokens.expectString("behind COMMENT");
    m_tokens.expectWord("AS", "in front of the view's query");
    view.query = QueryParser(m_tokens).query();
    return view;
}

ast::Drop StatementParser::drop()
{
    ast::Drop drop;
    m_tokens.take();
    m_tokens.acceptWord("TEMPORARY");
    drop.view = m_tokens.acceptWord("VIEW");
    if (!drop.view)
        m_tokens.expectWord("TABLE", "or VIEW behind DROP");
    drop.ifExists = m_tokens.acceptWords({"IF", "EXISTS"});
    drop.name = m_tokens.expectName(drop.view ? "a view" : "a table");
    return drop;
}

ast::CreateTable StatementParser::createTable(const SourceSpan& begin)
{
    ast::CreateTable table;
    table.span = begin;
    table.ifNotExists = m_tokens.acceptWords({"IF", "NOT", "EXISTS"});
    table.name = m_tokens.expectName("a table name");
    m_tokens.expectSymbol("(", "in front of the columns");
    do
        tableElement(table);
    while (m_tokens.acceptSymbol(","));
    m_tokens.expectSymbol(")", "behind the columns");
    if (m_tokens.acceptWord("COMMENT"))
        m_tokens.expectString("behind COMMENT");
    if (m_tokens.isWord("LIKE") || m_tokens.isWord("AS"))
        m_tokens.fail("CREATE TABLE … " + upper(m_tokens.peek().text) + " is not supported yet.");
    if (m_tokens.isWord("PARTITIONED"))
        m_tokens.fail("PARTITIONED BY is not supported yet.");
    options(table);
    return table;
}

void StatementParser::tableElement(ast::CreateTable& table)
{
    if (m_tokens.isWord("WATERMARK") && m_tokens.isWord("FOR", 1)) {
        watermark(table);
        return;
    }
    if (m_tokens.isWord("CONSTRAINT") && m_tokens.isWord("PRIMARY", 2)) {
        m_tokens.take();
        m_tokens.take();
    }
    if (m_tokens.acceptWords({"PRIMARY", "KEY"})) {
        table.primaryKey = m_tokens.nameList("a column");
        m_tokens.expectWord("NOT", "behind PRIMARY KEY: Flink accepts only NOT ENFORCED");
        m_tokens.expectWord("ENFORCED", "behind NOT");
        return;
    }
    table.columns.push_back(column());
}

void StatementParser::watermark(ast::CreateTable& table)
{
    const SourceSpan begin = m_tokens.take().span;
    m_tokens.take();
    if (!table.watermarks.empty())
        throw StatementError(begin, "Multiple WATERMARK statements is not supported yet.", "Keep one.");
    ast::WatermarkClause clause;
    clause.column = m_tokens.expectName("the time column");
    m_tokens.expectWord("AS", "behind the time column");
    clause.expression = m_expressions.expression();
    table.watermarks.push_back(std::move(clause));
}

ast::ColumnDefinition StatementParser::column()
{
    ast::ColumnDefinition column;
    column.name = m_tokens.expectName("a column name");
    if (m_tokens.acceptWord("AS")) {
        column.computed = m_expressions.expression();
    } else {
        column.type = m_expressions.type();
        if (m_tokens.acceptWords({"NOT", "NULL"}))
            column.type.nullable = false;
        else
            m_tokens.acceptWord("NULL");
        if (m_tokens.acceptWord("METADATA")) {
            column.metadata = true;
            if (m_tokens.acceptWord("FROM"))
                column.metadataKey = m_tokens.expectString("behind METADATA FROM");
            column.isVirtual = m_tokens.acceptWord("VIRTUAL");
        }
    }
    if (m_tokens.acceptWord("COMMENT"))
        m_tokens.expectString("behind COMMENT");
    return column;
}

void StatementParser::options(ast::CreateTable& table)
{
    m_tokens.expectWord("WITH", "in front of the table's options");
    m_tokens.expectSymbol("(", "behind WITH");
    do {
        ast::Name key;
        key.span = m_tokens.peek().span;
        key.text = m_tokens.expectString("for the name of an option");
        m_tokens.expectSymbol("=", "behind the option's name");
        table.options.emplace_back(std::move(key), m_tokens.expectString("for the value of an option"));
    } while (m_tokens.acceptSymbol(","));
    table.span = spanFrom(table.span, m_tokens.expectSymbol(")", "behind the options").span);
}

ast::Insert StatementParser::insert()
{
    m_tokens.take();
    m_tokens.expectWord("INTO", "behind INSERT");
    ast::Insert insert;
    insert.table = m_tokens.expectName("a table name");
    if (m_tokens.isSymbol("("))
        insert.columns = m_tokens.nameList("a column");
    if (m_tokens.isWord("VALUES"))
        m_tokens.fail("VALUES is not supported yet.");
    insert.query = QueryParser(m_tokens).query();
    return insert;
}

ast::ResetOption StatementParser::reset()
{
    m_tokens.take();
    ast::ResetOption option;
    if (m_tokens.peek().tokenClass == TokenClass::String)
        option.key = m_tokens.expectString("for the name of a setting");
    return option;
}

ast::SetOption StatementParser::set()
{
    ast::SetOption option;
    option.span = m_tokens.take().span;
    option.key = m_tokens.expectString("for the name of a setting");
    m_tokens.expectSymbol("=", "behind the name of the setting");
    option.value = m_tokens.expectString("for the value of the setting");
    return option;
}

} // namespace

ParsedScript parseScript(std::string_view text)
{
    ParsedScript script;
    if (text.size() > longestScript) {
        script.diagnostics.push_back({Severity::Error, {}, "the script is longer than 1 MiB.", {}});
        return script;
    }
    TokenStream tokens(text);
    while (!tokens.atEnd()) {
        if (tokens.acceptSymbol(";"))
            continue;
        try {
            const SourceSpan begin = tokens.peek().span;
            ast::Statement statement = StatementParser(tokens).statement();
            if (!tokens.atEnd() && !tokens.isSymbol(";"))
                tokens.fail("expected ';' behind the statement, found " + tokens.here() + ".");
            const SourceSpan end = tokens.peek().span;
            SourceSpan span = begin;
            span.length = end.offset - begin.offset;
            script.statements.push_back({std::move(statement), span});
        } catch (const StatementError& error) {
            script.diagnostics.push_back(error.diagnostic);
            tokens.skipStatement();
        }
    }
    return script;
}

} // namespace weir::sql
