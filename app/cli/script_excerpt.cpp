// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/script_excerpt.h"

#include "app/engine/sql/unicode.h"

#include <algorithm>

namespace weir::cli {

std::string scriptExcerpt(std::string_view script, const sql::SourceSpan& span)
{
    const std::size_t at = std::min<std::size_t>(span.offset, script.size());
    const std::size_t begin = at == 0 ? 0 : script.rfind('\n', at - 1) + 1; // npos + 1 is 0
    std::size_t end = std::min(script.find('\n', at), script.size());
    if (end > begin && script[end - 1] == '\r')
        --end;
    const std::string_view before = script.substr(begin, std::min(at, end) - begin);
    const std::size_t meantEnd = std::clamp<std::size_t>(at + span.length, at, std::max(at, end));
    const std::size_t meant = sql::codePointCount(script.substr(at, meantEnd - at));
    std::string text = "  " + std::string(script.substr(begin, end - begin)) + "\n  ";
    // Tabs stay tabs, so that the caret stands below its character however wide they are drawn.
    for (std::size_t i = 0; i < sql::codePointCount(before); ++i)
        text += sql::codePointSlice(before, i, 1) == "\t" ? '\t' : ' ';
    return text + '^' + std::string(meant > 1 ? meant - 1 : 0, '~') + '\n';
}

} // namespace weir::cli
