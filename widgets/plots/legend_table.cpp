// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/legend_table.h"

#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace weir::plots {

using style::Theme;

namespace {

int rowHeight()
{
    return Theme::rowHeight(Theme::sizes().height.legendRow, Theme::fonts().data);
}

int headHeight()
{
    return QFontMetrics(Theme::fonts().caption).height() + Theme::sizes().space[2];
}

} // namespace

LegendTable::LegendTable(QWidget* parent) : QWidget(parent) { }

void LegendTable::setTable(QStringList headers, std::vector<Row> rows)
{
    if (headers.size() != m_headers.size())
        m_widths.clear();
    m_headers = std::move(headers);
    m_rows = std::move(rows);
    widen();
    setFixedHeight(m_rows.empty() ? 0 : 1 + headHeight() + int(m_rows.size()) * rowHeight() + Theme::sizes().space[3]);
    update();
}

void LegendTable::widen()
{
    m_widths.resize(std::size_t(m_headers.size()), 0);
    const QFontMetrics caption(Theme::fonts().caption), fixed(Theme::fonts().data);
    for (std::size_t i = 0; i < m_widths.size(); ++i) {
        int width = caption.horizontalAdvance(m_headers[qsizetype(i)]);
        for (const Row& row : m_rows) {
            if (i < row.cells.size())
                width = std::max(width, fixed.horizontalAdvance(row.cells[i].text));
        }
        m_widths[i] = std::max(m_widths[i], width + Theme::sizes().space[8]);
    }
}

void LegendTable::paintRow(QPainter& painter, const Row& row, int y) const
{
    const auto& s = Theme::sizes();
    const style::Colors& c = Theme::current().color;
    const int height = rowHeight();
    const int left = s.space[5], swatch = s.space[7] + s.space[1], nameLeft = left + swatch + s.space[4];
    const int middle = y + height / 2;
    if (row.square) {
        const int side = s.space[5];
        painter.fillRect(QRect(left, middle - side / 2, side, side), row.line.color());
    } else {
        QPen pen = row.line;
        pen.setWidthF(2);
        painter.setPen(pen);
        painter.drawLine(QPointF(left, middle + 2), QPointF(left + swatch, middle + 2));
    }
    int right = width() - s.space[5];
    painter.setFont(Theme::fonts().data);
    for (std::size_t i = row.cells.size(); i-- > 0;) {
        const Cell& cell = row.cells[i];
        painter.setFont(cell.provisional ? Theme::fonts().dataItalic : Theme::fonts().data);
        painter.setPen(cell.alarming ? c.state.error : cell.provisional ? c.state.provisional : c.text.primary);
        painter.drawText(
            QRect(right - m_widths[i], y, m_widths[i], height), Qt::AlignRight | Qt::AlignVCenter, cell.text);
        right -= m_widths[i];
    }
    painter.setFont(Theme::fonts().ui);
    painter.setPen(c.text.primary);
    const QString name = painter.fontMetrics().elidedText(row.name, Qt::ElideMiddle, std::max(20, right - nameLeft));
    painter.drawText(QRect(nameLeft, y, std::max(20, right - nameLeft), height), Qt::AlignVCenter, name);
}

void LegendTable::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const style::Colors& c = Theme::current().color;
    painter.fillRect(rect(), c.bg.well);
    painter.fillRect(QRect(0, 0, width(), Theme::sizes().line.border), c.border.normal);
    painter.setFont(Theme::fonts().caption);
    painter.setPen(c.text.muted);
    int right = width() - Theme::sizes().space[5];
    for (std::size_t i = m_widths.size(); i-- > 0;) {
        painter.drawText(QRect(right - m_widths[i], 1, m_widths[i], headHeight()), Qt::AlignRight | Qt::AlignVCenter,
            m_headers[qsizetype(i)]);
        right -= m_widths[i];
    }
    int y = 1 + headHeight();
    for (const Row& row : m_rows) {
        paintRow(painter, row, y);
        y += rowHeight();
    }
}

} // namespace weir::plots
