// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/diagnostic.h"

#include <string>
#include <string_view>

namespace weir::cli {

/// The line of `script` that the span begins in and, below it, a caret and a wave under what is meant: two lines, each
/// ended. A span that goes on over the line's end is drawn to there.
std::string scriptExcerpt(std::string_view script, const sql::SourceSpan& span);

} // namespace weir::cli
