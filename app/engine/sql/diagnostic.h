// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::sql {

/// A stretch of the script. Line and column count from 1, columns in characters (code points), offsets in bytes.
struct SourceSpan
{
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

enum class Severity : std::uint8_t { Error, Warning, Note };

/// What is wrong with a script, where, and what would be right.
struct Diagnostic
{
    Severity severity = Severity::Error;
    SourceSpan span;
    std::string message;
    std::string hint; ///< what to write instead; empty if nothing helps
};

/// "3:14: message. hint"
std::string describe(const Diagnostic& diagnostic);

} // namespace weir::sql
