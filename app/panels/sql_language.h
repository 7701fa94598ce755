// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/script.h"
#include "widgets/editor/editor_types.h"

namespace weir {

/// What the editor asks of the language: tokens and completion, by the engine's own lexer and tables.
editor::EditorLanguage flinkSql();
std::vector<editor::EditorProblem> problemsOf(const sql::Script& script);

} // namespace weir
