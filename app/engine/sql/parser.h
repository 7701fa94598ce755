// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_statement.h"
#include "app/engine/sql/token.h"

#include <string_view>
#include <vector>

namespace weir::sql {

struct ParsedStatement
{
    ast::Statement statement;
    SourceSpan span;
};

struct ParsedScript
{
    std::vector<ParsedStatement> statements; ///< those without a syntax error
    std::vector<Diagnostic> diagnostics;
};

/// Parses a whole script. A statement with an error is given up up to its semicolon, the others are still parsed.
ParsedScript parseScript(std::string_view text);

} // namespace weir::sql
