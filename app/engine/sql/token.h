// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/diagnostic.h"

#include <string_view>
#include <vector>

namespace weir::sql {

/// What a token is to the eye; the editor colours by this.
enum class TokenClass : std::uint8_t {
    Keyword,
    Identifier,
    QuotedIdentifier, ///< `back-quoted`
    Function, ///< an identifier in front of "(" that names a known function
    String,
    Number,
    Operator,
    Comment,
    Error, ///< a character or an unfinished literal that no token can start with
};

struct Token
{
    TokenClass tokenClass = TokenClass::Error;
    SourceSpan span;
    std::string_view text; ///< into the script
};

/// All tokens of a script in order, comments included, white space left out. Never fails: what cannot be a token is an
/// Error token. Linear in the length of the text.
std::vector<Token> tokenize(std::string_view script);

} // namespace weir::sql
