// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/area_text.h"
#include "widgets/editor/completion_popup.h"
#include "widgets/editor/problems_bar.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/editor/utf8_places.h"

#include <Qsci/qsciscintilla.h>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace weir::editor {

namespace {

constexpr qsizetype offeredFrom = 2; ///< letters of a word
constexpr qsizetype offeredBytes = 32 * 1024; ///< of a text; a longer one is parsed only when asked for

bool isWordByte(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    return code >= 0x80 || (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z')
        || code == '_' || code == '$';
}

/// In a comment or a text nobody wants names.
bool isProse(const EditorLanguage& language, const QByteArray& utf8, qint64 position)
{
    if (!language.tokens)
        return false;
    const std::vector<EditorToken> tokens = language.tokens(utf8);
    return std::any_of(tokens.begin(), tokens.end(), [position](const EditorToken& token) {
        const bool prose = token.kind == EditorTokenKind::Comment || token.kind == EditorTokenKind::String;
        return prose && token.begin <= position && position < token.begin + token.length;
    });
}

bool typesWord(const QKeyEvent& event)
{
    const QByteArray text = event.text().toUtf8();
    const bool plain = !(event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    return plain && !text.isEmpty() && isWordByte(text[0]);
}

} // namespace

qint64 SqlEditor::cursorOffset() const
{
    return m_area->SendScintilla(QsciScintilla::SCI_GETCURRENTPOS);
}

void SqlEditor::setCursorOffset(qint64 offset)
{
    const qint64 at = std::clamp<qint64>(offset, 0, length());
    m_area->SendScintilla(QsciScintilla::SCI_GOTOPOS, static_cast<unsigned long>(at));
}

SqlEditor::Position SqlEditor::positionOf(qint64 offset) const
{
    const Place place = placeOf(utf8(), offset);
    return {place.line, place.column};
}

qint64 SqlEditor::offsetOf(const Position& position) const
{
    return editor::offsetOf(utf8(), {position.line, position.column});
}

void SqlEditor::replaceBytes(qint64 begin, qint64 count, const QString& text)
{
    const qint64 first = std::clamp<qint64>(begin, 0, length());
    const qint64 last = std::clamp<qint64>(first + count, first, length());
    const QByteArray bytes = text.toUtf8();
    m_area->SendScintilla(QsciScintilla::SCI_SETTARGETSTART, static_cast<unsigned long>(first));
    m_area->SendScintilla(QsciScintilla::SCI_SETTARGETEND, static_cast<unsigned long>(last));
    m_area->SendScintilla(
        QsciScintilla::SCI_REPLACETARGET, static_cast<unsigned long>(bytes.size()), bytes.constData());
    setCursorOffset(first + bytes.size());
}

void SqlEditor::toggleComment()
{
    const qint64 from = m_area->SendScintilla(QsciScintilla::SCI_GETSELECTIONSTART);
    const qint64 to = m_area->SendScintilla(QsciScintilla::SCI_GETSELECTIONEND);
    const QByteArray whole = utf8();
    const auto [begin, end] = wholeLines(whole, from, to);
    const QByteArray before = whole.mid(begin, end - begin);
    const QByteArray after = toggledComment(before);
    if (after == before)
        return;
    replaceBytes(begin, end - begin, QString::fromUtf8(after));
    if (from == to)
        setCursorOffset(std::max(begin, from + after.size() - before.size()));
    else
        m_area->SendScintilla(QsciScintilla::SCI_SETSEL, static_cast<unsigned long>(begin), long(begin + after.size()));
}

void SqlEditor::cursorChanged()
{
    const Position at = positionOf(cursorOffset());
    m_bar->setCursor(at.line, at.column);
    emit cursorMoved(at.line, at.column);
}

void SqlEditor::changed()
{
    if (m_popup->isVisible() && !m_offered)
        refreshCompletion(false);
    else if (!m_typing)
        m_popup->hide(); // what is typed is offered for once the cursor stands behind it
    emit textChanged();
}

qint64 SqlEditor::wordBegin(const QByteArray& whole, qint64 position) const
{
    qint64 begin = position;
    while (begin > 0 && isWordByte(whole[begin - 1]))
        --begin;
    return begin;
}

void SqlEditor::complete()
{
    refreshCompletion(true);
}

void SqlEditor::refreshCompletion(bool insertSingle)
{
    if (!m_language.complete || m_area->isReadOnly())
        return;
    const QByteArray whole = utf8();
    const qint64 position = cursorOffset();
    const qint64 begin = wordBegin(whole, position);
    const std::vector<CompletionItem> items = m_language.complete(whole, whole.mid(begin, position - begin), position);
    m_offered = false;
    if (items.size() == 1 && insertSingle) {
        insertCompletion(items.front().text);
        return;
    }
    showCompletions(items, begin);
}

/// The list by itself, once two letters of a word stand there and something else than that word is known.
void SqlEditor::offerCompletion()
{
    const QByteArray whole = utf8();
    const qint64 position = cursorOffset();
    const qint64 begin = wordBegin(whole, position);
    const QByteArray prefix = whole.mid(begin, position - begin);
    const bool isWord = prefix.size() >= offeredFrom && !(prefix[0] >= '0' && prefix[0] <= '9');
    std::vector<CompletionItem> items;
    if (isWord && m_language.complete && !m_area->isReadOnly() && whole.size() <= offeredBytes
        && !isProse(m_language, whole, begin))
        items = m_language.complete(whole, prefix, position);
    const QString word = QString::fromUtf8(prefix);
    if (items.empty() || (items.size() == 1 && items.front().text.compare(word, Qt::CaseInsensitive) == 0)) {
        m_popup->hide();
        return;
    }
    m_offered = true;
    showCompletions(items, begin);
}

void SqlEditor::showCompletions(const std::vector<CompletionItem>& items, qint64 begin)
{
    const auto at = static_cast<long>(begin);
    const auto x = static_cast<int>(m_area->SendScintilla(QsciScintilla::SCI_POINTXFROMPOSITION, 0UL, at));
    const auto y = static_cast<int>(m_area->SendScintilla(QsciScintilla::SCI_POINTYFROMPOSITION, 0UL, at));
    const auto height = static_cast<int>(m_area->SendScintilla(QsciScintilla::SCI_TEXTHEIGHT, 0UL));
    m_popup->showItems(items, QRect(m_area->viewport()->mapToGlobal(QPoint(x, y)), QSize(1, height)));
}

void SqlEditor::insertCompletion(const QString& text)
{
    m_popup->hide();
    const qint64 position = cursorOffset();
    const qint64 begin = wordBegin(utf8(), position);
    replaceBytes(begin, position - begin, text);
}

bool SqlEditor::isOwnKey(const QKeyEvent& event)
{
    const bool control = event.modifiers().testFlag(Qt::ControlModifier);
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return control || event.modifiers().testFlag(Qt::AltModifier);
    case Qt::Key_Space:
    case Qt::Key_Slash:
        return control;
    case Qt::Key_Escape:
    case Qt::Key_F8:
        return true;
    default:
        return false;
    }
}

void SqlEditor::moveInPopup(int key)
{
    constexpr int page = 9;
    const bool first = std::exchange(m_offered, false); // the first step down chooses the first
    if (key == Qt::Key_Up)
        m_popup->move(-1);
    else if (key == Qt::Key_Down)
        m_popup->move(first ? 0 : 1);
    else
        m_popup->move(key == Qt::Key_PageUp ? -page : page);
}

bool SqlEditor::keyForPopup(const QKeyEvent& event)
{
    switch (event.key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        moveInPopup(event.key());
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (std::exchange(m_offered, false)) { // who types on wants a new line
            m_popup->hide();
            return false;
        }
        [[fallthrough]];
    case Qt::Key_Tab:
        if (event.modifiers() != Qt::NoModifier && event.modifiers() != Qt::KeypadModifier)
            return false;
        insertCompletion(m_popup->chosen());
        return true;
    case Qt::Key_Escape:
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Home:
    case Qt::Key_End:
        m_popup->hide();
        return event.key() == Qt::Key_Escape;
    default:
        return false;
    }
}

bool SqlEditor::keyPressed(const QKeyEvent& event)
{
    if (m_popup->isVisible() && keyForPopup(event))
        return true;
    if (!isOwnKey(event))
        return false;
    switch (event.key()) {
    case Qt::Key_Space:
        complete();
        return true;
    case Qt::Key_Slash:
        toggleComment();
        return true;
    case Qt::Key_Escape:
        emit stopRequested();
        return true;
    case Qt::Key_F8:
        goToNextProblem(!event.modifiers().testFlag(Qt::ShiftModifier));
        return true;
    default:
        break;
    }
    if (event.modifiers().testFlag(Qt::ControlModifier)) {
        if (event.modifiers().testFlag(Qt::ShiftModifier))
            emit runAllRequested();
        else
            emit runRequested();
        return true;
    }
    const int problem = problemAt(cursorOffset());
    if (problem >= 0)
        emit fixRequested(problem);
    return true;
}

bool SqlEditor::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::ShortcutOverride:
        // The window has shortcuts of its own for some of these; in here they are the editor's.
        if (watched == m_area && isOwnKey(*static_cast<QKeyEvent*>(event))) {
            event->accept();
            return true;
        }
        break;
    case QEvent::KeyPress:
        if (watched != m_area)
            break;
        m_typing = typesWord(*static_cast<QKeyEvent*>(event));
        if (keyPressed(*static_cast<QKeyEvent*>(event)))
            return true;
        break;
    case QEvent::FocusOut:
        if (watched == m_area)
            m_popup->hide();
        break;
    case QEvent::ToolTip: {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString words = hoverText(help->pos());
        // A message quotes the script; escaped, so that no tag in it is obeyed.
        const QString plain = QStringLiteral("<p style=\"white-space: pre-wrap\">%1</p>").arg(words.toHtmlEscaped());
        QToolTip::showText(help->globalPos(), words.isEmpty() ? QString() : plain, m_area);
        return true;
    }
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace weir::editor
