// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/row_table.h"

#include "widgets/tables/table_header.h"

#include <QAccessible>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace weir::tables {

namespace {

constexpr int degreesOfNotch = 120;
constexpr int rowsOfNotch = 3;
constexpr int copyStep = 1024;

QString escaped(QString text)
{
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    text.replace(QLatin1Char('\t'), QLatin1String("\\t"));
    text.replace(QLatin1Char('\n'), QLatin1String("\\n"));
    text.replace(QLatin1Char('\r'), QLatin1String("\\r"));
    return text;
}

QString messageOf(const TableRow& row)
{
    QStringList parts{row.messageLead, row.message, row.messageTrail};
    parts.removeAll(QString());
    return parts.join(QLatin1Char(' '));
}

} // namespace

qint64 RowTable::selectionFirst() const
{
    return m_current < 0 ? -1 : std::min(m_anchor, m_current);
}

qint64 RowTable::selectionCount() const
{
    return m_current < 0 ? 0 : std::abs(m_current - m_anchor) + 1;
}

void RowTable::setCurrentRow(qint64 row)
{
    if (row < 0 || !m_rows || m_rows->endRow() <= m_rows->firstRow()) {
        select(-1, false);
        return;
    }
    select(std::clamp(row, m_rows->firstRow(), m_rows->endRow() - 1), false);
    scrollTo(m_current);
}

void RowTable::select(qint64 row, bool extend)
{
    const qint64 before = m_current;
    m_current = row;
    if (!extend || m_anchor < 0 || row < 0)
        m_anchor = row;
    if (row >= 0)
        setFollowing(false);
    viewport()->update();
    if (before == row)
        return;
    announce();
    emit currentRowChanged(row);
}

void RowTable::announce()
{
    if (!QAccessible::isActive())
        return;
    setAccessibleDescription(m_current < 0 ? QString() : textOf(m_current, 1));
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

void RowTable::selectAll()
{
    if (!m_rows || m_rows->endRow() <= m_rows->firstRow())
        return;
    m_anchor = m_rows->firstRow();
    select(m_rows->endRow() - 1, true);
}

void RowTable::shiftRows(qint64 by)
{
    if (by == 0 || !m_rows || m_current < 0)
        return;
    const qint64 last = m_rows->endRow() - 1;
    m_current = std::clamp(m_current + by, m_rows->firstRow(), last);
    m_anchor = std::clamp(m_anchor + by, m_rows->firstRow(), last);
    updateRange();
    setTop(m_top + by);
}

void RowTable::moveCurrent(qint64 row, bool extend)
{
    if (!m_rows || m_rows->endRow() <= m_rows->firstRow())
        return;
    select(std::clamp(row, m_rows->firstRow(), m_rows->endRow() - 1), extend);
    scrollTo(m_current);
}

bool RowTable::moveByKey(const QKeyEvent& event)
{
    const bool extend = event.modifiers().testFlag(Qt::ShiftModifier);
    const qint64 page = std::max(visibleRows() - 1, 1);
    // Without a current row the keys start from what is on screen.
    const qint64 bottom = m_top + std::max(visibleRows(), 1);
    switch (event.key()) {
    case Qt::Key_Up:
        moveCurrent(m_current < 0 ? bottom - 1 : m_current - 1, extend);
        return true;
    case Qt::Key_Down:
        moveCurrent(m_current < 0 ? m_top : m_current + 1, extend);
        return true;
    case Qt::Key_PageUp:
        moveCurrent((m_current < 0 ? bottom : m_current) - page, extend);
        return true;
    case Qt::Key_PageDown:
        moveCurrent((m_current < 0 ? m_top : m_current) + page, extend);
        return true;
    case Qt::Key_Home:
        moveCurrent(m_rows ? m_rows->firstRow() : 0, extend);
        return true;
    case Qt::Key_End:
        if (extend) {
            moveCurrent(m_rows ? m_rows->endRow() - 1 : 0, true);
        } else {
            select(-1, false);
            setFollowing(true);
        }
        return true;
    default:
        return false;
    }
}

void RowTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
    } else if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (m_current < 0 || event->modifiers().testFlag(Qt::ControlModifier))
            event->ignore();
        else
            emit activated(currentCell());
    } else if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        QScrollBar* bar = horizontalScrollBar();
        bar->triggerAction(
            event->key() == Qt::Key_Left ? QAbstractSlider::SliderSingleStepSub : QAbstractSlider::SliderSingleStepAdd);
    } else if (!moveByKey(*event)) {
        // Not QAbstractScrollArea's own: letters and Space belong to the owner's shortcuts.
        event->ignore();
    }
}

qint64 RowTable::rowAt(const QPoint& position) const
{
    if (!m_rows || position.y() < 0)
        return -1;
    const qint64 row = m_top + position.y() / m_painter.rowHeight();
    return row >= m_rows->firstRow() && row < m_rows->endRow() ? row : -1;
}

