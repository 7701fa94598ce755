// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/hex_view.h"

#include "widgets/style/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace weir::inspector {

using style::Theme;

namespace {

constexpr int perLine = 16;
constexpr int half = 8;
constexpr int left = 12;
constexpr int fewestDigits = 4;

QChar printed(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    return code >= 0x20 && code < 0x7f ? QChar(code) : QChar(0x00b7);
}

QString hexOf(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    constexpr char16_t digits[] = u"0123456789ABCDEF";
    return QString(QChar(digits[code >> 4])) + QChar(digits[code & 15]);
}

} // namespace

HexView::HexView(QWidget* parent) : LineView(parent)
{
    setLineHeightToken(Theme::sizes().height.hexLine);
    setAccessibleName(tr("Bytes"));
    linesChanged();
}

void HexView::setBytes(const QByteArray& bytes)
{
    setSource(bytes.size(), [bytes](qint64 offset, qint64 count) { return bytes.mid(offset, count); });
}

void HexView::setSource(qint64 size, Lookup lookup)
{
    m_size = std::max<qint64>(size, 0);
    m_lookup = std::move(lookup);
    m_framing = {};
    m_selection = {};
    m_anchor = m_caret = -1;
    verticalScrollBar()->setValue(0);
    linesChanged();
}

void HexView::setFraming(const ByteSpan& framing)
{
    m_framing = framing;
    viewport()->update();
}

void HexView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

void HexView::setSelection(const ByteSpan& selection)
{
    m_selection.first = std::clamp<qint64>(selection.first, 0, m_size);
    m_selection.end = std::clamp<qint64>(selection.end, m_selection.first, m_size);
    m_anchor = m_selection.isEmpty() ? -1 : m_selection.first;
    m_caret = m_selection.isEmpty() ? -1 : m_selection.end - 1;
    if (!m_selection.isEmpty()) {
        showLine((m_selection.end - 1) / perLine);
        showLine(m_selection.first / perLine);
    }
    viewport()->update();
}

qint64 HexView::lineCount() const
{
    return (m_size + perLine - 1) / perLine;
}

int HexView::headHeight() const
{
    return lineHeight() + 2;
}

HexView::Places HexView::places() const
{
    Places places;
    places.cell = QFontMetricsF(Theme::fonts().data).horizontalAdvance(QLatin1Char('0'));
    for (qint64 last = (m_size > 0 ? m_size - 1 : 0) >> (4 * fewestDigits); last > 0; last >>= 4)
        ++places.digits;
    places.hex = left + places.cell * (places.digits + 3);
    places.text = hexX(places, perLine - 1) + places.cell * 5;
    return places;
}

qreal HexView::hexX(const Places& places, int column)
{
    return places.hex + places.cell * (3 * column + (column >= half ? 1 : 0));
}

int HexView::contentWidth() const
{
    const Places at = places();
    return static_cast<int>(std::ceil(at.text + at.cell * (perLine + 1)));
}

void HexView::paintHead(QPainter& painter)
{
    const Places at = places();
    const qreal shift = -horizontalScrollBar()->value();
    const QRectF head(0, 0, viewport()->width(), headHeight());
    painter.fillRect(head, Theme::current().color.bg.well);
    painter.setFont(Theme::fonts().data);
    painter.setPen(Theme::current().color.text.muted);
    for (int column = 0; column < perLine; ++column) {
        const QRectF place(shift + hexX(at, column), 0, at.cell * 3, headHeight());
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, hexOf(static_cast<char>(column)));
    }
}

void HexView::paintLines(QPainter& painter, qint64 first, int count)
{
    if (m_size == 0 || !m_lookup) {
        painter.setFont(Theme::fonts().dataItalic);
        painter.setPen(Theme::current().color.text.muted);
        painter.drawText(
            viewport()->rect().adjusted(left, headHeight(), 0, 0), Qt::AlignLeft | Qt::AlignTop, m_emptyText);
        return;
    }
    painter.setFont(Theme::fonts().data);
    const QByteArray bytes =
        m_lookup(first * perLine, std::min<qint64>(qint64(count) * perLine, m_size - first * perLine));
    for (int i = 0; i < count; ++i) {
        const QRect rect = rectOf(first + i);
        paintMarked(painter, first + i, rect);
        paintBytes(painter, rect, first + i, bytes.mid(qsizetype(i) * perLine, perLine));
    }
}

void HexView::paintMarked(QPainter& painter, qint64 line, const QRect& rect) const
{
    const qint64 begin = std::max(m_selection.first, line * perLine) - line * perLine;
    const qint64 end = std::min(m_selection.end, (line + 1) * perLine) - line * perLine;
    if (begin >= end)
        return;
    const Places at = places();
    const QColor& accent = Theme::current().color.accent.base;
    const qreal hexLeft = rect.left() + hexX(at, static_cast<int>(begin)) - 2;
    const qreal hexRight = rect.left() + hexX(at, static_cast<int>(end - 1)) + 2 * at.cell + 2;
    painter.fillRect(QRectF(hexLeft, rect.top() + 1, hexRight - hexLeft, rect.height() - 2), accent);
    const qreal textLeft = rect.left() + at.text + at.cell * static_cast<qreal>(begin);
    painter.fillRect(
        QRectF(textLeft, rect.top() + 1, at.cell * static_cast<qreal>(end - begin), rect.height() - 2), accent);
}

