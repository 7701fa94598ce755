// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/script.h"
#include "widgets/editor/editor_types.h"

namespace weir {

/// What the last checked text defined, for completion. GUI thread.
struct SqlWords
{
    std::vector<sql::TablePtr> tables;
};

/// What the editor asks of the language: tokens by the engine's own lexer, completion from `words`.
editor::EditorLanguage flinkSql(std::shared_ptr<const SqlWords> words);
std::vector<editor::EditorProblem> problemsOf(const sql::Script& script);

} // namespace weir
