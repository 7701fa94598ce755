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

namespace weir::editor {

namespace {

bool isWordByte(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    return code >= 0x80 || (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z')
        || code == '_' || code == '$';
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
    if (m_popup->isVisible())
        refreshCompletion(false);
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
    if (items.size() == 1 && insertSingle) {
        insertCompletion(items.front().text);
        return;
    }
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

bool SqlEditor::keyForPopup(const QKeyEvent& event)
{
    switch (event.key()) {
    case Qt::Key_Up:
        m_popup->move(-1);
        return true;
    case Qt::Key_Down:
        m_popup->move(1);
        return true;
    case Qt::Key_PageUp:
        m_popup->move(-9);
        return true;
    case Qt::Key_PageDown:
        m_popup->move(9);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
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
        if (watched == m_area && keyPressed(*static_cast<QKeyEvent*>(event)))
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
