// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/token.h"

#include "app/engine/sql/words.h"

namespace weir::sql {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Letters, underscore, dollar and every byte of a character beyond ASCII.
bool startsName(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'
        || (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

class Lexer
{
public:
    explicit Lexer(std::string_view text) : m_text(text) { }

    std::vector<Token> run()
    {
        while (skipSpace())
            m_tokens.push_back(next());
        return std::move(m_tokens);
    }

private:
    bool skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            advance();
        return m_at < m_text.size();
    }

    /// One byte further; lines and columns count characters, so only the first byte of one moves the column.
    void advance()
    {
        const char c = m_text[m_at++];
        if (c == '\n') {
            ++m_line;
            m_column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            ++m_column;
        }
    }

    char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }

    Token next()
    {
        Token token;
        token.span = {static_cast<std::uint32_t>(m_at), 0, m_line, m_column};
        const std::size_t begin = m_at;
        token.tokenClass = scan();
        token.text = m_text.substr(begin, m_at - begin);
        token.span.length = static_cast<std::uint32_t>(m_at - begin);
        if (token.tokenClass == TokenClass::Identifier)
            token.tokenClass = classify(token.text);
        return token;
    }

    TokenClass scan()
    {
        const char c = peek();
        if (c == '-' && peek(1) == '-')
            return lineComment();
        if (c == '/' && peek(1) == '*')
            return blockComment();
        if (c == '\'')
            return quoted('\'', TokenClass::String);
        if (c == '`')
            return quoted('`', TokenClass::QuotedIdentifier);
        if (isDigit(c) || (c == '.' && isDigit(peek(1))))
            return number();
        if (startsName(c)) {
            while (m_at < m_text.size() && (startsName(peek()) || isDigit(peek())))
                advance();
            return TokenClass::Identifier;
        }
        return symbol(c);
    }

    TokenClass lineComment()
    {
        while (m_at < m_text.size() && peek() != '\n')
            advance();
        return TokenClass::Comment;
    }

    TokenClass blockComment()
    {
        advance();
        advance();
        while (m_at < m_text.size()) {
            if (peek() == '*' && peek(1) == '/') {
                advance();
                advance();
                return TokenClass::Comment;
            }
            advance();
        }
        return TokenClass::Error;
    }

    TokenClass quoted(char quote, TokenClass tokenClass)
    {
        advance();
        while (m_at < m_text.size()) {
            if (peek() == quote) {
                advance();
                if (peek() != quote)
                    return tokenClass;
            }
            advance();
        }
        return TokenClass::Error;
    }

    TokenClass number()
    {
        const auto digits = [this] {
            while (isDigit(peek()))
                advance();
        };
        digits();
        if (peek() == '.') {
            advance();
            digits();
        }
        const bool exponent = (peek() == 'e' || peek() == 'E')
            && (isDigit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && isDigit(peek(2))));
        if (exponent) {
            advance();
            advance();
            digits();
        }
        return TokenClass::Number;
    }

    TokenClass symbol(char c)
    {
        const std::string_view two = m_text.substr(m_at, 2);
        for (const std::string_view pair : {"<>", "<=", ">=", "||", "=>", "!="}) {
            if (two == pair) {
                advance();
                advance();
                return TokenClass::Operator;
            }
        }
        advance();
        return std::string_view("+-*/%=<>(),.;[]:").find(c) != std::string_view::npos ? TokenClass::Operator
                                                                                      : TokenClass::Error;
    }

    TokenClass classify(std::string_view word) const
    {
        std::size_t at = m_at;
        while (at < m_text.size() && isSpace(m_text[at]))
            ++at;
        const bool call = at < m_text.size() && m_text[at] == '(';
        if (call && isFunctionName(word))
            return TokenClass::Function;
        return isKeyword(word) ? TokenClass::Keyword : TokenClass::Identifier;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::uint32_t m_line = 1;
    std::uint32_t m_column = 1;
    std::vector<Token> m_tokens;
};

} // namespace

std::vector<Token> tokenize(std::string_view script)
{
    return Lexer(script).run();
}

std::string describe(const Diagnostic& diagnostic)
{
    std::string text = std::to_string(diagnostic.span.line) + ":" + std::to_string(diagnostic.span.column) + ": ";
    if (diagnostic.severity == Severity::Warning)
        text += "warning: ";
    if (diagnostic.severity == Severity::Note)
        text += "note: ";
    text += diagnostic.message;
    if (!diagnostic.hint.empty())
        text += " " + diagnostic.hint;
    return text;
}

} // namespace weir::sql
