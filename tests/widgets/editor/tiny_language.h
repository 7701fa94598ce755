// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/editor/editor_types.h"

#include <QRegularExpression>
#include <QSet>

/// Tokens good enough to test an editor with: found by a pattern over bytes read as Latin-1, so offsets are bytes.
inline std::vector<weir::editor::EditorToken> tinyTokens(const QByteArray& utf8)
{
    using Kind = weir::editor::EditorTokenKind;
    static const QSet<QString> keywords{QStringLiteral("SELECT"), QStringLiteral("FROM"), QStringLiteral("AS"),
        QStringLiteral("WHERE"), QStringLiteral("GROUP"), QStringLiteral("BY"), QStringLiteral("FILTER"),
        QStringLiteral("TABLE"), QStringLiteral("DESCRIPTOR"), QStringLiteral("INTERVAL"), QStringLiteral("MINUTE"),
        QStringLiteral("SET"), QStringLiteral("HOP"), QStringLiteral("TUMBLE")};
    static const QRegularExpression pattern(QStringLiteral("(--[^\\n]*|/\\*(?:.|\\n)*?(?:\\*/|$))|('(?:[^']|'')*'?)|"
                                                           "([0-9]+)|([A-Za-z_\\x80-\\xff][A-Za-z0-9_\\x80-\\xff]*)"
                                                           "(?=(\\()?)|([-+*/=<>(),;.])"));
    std::vector<weir::editor::EditorToken> tokens;
    const QString latin = QString::fromLatin1(utf8);
    for (auto it = pattern.globalMatch(latin); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        Kind kind = Kind::Operator;
        if (!match.captured(1).isEmpty())
            kind = Kind::Comment;
        else if (!match.captured(2).isEmpty())
            kind = Kind::String;
        else if (!match.captured(3).isEmpty())
            kind = Kind::Number;
        else if (keywords.contains(match.captured(4)))
            kind = Kind::Keyword;
        else if (!match.captured(4).isEmpty())
            kind = match.captured(5).isEmpty() ? Kind::Identifier : Kind::Function;
        tokens.push_back({match.capturedStart(), match.capturedLength(), kind});
    }
    return tokens;
}
