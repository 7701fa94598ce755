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
            return createTable();
        if (m_tokens.isWord("SELECT"))
            return QueryParser(m_tokens).select();
        if (m_tokens.isWord("INSERT"))
            return insert();
        if (m_tokens.isWord("SET"))
            return set();
        for (const std::string_view word : {"WITH", "EXPLAIN", "DROP", "ALTER", "SHOW", "DESCRIBE", "USE", "VALUES"}) {
            if (m_tokens.isWord(word))
                m_tokens.fail(std::string(word) + " is not supported yet.");
        }
        m_tokens.fail(
            "a statement begins with CREATE TABLE, SELECT, INSERT INTO or SET, found " + m_tokens.here() + ".",
            didYouMean(m_tokens.peek().text, {"CREATE", "SELECT", "INSERT", "SET"}));
    }

private:
    ast::CreateTable createTable();
    void tableElement(ast::CreateTable& table);
    void watermark(ast::CreateTable& table);
    ast::ColumnDefinition column();
    void options(ast::CreateTable& table);
    ast::Insert insert();
    ast::SetOption set();

    TokenStream& m_tokens;
    ExpressionParser m_expressions;
};

ast::CreateTable StatementParser::createTable()
{
    ast::CreateTable table;
    table.span = m_tokens.take().span;
    const bool temporary = m_tokens.acceptWord("TEMPORARY");
    if (m_tokens.isWord("VIEW"))
        m_tokens.fail("CREATE VIEW is not supported yet.");
    m_tokens.expectWord("TABLE", temporary ? "behind CREATE TEMPORARY" : "behind CREATE");
    m_tokens.acceptWords({"IF", "NOT", "EXISTS"});
    table.name = m_tokens.expectName("a table name");
    m_tokens.expectSymbol("(", "in front of the columns");
    do
        tableElement(table);
    while (m_tokens.acceptSymbol(","));
    m_tokens.expectSymbol(")", "behind the columns");
    if (m_tokens.acceptWord("COMMENT"))
        m_tokens.expectString("behind COMMENT");
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
    if (m_tokens.acceptWords({"PRIMARY", "KEY"})) {
        m_tokens.expectSymbol("(", "behind PRIMARY KEY");
        do
            m_tokens.expectName("a column");
        while (m_tokens.acceptSymbol(","));
        m_tokens.expectSymbol(")", "behind the columns of the key");
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
            m_tokens.acceptWord("VIRTUAL");
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
    if (!m_tokens.isWord("SELECT"))
        m_tokens.fail("expected SELECT, found " + m_tokens.here() + ".");
    insert.select = QueryParser(m_tokens).select();
    return insert;
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
