// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/field_list.h"

#include "widgets/inspector/line_text.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace weir::inspector {

using style::Theme;

namespace {

constexpr int padding = 10;
constexpr int gap = 6;
constexpr int mostHintRows = 12;
constexpr std::size_t mostMeasured = 64;
constexpr qsizetype longestName = 64;

QColor colorOf(FieldText::Look look)
{
    const style::Colors& color = Theme::current().color;
    switch (look) {
    case FieldText::Look::Data:
    case FieldText::Look::Words:
        break;
    case FieldText::Look::Muted:
    case FieldText::Look::Null:
        return color.text.muted;
    case FieldText::Look::Accent:
        return color.accent.base;
    case FieldText::Look::Warn:
        return color.state.warn;
    case FieldText::Look::Error:
        return color.state.error;
    }
    return color.text.primary;
}

const QFont& fontOf(FieldText::Look look)
{
    if (look == FieldText::Look::Words)
        return Theme::fonts().ui;
    return look == FieldText::Look::Null ? Theme::fonts().dataItalic : Theme::fonts().data;
}

} // namespace

FieldList::FieldList(QWidget* parent) : LineView(parent)
{
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Fields"));
    linesChanged();
}

void FieldList::setRows(std::vector<FieldRow> rows)
{
    m_rows = std::move(rows);
    m_current = -1;
    linesChanged();
    updateGeometry();
}

void FieldList::setCurrentRow(int row)
{
    const int before = std::exchange(m_current, std::clamp(row, -1, static_cast<int>(m_rows.size()) - 1));
    if (m_current >= 0)
        showLine(m_current);
    viewport()->update();
    if (before != m_current)
        emit currentRowChanged(m_current);
}

QString FieldList::textOf(int row) const
{
    const FieldRow& content = m_rows[static_cast<std::size_t>(row)];
    QString text = content.name + QLatin1Char('\t');
    for (std::size_t i = 0; i < content.value.size(); ++i)
        text += (i == 0 ? QString() : QStringLiteral(" ")) + content.value[i].text;
    return text;
}

QSize FieldList::sizeHint() const
{
    return {280, lineHeight() * std::clamp(static_cast<int>(m_rows.size()), 1, mostHintRows)};
}

qint64 FieldList::lineCount() const
{
    return static_cast<qint64>(m_rows.size());
}

int FieldList::nameWidth() const
{
    const QFontMetrics metrics(Theme::fonts().ui);
    int widest = metrics.averageCharWidth() * 10;
    // The first ones speak for all: thousands of headers must not be measured at every paint.
    const std::size_t measured = std::min(m_rows.size(), mostMeasured);
    for (std::size_t i = 0; i < measured; ++i) {
        if (!m_rows[i].value.empty())
            widest = std::max(widest, metrics.horizontalAdvance(paintable(m_rows[i].name.left(longestName))));
    }
    return std::min(widest, viewport()->width() * 2 / 5);
}

void FieldList::paintLines(QPainter& painter, qint64 first, int count)
{
    const int names = nameWidth();
    for (qint64 row = first; row < first + count; ++row)
        paintRow(painter, rectOf(row), static_cast<int>(row), names);
}

void FieldList::paintRow(QPainter& painter, const QRect& rect, int row, int names) const
{
    const style::Colors& color = Theme::current().color;
    const FieldRow& content = m_rows[static_cast<std::size_t>(row)];
    const bool selected = row == m_current;
    if (selected)
        painter.fillRect(rect, hasFocus() ? color.selection.bg : color.selection.inactive);
    const bool heading = content.value.empty();
    painter.setFont(heading ? Theme::fonts().strong : Theme::fonts().ui);
    painter.setPen(selected ? color.selection.text : heading ? color.text.primary : color.text.secondary);
    const int width = heading ? rect.width() - 2 * padding : names;
    paintElided(painter, {rect.left() + padding, rect.top(), width, rect.height()}, content.name, Qt::AlignLeft);
    int x = rect.left() + padding + names + 2 * padding;
    for (const FieldText& part : content.value) {
        const int room = rect.right() - gap - x;
        painter.setFont(fontOf(part.look));
        painter.setPen(selected ? color.selection.text : colorOf(part.look));
        paintElided(painter, {x, rect.top(), room, rect.height()}, part.text, Qt::AlignLeft);
        x += painter.fontMetrics().horizontalAdvance(paintable(part.text)) + gap;
    }
}

void FieldList::keyPressEvent(QKeyEvent* event)
{
    const int last = static_cast<int>(m_rows.size()) - 1;
    if (event->matches(QKeySequence::Copy) && m_current >= 0)
        QGuiApplication::clipboard()->setText(textOf(m_current));
    else if (event->key() == Qt::Key_Up)
        setCurrentRow(std::max(m_current - 1, 0));
    else if (event->key() == Qt::Key_Down)
        setCurrentRow(m_current + 1);
    else if (event->key() == Qt::Key_Home)
        setCurrentRow(0);
    else if (event->key() == Qt::Key_End)
        setCurrentRow(last);
    else
        event->ignore();
}

void FieldList::mousePressEvent(QMouseEvent* event)
{
    const qint64 row = lineAtY(event->position().toPoint().y());
    if (row >= 0 && row < lineCount())
        setCurrentRow(static_cast<int>(row));
}

void FieldList::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_current >= 0)
        emit rowMenuRequested(m_current, event->globalPos());
}

} // namespace weir::inspector
