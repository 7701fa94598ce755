// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/sql_editor.h"

#include "widgets/editor/area_text.h"
#include "widgets/editor/completion_popup.h"
#include "widgets/editor/editor_marks.h"
#include "widgets/editor/problems_bar.h"
#include "widgets/editor/sql_lexer.h"
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <Qsci/qsciscintilla.h>

#include <QFontMetrics>
#include <QVBoxLayout>

#include <algorithm>

namespace weir::editor {

using style::Theme;

SqlEditor::SqlEditor(QWidget* parent)
    : QWidget(parent), m_area(new QsciScintilla(this)), m_lexer(new SqlLexer(m_area)), m_bar(new ProblemsBar(this)),
      m_popup(new CompletionPopup(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_area, 1);
    layout->addWidget(m_bar);
    setFocusProxy(m_area);
    setUpArea();
    setUpIndicators();
    watchArea();
    applyTheme();
}

SqlEditor::~SqlEditor() = default;

void SqlEditor::setUpArea()
{
    m_area->setUtf8(true);
    m_area->setEolMode(QsciScintilla::EolUnix);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setLexer(m_lexer);
    m_area->setTabWidth(2);
    m_area->setIndentationsUseTabs(false);
    m_area->setAutoIndent(true);
    m_area->setBraceMatching(QsciScintilla::SloppyBraceMatch);
    m_area->setCaretLineVisible(true);
    m_area->setAccessibleName(tr("SQL"));
    m_area->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTH, 1);
    m_area->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTHTRACKING, true);
    // The wider of what a line needs: long scripts should not leave a page of nothing below.
    m_area->SendScintilla(QsciScintilla::SCI_SETENDATLASTLINE, true);
    m_area->setMarginType(marks::glyphMargin, QsciScintilla::SymbolMargin);
    m_area->setMarginType(marks::numberMargin, QsciScintilla::NumberMargin);
    m_area->setMarginMarkerMask(marks::glyphMargin, (1 << marks::severities) - 1);
    m_area->setMarginMarkerMask(marks::numberMargin, 0);
    m_area->setMarginType(marks::gapMargin, QsciScintilla::SymbolMarginDefaultBackgroundColor);
    m_area->setMarginMarkerMask(marks::gapMargin, 0);
    m_area->setMarginWidth(marks::gapMargin, 14);
}

void SqlEditor::setUpIndicators()
{
    for (int severity = 0; severity < marks::severities; ++severity)
        m_area->indicatorDefine(QsciScintilla::SquiggleIndicator, marks::firstIndicator + severity);
}

void SqlEditor::watchArea()
{
    m_area->installEventFilter(this);
    m_area->viewport()->installEventFilter(this);
    connect(m_area, &QsciScintilla::textChanged, this, [this] { changed(); });
    connect(m_area, &QsciScintillaBase::SCN_CHARADDED, this, [this] {
        if (m_typing && (m_offered || !m_popup->isVisible()))
            offerCompletion();
    });
    connect(m_area, &QsciScintilla::cursorPositionChanged, this, [this] { cursorChanged(); });
    connect(m_area, &QsciScintilla::linesChanged, this, [this] { applyMargins(); });
    connect(m_popup, &CompletionPopup::picked, this, [this](const QString& text) { insertCompletion(text); });
    connect(m_bar, &ProblemsBar::clicked, this, [this](int problem) {
        setCursorOffset(m_problems[static_cast<std::size_t>(problem)].offset);
        m_area->setFocus();
    });
    connect(&style::ThemeSwitch::instance(), &style::ThemeSwitch::changed, this, [this] { applyTheme(); });
}