void HexView::paintBytes(QPainter& painter, const QRect& rect, qint64 line, const QByteArray& bytes) const
{
    const style::Colors& color = Theme::current().color;
    const Places at = places();
    const QFontMetricsF metrics(Theme::fonts().data);
    const qreal baseline = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent();
    painter.setPen(color.text.muted);
    const QString offset = QString::number(line * perLine, 16).toUpper().rightJustified(at.digits, QLatin1Char('0'));
    painter.drawText(QPointF(rect.left() + left, baseline), offset);
    for (int column = 0; column < bytes.size(); ++column) {
        const qint64 byte = line * perLine + column;
        const bool chosen = byte >= m_selection.first && byte < m_selection.end;
        const bool framing = byte >= m_framing.first && byte < m_framing.end;
        const QChar shown = printed(bytes[column]);
        painter.setPen(chosen ? color.text.onAccent : framing ? color.text.muted : color.text.primary);
        painter.drawText(QPointF(rect.left() + hexX(at, column), baseline), hexOf(bytes[column]));
        if (!chosen && shown == QChar(0x00b7))
            painter.setPen(color.text.muted);
        painter.drawText(QPointF(rect.left() + at.text + at.cell * column, baseline), QString(shown));
    }
}

qint64 HexView::byteAt(const QPoint& position) const
{
    const qint64 line = lineAtY(position.y());
    if (position.y() < headHeight() || line < 0 || line >= lineCount())
        return -1;
    const Places at = places();
    const qreal x = position.x() + horizontalScrollBar()->value();
    int column = -1;
    if (x >= at.text && x < at.text + at.cell * perLine) {
        column = static_cast<int>((x - at.text) / at.cell);
    } else {
        for (int i = 0; i < perLine; ++i) {
            if (x >= hexX(at, i) - at.cell / 2 && x < hexX(at, i) + at.cell * 2.5)
                column = i;
        }
    }
    const qint64 byte = line * perLine + column;
    return column >= 0 && byte < m_size ? byte : -1;
}

void HexView::moveTo(qint64 byte, bool extend)
{
    if (m_size == 0)
        return;
    m_caret = std::clamp<qint64>(byte, 0, m_size - 1);
    if (!extend || m_anchor < 0)
        m_anchor = m_caret;
    m_selection = {std::min(m_anchor, m_caret), std::max(m_anchor, m_caret) + 1};
    showLine(m_caret / perLine);
    viewport()->update();
    emit selectionChanged(m_selection);
}

void HexView::keyPressEvent(QKeyEvent* event)
{
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    const qint64 page = qint64(std::max(visibleLines() - 1, 1)) * perLine;
    const qint64 caret = std::max<qint64>(m_caret, 0);
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(selectedHex());
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        moveTo(m_size - 1, true);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        return moveTo(caret - 1, extend);
    case Qt::Key_Right:
        return moveTo(m_caret < 0 ? 0 : caret + 1, extend);
    case Qt::Key_Up:
        return moveTo(caret >= perLine ? caret - perLine : caret, extend);
    case Qt::Key_Down:
        return moveTo(caret + perLine < m_size ? caret + perLine : caret, extend);
    case Qt::Key_PageUp:
        return moveTo(caret - page, extend);
    case Qt::Key_PageDown:
        return moveTo(caret + page, extend);
    case Qt::Key_Home:
        return moveTo(0, extend);
    case Qt::Key_End:
        return moveTo(m_size - 1, extend);
    default:
        event->ignore();
    }
}

void HexView::mousePressEvent(QMouseEvent* event)
{
    const qint64 byte = byteAt(event->position().toPoint());
    const bool kept = event->button() == Qt::RightButton && byte >= m_selection.first && byte < m_selection.end;
    if (byte >= 0 && !kept)
        moveTo(byte, event->modifiers().testFlag(Qt::ShiftModifier));
}

void HexView::mouseMoveEvent(QMouseEvent* event)
{
    const qint64 byte = byteAt(event->position().toPoint());
    if (event->buttons().testFlag(Qt::LeftButton) && byte >= 0 && byte != m_caret)
        moveTo(byte, true);
}

void HexView::contextMenuEvent(QContextMenuEvent* event)
{
    if (!m_selection.isEmpty())
        emit bytesMenuRequested(m_selection, event->globalPos());
}

QString HexView::selectedHex() const
{
    if (m_selection.isEmpty() || !m_lookup)
        return {};
    const QByteArray bytes = m_lookup(m_selection.first, std::min(m_selection.length(), copyLimit));
    return QString::fromLatin1(bytes.toHex(' ').toUpper());
}

} // namespace weir::inspector
