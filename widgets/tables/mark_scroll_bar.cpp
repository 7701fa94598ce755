// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/mark_scroll_bar.h"

#include "widgets/style/theme.h"

#include <QPainter>

#include <algorithm>

namespace weir::tables {

void MarkScrollBar::setMarks(std::vector<double> places)
{
    m_marks = std::move(places);
    update();
}

void MarkScrollBar::paintEvent(QPaintEvent*)
{
    const style::Colors& color = style::Theme::current().color;
    QPainter painter(this);
    painter.fillRect(rect(), color.bg.well);
    painter.setPen(color.border.subtle);
    painter.drawLine(rect().topLeft(), rect().bottomLeft());
    if (maximum() > minimum()) {
        const double groove = height();
        const double steps = double(maximum()) - minimum() + pageStep();
        const int length = std::clamp(static_cast<int>(groove * pageStep() / steps), 24, std::max(height(), 24));
        const double travel = double(sliderPosition() - minimum()) / (double(maximum()) - minimum());
        const int top = static_cast<int>(travel * (height() - length));
        const QColor handle = isSliderDown() || underMouse() ? color.border.control : color.text.disabled;
        painter.fillRect(QRect(2, top, width() - 4, length), handle);
    }
    int last = -1;
    for (const double place : m_marks) {
        // Thousands of marks fall onto some hundred pixels: each pixel is painted once.
        const int y = static_cast<int>(std::clamp(place, 0.0, 1.0) * (height() - 2));
        if (y != last)
            painter.fillRect(QRect(1, y, width() - 2, 2), color.state.error);
        last = y;
    }
}

} // namespace weir::tables