void SqlEditor::applyTheme()
{
    const style::Colors& color = Theme::current().color;
    m_lexer->applyTheme(*m_area);
    m_area->setPaper(color.bg.well);
    m_area->setCaretForegroundColor(color.text.primary);
    m_area->setCaretLineBackgroundColor(color.bg.wellAlt);
    m_area->setSelectionBackgroundColor(color.selection.bg);
    m_area->resetSelectionForegroundColor();
    m_area->setMatchedBraceForegroundColor(color.accent.base);
    m_area->setMatchedBraceBackgroundColor(color.accent.tint);
    m_area->setUnmatchedBraceForegroundColor(color.state.error);
    m_area->setUnmatchedBraceBackgroundColor(color.state.errorTint);
    m_area->setMarginsFont(inPoints(Theme::fonts().data, *m_area));
    m_area->setMarginsForegroundColor(color.text.muted);
    m_area->setMarginsBackgroundColor(color.bg.header);
    const QColor ink[marks::severities]{color.state.error, color.state.warn, color.state.info};
    const style::Icon icons[marks::severities]{style::Icon::Error, style::Icon::Warning, style::Icon::Info};
    for (int severity = 0; severity < marks::severities; ++severity) {
        m_area->setIndicatorForegroundColor(ink[severity], marks::firstIndicator + severity);
        m_area->markerDefine(style::pixmap(icons[severity], ink[severity], Theme::sizes().icon.inlined), severity);
    }
    const int spare = std::max(Theme::sizes().height.editorLine - QFontMetrics(Theme::fonts().data).height(), 0);
    m_area->SendScintilla(QsciScintilla::SCI_SETEXTRAASCENT, spare - spare / 2);
    m_area->SendScintilla(QsciScintilla::SCI_SETEXTRADESCENT, spare / 2);
    applyMargins();
    m_area->recolor();
    m_bar->update();
}

void SqlEditor::applyMargins()
{
    m_area->setMarginWidth(marks::glyphMargin, Theme::sizes().icon.inlined + 6);
    const int digits = std::max<int>(2, static_cast<int>(QString::number(m_area->lines()).size()));
    m_area->setMarginWidth(marks::numberMargin, QString(digits + 1, QLatin1Char('0')));
}

void SqlEditor::setLanguage(EditorLanguage language)
{
    m_language = std::move(language);
    m_lexer->setTokens(m_language.tokens);
    m_area->recolor();
}

QString SqlEditor::text() const
{
    return QString::fromUtf8(utf8());
}

QByteArray SqlEditor::utf8() const
{
    return areaUtf8(*m_area);
}

qint64 SqlEditor::length() const
{
    return m_area->SendScintilla(QsciScintilla::SCI_GETLENGTH);
}

void SqlEditor::setText(const QString& text)
{
    // Scintilla takes a NUL for the end of the text; no script has one, but a damaged document may.
    QString whole = text;
    whole.replace(QChar(0), QChar(QChar::ReplacementCharacter));
    m_popup->hide();
    setProblems({});
    m_area->setText(whole);
    m_area->SendScintilla(QsciScintilla::SCI_EMPTYUNDOBUFFER);
    m_area->setModified(false);
    setCursorOffset(0);
}

bool SqlEditor::isModified() const
{
    return m_area->isModified();
}

void SqlEditor::markSaved()
{
    m_area->setModified(false);
}

void SqlEditor::setReadOnly(bool readOnly)
{
    m_area->setReadOnly(readOnly);
}

QString SqlEditor::selectedText() const
{
    return m_area->selectedText();
}

void SqlEditor::setStatusText(const QString& text)
{
    m_bar->setStatusText(text);
}

QString SqlEditor::statusText() const
{
    return m_bar->statusText();
}

std::vector<EditorTokenKind> SqlEditor::paintedKinds() const
{
    m_area->SendScintilla(QsciScintilla::SCI_COLOURISE, 0, -1L);
    std::vector<EditorTokenKind> kinds;
    for (qint64 at = 0; at < length(); ++at) {
        const long style = m_area->SendScintilla(QsciScintilla::SCI_GETSTYLEAT, static_cast<unsigned long>(at));
        kinds.push_back(static_cast<EditorTokenKind>(style));
    }
    return kinds;
}

} // namespace weir::editor
