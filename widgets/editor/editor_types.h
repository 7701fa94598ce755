// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <functional>
#include <vector>

namespace weir::editor {

enum class EditorTokenKind : std::uint8_t { Identifier, Keyword, Function, String, Number, Operator, Comment, Error };

/// A coloured stretch: bytes [begin, begin + length) of the UTF-8 text. Ascending; gaps are plain.
struct EditorToken
{
    qint64 begin = 0;
    qint64 length = 0;
    EditorTokenKind kind = EditorTokenKind::Identifier;
};

enum class ProblemSeverity : std::uint8_t { Error, Warning, Note };

/// What is wrong where. Line and column count from 1, columns in characters (code points); offset and length in bytes.
struct EditorProblem
{
    ProblemSeverity severity = ProblemSeverity::Error;
    int line = 1;
    int column = 1;
    qint64 offset = 0;
    qint64 length = 0;
    QString message;
    QString hint; ///< may be empty
};

enum class CompletionKind : std::uint8_t { Keyword, Table, Column, Function, Option, Type };

struct CompletionItem
{
    QString text; ///< what is inserted in place of the prefix
    CompletionKind kind = CompletionKind::Keyword;
    QString detail; ///< its type, muted at the right; may be empty
};

/// What the application knows of the language. Called on the GUI thread; every function may be empty.
struct EditorLanguage
{
    std::function<std::vector<EditorToken>(const QByteArray& utf8)> tokens;
    /// `prefix` is the word in front of `position` (bytes); items are shown in the order given.
    std::function<std::vector<CompletionItem>(const QByteArray& utf8, const QByteArray& prefix, qint64 position)>
        complete;
};

} // namespace weir::editor
