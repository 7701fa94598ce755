// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast.h"
#include "app/engine/sql/token.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace weir::sql {

/// The tokens of a script without comments, with a place in it. The parser's steps over single tokens.
class TokenStream
{
public:
    explicit TokenStream(std::string_view text);

    bool atEnd() const { return m_at == m_tokens.size(); }
    const Token& peek(std::size_t ahead = 0) const;
    const Token& take();
    /// Position for a look-ahead that may be taken back.
    std::size_t mark() const { return m_at; }
    void reset(std::size_t mark) { m_at = mark; }

    bool isWord(std::string_view word, std::size_t ahead = 0) const; ///< a keyword or name, not quoted, any case
    bool isSymbol(std::string_view symbol, std::size_t ahead = 0) const;
    bool acceptWord(std::string_view word);
    bool acceptWords(std::initializer_list<std::string_view> words); ///< all or none
    bool acceptSymbol(std::string_view symbol);
    const Token& expectWord(std::string_view word, std::string_view place);
    const Token& expectSymbol(std::string_view symbol, std::string_view place);
    std::string expectString(std::string_view place);
    /// A name: bare and not reserved, or back-quoted.
    ast::Name expectName(std::string_view what);
    bool atName() const;
    /// (a, b, …)
    std::vector<ast::Name> nameList(std::string_view what);

    /// Throws a StatementError at the token at hand.
    [[noreturn]] void fail(const std::string& message, const std::string& hint = {}) const;
    /// "'x'" or "the end of the script", for messages.
    std::string here() const;

    void skipStatement(); ///< up to and including the next semicolon

    /// Counts how deep the parsers stand; hostile text ends in an error, not in the machine's stack.
    class Depth
    {
    public:
        explicit Depth(TokenStream& tokens);
        ~Depth() { --m_tokens.m_depth; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;

    private:
        TokenStream& m_tokens;
    };

private:
    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
    Token m_end; ///< stands behind the last token
    int m_depth = 0;
};

/// The stretch from the begin of `first` to the end of `last`.
SourceSpan spanFrom(const SourceSpan& first, const SourceSpan& last);

/// 'it''s' -> it's
std::string unquote(std::string_view quoted);

} // namespace weir::sql
