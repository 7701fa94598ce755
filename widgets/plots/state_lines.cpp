// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/state_lines.h"

#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace weir::plots {

using style::State;
using style::Theme;

StateLines::StateLines(QWidget* parent) : QWidget(parent)
{
    setVisible(false);
}

void StateLines::setLines(std::vector<style::StateLine> lines)
{
    std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.state < b.state; });
    const bool same = std::equal(lines.begin(), lines.end(), m_lines.begin(), m_lines.end(),
        [](const auto& a, const auto& b) { return a.state == b.state && a.text == b.text; });
    if (same)
        return;
    m_lines = std::move(lines);
    fit();
    update();
}

QString StateLines::textOf(const style::StateLine& line)
{
    const QString word = style::stateLook(line.state).word;
    const bool prefixed =
        line.state == State::Incomplete || line.state == State::Provisional || line.state == State::Reduced;
    return prefixed && !line.text.startsWith(word) ? word + ": " + line.text : line.text;
}

int StateLines::textLeft() const
{
    const auto& s = Theme::sizes();
    return s.space[5] + s.icon.inlined + s.space[3];
}

int StateLines::lineHeight(const style::StateLine& line) const
{
    const QFontMetrics metrics(Theme::fonts().caption);
    const int width = this->width() - textLeft() - Theme::sizes().space[5];
    const QRect bounds = metrics.boundingRect(0, 0, std::max(40, width), 1000, Qt::TextWordWrap, textOf(line));
    return std::max(Theme::sizes().height.legendRow, bounds.height() + 4);
}

void StateLines::fit()
{
    int height = 0;
    for (const style::StateLine& line : m_lines)
        height += lineHeight(line);
    setFixedHeight(height);
    setVisible(!m_lines.empty());
}

void StateLines::resizeEvent(QResizeEvent*)
{
    fit();
}

void StateLines::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const auto& s = Theme::sizes();
    painter.fillRect(rect(), Theme::current().color.bg.well);
    painter.setFont(Theme::fonts().caption);
    int y = 0;
    for (const style::StateLine& line : m_lines) {
        const style::StateLook look = style::stateLook(line.state);
        const int height = lineHeight(line);
        style::paintIcon(painter,
            QRectF(s.space[5], y + (s.height.legendRow - s.icon.inlined) / 2, s.icon.inlined, s.icon.inlined),
            look.glyph, look.color);
        painter.setPen(look.color);
        painter.drawText(QRect(textLeft(), y, width() - textLeft() - s.space[5], height),
            Qt::AlignVCenter | Qt::TextWordWrap, textOf(line));
        y += height;
    }
}

} // namespace weir::plots