TableCellAt RowTable::cellIn(const TableRow& row, qint64 number, int column) const
{
    TableCellAt cell{number, {}, messageOf(row)};
    if (column < 0 || column >= m_header->count())
        return cell;
    const auto logical = static_cast<std::size_t>(column);
    const TableColumn& described = m_header->columns()[logical];
    const bool hasCell = logical < row.cells.size();
    const bool covered = row.span == MessageSpan::All || (row.span == MessageSpan::Fields && described.field)
        || (row.span == MessageSpan::AfterFirst && !hasCell);
    if (covered)
        return cell;
    return {number, described.id, hasCell ? row.cells[logical].text : QString()};
}

TableCellAt RowTable::cellAt(qint64 row, int x) const
{
    const std::vector<TableRow> found = rowsOnScreen(row, 1);
    if (found.empty())
        return {};
    const std::vector<VisibleColumn> visible = visibleColumns();
    const auto column = std::find_if(visible.begin(), visible.end(),
        [x](const VisibleColumn& place) { return x >= place.x && x < place.x + place.width; });
    const bool inGlyph = x < m_painter.glyphWidth();
    return cellIn(found.front(), row, column == visible.end() || inGlyph ? -1 : column->logical);
}

TableCellAt RowTable::currentCell() const
{
    const std::vector<TableRow> found = m_current < 0 ? std::vector<TableRow>() : rowsOnScreen(m_current, 1);
    return found.empty() ? TableCellAt{} : cellIn(found.front(), m_current, m_currentColumn);
}

void RowTable::mousePressEvent(QMouseEvent* event)
{
    const qint64 row = rowAt(event->position().toPoint());
    if (row < 0 || (event->button() != Qt::LeftButton && event->button() != Qt::RightButton))
        return;
    const int x = event->position().toPoint().x();
    m_currentColumn = -1;
    for (const VisibleColumn& place : visibleColumns()) {
        if (x >= m_painter.glyphWidth() && x >= place.x && x < place.x + place.width)
            m_currentColumn = place.logical;
    }
    const bool inSelection = row >= selectionFirst() && row < selectionFirst() + selectionCount();
    if (event->button() == Qt::RightButton && inSelection)
        return; // a menu for the rows that are selected
    select(row, event->modifiers().testFlag(Qt::ShiftModifier));
}

void RowTable::mouseMoveEvent(QMouseEvent* event)
{
    if (!event->buttons().testFlag(Qt::LeftButton) || m_current < 0)
        return;
    const int y = event->position().toPoint().y();
    const int height = m_painter.rowHeight();
    moveCurrent(m_top + (y < 0 ? -1 : y / height), true);
}

void RowTable::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QPoint position = event->position().toPoint();
    const qint64 row = rowAt(position);
    if (row >= 0 && event->button() == Qt::LeftButton)
        emit activated(cellAt(row, position.x()));
}

void RowTable::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        if (m_current < 0)
            return;
        const int y = static_cast<int>(std::clamp<qint64>(m_current - m_top, 0, visibleRows())) * m_painter.rowHeight();
        emit cellMenuRequested(currentCell(), viewport()->mapToGlobal(QPoint(m_painter.glyphWidth(), y)));
        return;
    }
    const qint64 row = rowAt(event->pos());
    if (row >= 0)
        emit cellMenuRequested(cellAt(row, event->pos().x()), event->globalPos());
}

void RowTable::wheelEvent(QWheelEvent* event)
{
    const QPoint turned = event->angleDelta();
    if (std::abs(turned.x()) > std::abs(turned.y()) || event->modifiers().testFlag(Qt::ShiftModifier)) {
        const int by = turned.x() != 0 ? turned.x() : turned.y();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - by / 2);
        return;
    }
    m_wheelRest += turned.y() * rowsOfNotch;
    const int rows = m_wheelRest / degreesOfNotch;
    m_wheelRest -= rows * degreesOfNotch;
    if (rows != 0)
        scrolledByUser(m_top - rows);
}

void RowTable::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void RowTable::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

QString RowTable::textOf(qint64 first, qint64 count) const
{
    QString text;
    const std::vector<VisibleColumn> visible = visibleColumns();
    if (!m_rows)
        return text;
    const qint64 end = std::min(first + std::min(count, copyLimit), m_rows->endRow());
    for (qint64 begin = std::max(first, m_rows->firstRow()); begin < end; begin += copyStep) {
        const int step = static_cast<int>(std::min<qint64>(copyStep, end - begin));
        for (const TableRow& row : m_rows->rowsToCopy(begin, step)) {
            QStringList cells;
            bool toldMessage = row.span == MessageSpan::None;
            for (const VisibleColumn& place : visible) {
                const TableCellAt cell = cellIn(row, 0, place.logical);
                if (!cell.columnId.isEmpty())
                    cells.append(escaped(cell.text));
                else if (!std::exchange(toldMessage, true))
                    cells.append(escaped(cell.text));
            }
            if (!toldMessage)
                cells.append(escaped(messageOf(row)));
            text += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
    }
    return text;
}

void RowTable::copySelection()
{
    const qint64 selected = selectionCount();
    if (selected == 0)
        return;
    const qint64 count = std::min(selected, copyLimit);
    QGuiApplication::clipboard()->setText(textOf(selectionFirst(), count));
    emit copied(count, selected);
}

} // namespace weir::tables
