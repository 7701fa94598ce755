// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/diagnostic.h"

#include <string>
#include <utility>

namespace weir::sql {

/// Leaves a statement from wherever its first error is found. Thrown and caught inside `sql`; callers see diagnostics.
struct StatementError
{
    Diagnostic diagnostic;

    StatementError(SourceSpan span, std::string message, std::string hint = {})
        : diagnostic{Severity::Error, span, std::move(message), std::move(hint)}
    { }
};

} // namespace weir::sql
