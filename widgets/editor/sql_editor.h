// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/editor/editor_types.h"

#include <QWidget>

class QKeyEvent;
class QsciScintilla;

namespace weir::editor {

class CompletionPopup;
class ProblemsBar;
class SqlLexer;

/// An SQL editor with colours, problems under it and completion. Knows nothing of SQL itself: EditorLanguage does.
/// Text is UTF-8 inside; all offsets are bytes of text().toUtf8(). GUI thread only.
class SqlEditor : public QWidget
{
    Q_OBJECT
public:
    explicit SqlEditor(QWidget* parent = nullptr);
    ~SqlEditor() override;

    void setLanguage(EditorLanguage language);
    QString text() const;
    QByteArray utf8() const;
    /// Replaces all; undo starts anew, isModified() is false afterwards.
    void setText(const QString& text);
    bool isModified() const;
    void markSaved(); ///< isModified() is false from here on
    void setReadOnly(bool readOnly);

    /// Squiggles, hover texts, margin glyphs and the bar below. Spans outside of the text are clamped.
    void setProblems(std::vector<EditorProblem> problems);
    const std::vector<EditorProblem>& problems() const { return m_problems; }
    /// Puts the cursor on the next (or previous) problem after the cursor, round the end. False: there is none.
    bool goToNextProblem(bool forward = true);
    /// Words in place of "No problems", e.g. while a check is under way. Empty: the usual ones.
    void setStatusText(const QString& text);
    QString statusText() const; ///< as it stands under the text: "No problems", "1 error"

    qint64 cursorOffset() const; ///< in bytes
    void setCursorOffset(qint64 offset);
    struct Position
    {
        int line = 1; ///< from 1
        int column = 1; ///< from 1, in code points
        bool operator==(const Position&) const = default;
    };
    Position positionOf(qint64 offset) const;
    qint64 offsetOf(const Position& position) const; ///< clamped to the text

    /// Replaces bytes [begin, begin + length) as one undo step, for fixes and formatters.
    void replaceBytes(qint64 begin, qint64 length, const QString& text);
    /// Puts "-- " in front of the selected lines, or takes it away if all have it.
    void toggleComment();
    void complete(); ///< opens the completion list, inserts at once if there is only one
    QString selectedText() const;

    /// Colour kind of each byte as painted, for tests and for copying as coloured text.
    std::vector<EditorTokenKind> paintedKinds() const;
    QsciScintilla* area() const { return m_area; } ///< the text area, for focus and fonts

signals:
    void textChanged(); ///< once per change, not per frame
    void cursorMoved(int line, int column); ///< from 1, code points
    void runRequested(); ///< Ctrl+Return
    void runAllRequested(); ///< Ctrl+Shift+Return
    void stopRequested(); ///< Esc, when no list is open
    void fixRequested(int problem); ///< Alt+Return on a problem: its index in problems()

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void setUpArea();
    void setUpIndicators();
    void watchArea();
    void applyTheme();
    void applyMargins();
    void cursorChanged();
    void changed();
    void drawProblems();
    QString hoverText(const QPoint& position) const;
    bool keyPressed(const QKeyEvent& event);
    static bool isOwnKey(const QKeyEvent& event);
    bool keyForPopup(const QKeyEvent& event);
    void moveInPopup(int key);
    void refreshCompletion(bool insertSingle);
    void offerCompletion();
    void showCompletions(const std::vector<CompletionItem>& items, qint64 begin);
    void insertCompletion(const QString& text);
    qint64 length() const;
    qint64 wordBegin(const QByteArray& utf8, qint64 position) const;
    int problemAt(qint64 offset) const; ///< -1: none

    QsciScintilla* m_area = nullptr;
    SqlLexer* m_lexer = nullptr;
    ProblemsBar* m_bar = nullptr;
    CompletionPopup* m_popup = nullptr;
    bool m_typing = false; ///< a letter of a word is being typed
    bool m_offered = false; ///< the list came by itself, and nothing in it was chosen yet
    EditorLanguage m_language;
    std::vector<EditorProblem> m_problems;
};

} // namespace weir::editor
