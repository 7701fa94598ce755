// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dashboard/counter_strip.h"

#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace weir::dashboard {

using style::Theme;

CounterStrip::CounterStrip(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void CounterStrip::setCounters(std::vector<Counter> counters)
{
    m_counters = std::move(counters);
    m_widths.resize(m_counters.size(), 0);
    QStringList words;
    for (std::size_t i = 0; i < m_counters.size(); ++i) {
        m_widths[i] = std::max(m_widths[i], cellWidth(m_counters[i]));
        words.append((m_counters[i].label + ' ' + m_counters[i].value + ' ' + m_counters[i].note).trimmed());
    }
    setAccessibleName(words.join(", "));
    update();
}

int CounterStrip::cellWidth(const Counter& counter) const
{
    const auto& s = Theme::sizes();
    const QFontMetrics caption(Theme::fonts().caption), value(Theme::fonts().counter);
    int second = value.horizontalAdvance(counter.value);
    if (counter.glyph)
        second += s.icon.inlined + s.space[2];
    if (!counter.note.isEmpty())
        second += s.space[3] + caption.horizontalAdvance(counter.note);
    return std::max(caption.horizontalAdvance(counter.label), second) + s.space[6] * 2;
}

QSize CounterStrip::sizeHint() const
{
    int width = 0;
    for (const int cell : m_widths)
        width += cell;
    return {width, Theme::sizes().height.counterStrip};
}

QSize CounterStrip::minimumSizeHint() const
{
    return {0, Theme::sizes().height.counterStrip};
}

void CounterStrip::paintCell(QPainter& painter, const QRect& cell, const Counter& counter) const
{
    const auto& s = Theme::sizes();
    const style::Colors& c = Theme::current().color;
    const QRect inner = cell.adjusted(s.space[6], s.space[3], 0, -s.space[3]);
    painter.setFont(Theme::fonts().caption);
    painter.setPen(c.text.muted);
    painter.drawText(inner, Qt::AlignTop | Qt::AlignLeft, counter.label);
    const QColor color = counter.tint ? style::tintColor(*counter.tint) : c.text.primary;
    const QFontMetrics metrics(Theme::fonts().counter);
    const int baseline = inner.bottom() - metrics.descent() + 1;
    int x = inner.left();
    if (counter.glyph) {
        const int top = baseline - metrics.ascent() / 2 - s.icon.inlined / 2 + 1;
        style::paintIcon(painter, QRectF(x, top, s.icon.inlined, s.icon.inlined), *counter.glyph, color);
        x += s.icon.inlined + s.space[2];
    }
    painter.setFont(Theme::fonts().counter);
    painter.setPen(color);
    painter.drawText(QPoint(x, baseline), counter.value);
    x += metrics.horizontalAdvance(counter.value) + s.space[3];
    painter.setFont(Theme::fonts().caption);
    painter.setPen(c.text.muted);
    painter.drawText(QPoint(x, baseline), counter.note);
    painter.fillRect(QRect(cell.right(), cell.top(), s.line.border, cell.height()), c.border.normal);
}

void CounterStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const style::Colors& c = Theme::current().color;
    painter.fillRect(rect(), c.bg.chrome);
    painter.fillRect(QRect(0, height() - 1, width(), 1), c.border.normal);
    int x = 0;
    for (std::size_t i = 0; i < m_counters.size(); ++i) {
        if (x + m_widths[i] > width() && i > 0)
            break;
        paintCell(painter, QRect(x, 0, m_widths[i], height() - 1), m_counters[i]);
        x += m_widths[i];
    }
}

bool CounterStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    int x = 0;
    QStringList hidden;
    QString text;
    for (std::size_t i = 0; i < m_counters.size(); ++i) {
        const bool shown = x + m_widths[i] <= width() || i == 0;
        if (!shown)
            hidden.append(m_counters[i].label + ": " + m_counters[i].value + ' ' + m_counters[i].note);
        else if (help->pos().x() >= x && help->pos().x() < x + m_widths[i])
            text = m_counters[i].toolTip;
        x += m_widths[i];
    }
    QToolTip::showText(help->globalPos(), text.isEmpty() ? hidden.join('\n') : text, this);
    return true;
}

} // namespace weir::dashboard
