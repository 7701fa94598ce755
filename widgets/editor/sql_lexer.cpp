// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/sql_lexer.h"

#include "widgets/editor/area_text.h"
#include "widgets/style/theme.h"

#include <algorithm>
#include <array>

namespace weir::editor {

namespace {

constexpr int kindCount = static_cast<int>(EditorTokenKind::Error) + 1;

QColor inkOf(EditorTokenKind kind)
{
    const style::Colors& color = style::Theme::current().color;
    switch (kind) {
    case EditorTokenKind::Identifier:
        return color.syntax.identifier;
    case EditorTokenKind::Keyword:
        return color.syntax.keyword;
    case EditorTokenKind::Function:
        return color.syntax.function;
    case EditorTokenKind::String:
        return color.syntax.string;
    case EditorTokenKind::Number:
        return color.syntax.number;
    case EditorTokenKind::Operator:
        return color.syntax.operators;
    case EditorTokenKind::Comment:
        return color.syntax.comment;
    case EditorTokenKind::Error:
        return color.state.error;
    }
    return color.text.primary;
}

const QFont& fontOf(EditorTokenKind kind)
{
    const style::Fonts& fonts = style::Theme::fonts();
    if (kind == EditorTokenKind::Keyword)
        return fonts.dataStrong;
    return kind == EditorTokenKind::Comment ? fonts.dataItalic : fonts.data;
}

} // namespace

SqlLexer::SqlLexer(QObject* parent) : QsciLexerCustom(parent) { }

void SqlLexer::setTokens(Tokens tokens)
{
    m_tokens = std::move(tokens);
}

void SqlLexer::applyTheme(const QsciScintilla& area)
{
    const style::Colors& color = style::Theme::current().color;
    setDefaultFont(inPoints(style::Theme::fonts().data, area));
    setDefaultColor(color.text.primary);
    setDefaultPaper(color.bg.well);
    for (int style = 0; style < kindCount; ++style) {
        const auto kind = static_cast<EditorTokenKind>(style);
        setFont(inPoints(fontOf(kind), area), style);
        setColor(inkOf(kind), style);
        setPaper(color.bg.well, style);
    }
}

const char* SqlLexer::language() const
{
    return "SQL";
}

QString SqlLexer::description(int style) const
{
    static const std::array<const char*, kindCount> names{
        "Identifier", "Keyword", "Function", "String", "Number", "Operator", "Comment", "Error"};
    // QScintilla asks upwards from 0 until a name is empty.
    return style >= 0 && style < kindCount ? QString::fromLatin1(names[static_cast<std::size_t>(style)]) : QString();
}

std::vector<EditorTokenKind> SqlLexer::kinds(const std::vector<EditorToken>& tokens, qint64 length)
{
    std::vector<EditorTokenKind> kinds(static_cast<std::size_t>(length), EditorTokenKind::Identifier);
    for (const EditorToken& token : tokens) {
        const qint64 begin = std::clamp<qint64>(token.begin, 0, length);
        const qint64 count = std::clamp<qint64>(token.length, 0, length - begin);
        std::fill_n(kinds.begin() + begin, count, token.kind);
    }
    return kinds;
}

void SqlLexer::styleText(int, int)
{
    if (!editor())
        return;
    // All of it and not the stretch asked for: an opened comment or string changes what stands on other lines.
    const QByteArray utf8 = areaUtf8(*editor());
    const std::vector<EditorTokenKind> painted =
        kinds(m_tokens ? m_tokens(utf8) : std::vector<EditorToken>(), utf8.size());
    startStyling(0);
    for (std::size_t at = 0; at < painted.size();) {
        const auto end = std::find_if(painted.begin() + static_cast<std::ptrdiff_t>(at), painted.end(),
            [kind = painted[at]](EditorTokenKind other) { return other != kind; });
        const auto next = static_cast<std::size_t>(end - painted.begin());
        setStyling(static_cast<int>(next - at), static_cast<int>(painted[at]));
        at = next;
    }
}

} // namespace weir::editor
