// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/token_stream.h"

#include "app/engine/sql/syntax_error.h"
#include "app/engine/sql/words.h"

namespace weir::sql {

namespace {

constexpr int depthLimit = 200;

bool isWordToken(const Token& token)
{
    return token.tokenClass == TokenClass::Keyword || token.tokenClass == TokenClass::Identifier
        || token.tokenClass == TokenClass::Function;
}

} // namespace

TokenStream::Depth::Depth(TokenStream& tokens) : m_tokens(tokens)
{
    if (m_tokens.m_depth >= depthLimit)
        m_tokens.fail("this is nested deeper than 200 levels.");
    ++m_tokens.m_depth;
}

TokenStream::TokenStream(std::string_view text)
{
    for (const Token& token : tokenize(text)) {
        if (token.tokenClass != TokenClass::Comment)
            m_tokens.push_back(token);
        m_end.span = token.span;
        m_end.span.offset += token.span.length;
        m_end.span.column += token.span.length;
    }
    m_end.span.length = 0;
    m_end.tokenClass = TokenClass::Operator;
}

const Token& TokenStream::peek(std::size_t ahead) const
{
    return m_at + ahead < m_tokens.size() ? m_tokens[m_at + ahead] : m_end;
}

const Token& TokenStream::take()
{
    return m_at < m_tokens.size() ? m_tokens[m_at++] : m_end;
}

bool TokenStream::isWord(std::string_view word, std::size_t ahead) const
{
    const Token& token = peek(ahead);
    return isWordToken(token) && equalsIgnoreCase(token.text, word);
}

bool TokenStream::isSymbol(std::string_view symbol, std::size_t ahead) const
{
    const Token& token = peek(ahead);
    return token.tokenClass == TokenClass::Operator && token.text == symbol;
}

bool TokenStream::acceptWord(std::string_view word)
{
    const bool found = isWord(word);
    m_at += found ? 1 : 0;
    return found;
}

bool TokenStream::acceptWords(std::initializer_list<std::string_view> words)
{
    std::size_t ahead = 0;
    for (const std::string_view word : words) {
        if (!isWord(word, ahead++))
            return false;
    }
    m_at += words.size();
    return true;
}

bool TokenStream::acceptSymbol(std::string_view symbol)
{
    const bool found = isSymbol(symbol);
    m_at += found ? 1 : 0;
    return found;
}

const Token& TokenStream::expectWord(std::string_view word, std::string_view place)
{
    if (!isWord(word))
        fail("expected " + std::string(word) + " " + std::string(place) + ", found " + here() + ".");
    return take();
}

const Token& TokenStream::expectSymbol(std::string_view symbol, std::string_view place)
{
    if (!isSymbol(symbol))
        fail("expected '" + std::string(symbol) + "' " + std::string(place) + ", found " + here() + ".");
    return take();
}

std::string TokenStream::expectString(std::string_view place)
{
    if (peek().tokenClass != TokenClass::String)
        fail("expected a text in single quotes " + std::string(place) + ", found " + here() + ".");
    return unquote(take().text);
}

bool TokenStream::atName() const
{
    const Token& token = peek();
    return token.tokenClass == TokenClass::QuotedIdentifier || (isWordToken(token) && !isReserved(token.text));
}

ast::Name TokenStream::expectName(std::string_view what)
{
    const Token& token = peek();
    if (token.tokenClass == TokenClass::QuotedIdentifier)
        return {unquote(take().text), token.span};
    if (!isWordToken(token))
        fail("expected " + std::string(what) + ", found " + here() + ".");
    if (isReserved(token.text))
        fail("'" + std::string(token.text) + "' is a reserved word and cannot be " + std::string(what)
                + " as it stands.",
            "Write it in back-quotes: `" + std::string(token.text) + "`");
    return {std::string(take().text), token.span};
}

std::vector<ast::Name> TokenStream::nameList(std::string_view what)
{
    std::vector<ast::Name> names;
    expectSymbol("(", "in front of the names");
    do
        names.push_back(expectName(what));
    while (acceptSymbol(","));
    expectSymbol(")", "behind the names");
    return names;
}

void TokenStream::fail(const std::string& message, const std::string& hint) const
{
    const Token& token = peek();
    if (token.tokenClass == TokenClass::Error) {
        if (token.text.starts_with('"'))
            throw StatementError(token.span, "double quotes are no part of Flink SQL.",
                "Names stand in back-quotes: `name`, texts in single quotes: 'text'.");
        if (token.text.starts_with('\'') || token.text.starts_with('`') || token.text.starts_with("/*"))
            throw StatementError(token.span, "this quote or comment has no end.");
        throw StatementError(token.span, "'" + std::string(token.text.substr(0, 20)) + "' has no meaning in SQL.");
    }
    throw StatementError(token.span, message, hint);
}

std::string TokenStream::here() const
{
    if (atEnd())
        return "the end of the script";
    return "'" + std::string(peek().text.substr(0, 40)) + "'";
}

void TokenStream::skipStatement()
{
    while (!atEnd() && !isSymbol(";"))
        take();
    acceptSymbol(";");
}

SourceSpan spanFrom(const SourceSpan& first, const SourceSpan& last)
{
    SourceSpan span = first;
    span.length = last.offset + last.length - first.offset;
    return span;
}

std::string unquote(std::string_view quoted)
{
    std::string text;
    const char quote = quoted.front();
    for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        text.push_back(quoted[i]);
        if (quoted[i] == quote)
            ++i;
    }
    return text;
}

} // namespace weir::sql
