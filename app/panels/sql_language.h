// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/script.h"
#include "widgets/editor/editor_types.h"
#include "widgets/editor/verdict_button.h"

namespace weir {

/// What the editor asks of the language: tokens by the engine's own lexer, completion by its parser.
editor::EditorLanguage flinkSql();
std::vector<editor::EditorProblem> problemsOf(const sql::Script& script);

/// A statement of a script that gives rows.
struct ScriptStatement
{
    std::size_t number = 0; ///< among those
    QString title; ///< "line 12", or where its rows go
    qint64 end = 0; ///< offset behind it, in bytes
};
/// All of them, or with a cursor (in bytes) the one at it, else the last. Of a text without any, or with errors, one
/// that stands for the last: running it tells what is wrong.
std::vector<ScriptStatement> statementsToRun(const std::string& sql, std::optional<qint64> cursor);

/// Whether a script runs and can leave this machine: the worst of its queries.
struct ScriptVerdict
{
    editor::VerdictButton::Kind kind = editor::VerdictButton::Kind::Good;
    QString text; ///< empty: the script has no query and no error, there is nothing to say
    QString details; ///< a line for each reason
    qint64 offset = -1; ///< in bytes, of what it is about; -1: nothing in particular
};
ScriptVerdict verdictOf(const sql::Script& script);

} // namespace weir
