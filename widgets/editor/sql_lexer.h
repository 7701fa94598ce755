// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/editor/editor_types.h"

#include <Qsci/qscilexercustom.h>

namespace weir::editor {

/// Colours the text by the tokens that the application gives; a style number is an EditorTokenKind.
class SqlLexer : public QsciLexerCustom
{
    Q_OBJECT
public:
    using Tokens = std::function<std::vector<EditorToken>(const QByteArray& utf8)>;

    explicit SqlLexer(QObject* parent);

    void setTokens(Tokens tokens);
    /// Colours and fonts of the theme in force.
    void applyTheme(const QsciScintilla& area);
    /// Kind of every byte; tokens outside of the text or out of order are clamped.
    static std::vector<EditorTokenKind> kinds(const std::vector<EditorToken>& tokens, qint64 length);

    const char* language() const override;
    QString description(int style) const override;
    void styleText(int start, int end) override;

private:
    Tokens m_tokens;
};

} // namespace weir::editor
