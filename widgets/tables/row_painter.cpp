// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/row_painter.h"

#include "widgets/style/theme.h"
#include "widgets/tables/tone.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir::tables {

using style::Theme;

namespace {

constexpr int padding = 8;
constexpr int iconGap = 6;
// No column is wide enough for more; a megabyte in one cell must not cost a megabyte of layout.
constexpr qsizetype longestPainted = 1000;

QString singleLine(const QString& text)
{
    QString line = text.left(longestPainted);
    for (QChar& c : line) {
        if (c.category() == QChar::Other_Control || c == QChar::LineSeparator || c == QChar::ParagraphSeparator)
            c = QLatin1Char(' ');
    }
    return line;
}

QFont italic(QFont font)
{
    font.setItalic(true);
    return font;
}

} // namespace

RowPainter::RowPainter(bool glyphColumn) : m_glyphColumn(glyphColumn) { }

void RowPainter::refresh()
{
    m_fixed.setFont(Theme::fonts().data);
    m_fixedItalic.setFont(Theme::fonts().dataItalic);
    const int token = Theme::sizes().height.row;
    m_rowHeight = std::max(Theme::rowHeight(token, Theme::fonts().data), Theme::rowHeight(token, Theme::fonts().ui));
}

int RowPainter::glyphWidth() const
{
    return m_glyphColumn ? Theme::sizes().width.rowGlyph : 0;
}

std::vector<int> RowPainter::takeWanted()
{
    return std::exchange(m_wanted, {});
}

RowPainter::Run RowPainter::messageRun(
    const TableRow& row, const std::vector<TableColumn>& columns, const std::vector<VisibleColumn>& visible)
{
    switch (row.span) {
    case MessageSpan::None:
        return {};
    case MessageSpan::All:
        return {0, visible.size()};
    case MessageSpan::AfterFirst:
        return {std::min<std::size_t>(1, visible.size()), visible.size()};
    case MessageSpan::Fields:
        break;
    }
    const auto isField = [&](const VisibleColumn& place) {
        return columns[static_cast<std::size_t>(place.logical)].field;
    };
    const auto begin = std::find_if(visible.begin(), visible.end(), isField);
    if (begin == visible.end()) // all fields are hidden, and the message must not be
        return {std::min<std::size_t>(1, visible.size()), visible.size()};
    const auto end = std::find_if_not(begin, visible.end(), isField);
    return {static_cast<std::size_t>(begin - visible.begin()), static_cast<std::size_t>(end - visible.begin())};
}

void RowPainter::paint(QPainter& painter, const RowLook& look, const TableRow& row,
    const std::vector<TableColumn>& columns, const std::vector<VisibleColumn>& visible)
{
    paintBackground(painter, look, row);
    if (m_glyphColumn) {
        const QRect place(look.rect.left(), look.rect.top(), glyphWidth(), look.rect.height());
        if (row.glyph == RowGlyph::None && look.current)
            style::paintIcon(painter, QRectF(place).adjusted(7, 5, -7, -5), style::Icon::ChevronRight,
                Theme::current().color.selection.text);
        else
            paintGlyph(painter, place, row.glyph);
    }
    m_wanted.resize(columns.size(), 0);
    const Run message = messageRun(row, columns, visible);
    for (std::size_t i = 0; i < visible.size(); ++i) {
        const auto logical = static_cast<std::size_t>(visible[i].logical);
        const bool covered = i >= message.begin && i < message.end;
        const bool onScreen = visible[i].x < look.rect.right() && visible[i].x + visible[i].width > glyphWidth();
        if (!covered && onScreen && logical < row.cells.size())
            paintCell(painter, look, row.cells[logical], columns[logical], visible[i]);
    }
    if (message.begin < message.end) {
        const VisibleColumn& last = visible[message.end - 1];
        const int right = message.end == visible.size() ? look.rect.right() + 1 : last.x + last.width;
        const int left = visible[message.begin].x;
        paintMessage(painter, look, row, QRect(left, look.rect.top(), right - left, look.rect.height()));
    }
}

void RowPainter::paintBackground(QPainter& painter, const RowLook& look, const TableRow& row) const
{
    const style::Colors& color = Theme::current().color;
    QColor surface = look.alternate ? color.bg.wellAlt : color.bg.well;
    if (row.tint != RowTint::None)
        surface = tintSurface(row.tint);
    if (look.selected)
        surface = look.focused ? color.selection.bg : color.selection.inactive;
    painter.fillRect(look.rect, surface);
    if (!row.boundary)
        return;
    QPen pen(color.state.provisional, 1);
    pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.drawLine(look.rect.topLeft(), look.rect.topRight());
}

void RowPainter::paintGlyph(QPainter& painter, const QRect& rect, RowGlyph glyph) const
{
    const std::optional<style::Icon> icon = glyphIcon(glyph);
    if (!icon)
        return;
    const int side = Theme::sizes().icon.inlined;
    const QRectF place(rect.left() + (rect.width() - side) / 2, rect.top() + (rect.height() - side) / 2, side, side);
    style::paintIcon(painter, place, *icon, glyphColor(glyph));
}

void RowPainter::paintCell(QPainter& painter, const RowLook& look, const TableCell& cell, const TableColumn& column,
    const VisibleColumn& place)
{
    QRect rect(place.x, look.rect.top(), place.width, look.rect.height());
    rect.adjust(padding, 0, -padding, 0);
    if (cell.glyph != RowGlyph::None) {
        const int side = Theme::sizes().icon.inlined;
        paintGlyph(painter, QRect(rect.left(), rect.top(), side, rect.height()), cell.glyph);
        rect.setLeft(rect.left() + side + iconGap);
    }
    if (rect.width() <= 0 || cell.text.isEmpty())
        return;
    painter.setPen(look.selected ? Theme::current().color.selection.text : toneColor(cell.tone));
    m_wantedColumn = place.logical;
    paintValue(painter, rect, cell.text, column, cell.italic || cell.tone == Tone::Null);
}

void RowPainter::paintValue(
    QPainter& painter, const QRect& rect, const QString& text, const TableColumn& column, bool slanted)
{
    const style::Fonts& fonts = Theme::fonts();
    const QFont words = slanted ? italic(fonts.ui) : fonts.ui;
    const QFont& font = !column.dataFont ? words : slanted ? fonts.dataItalic : fonts.data;
    const FixedText& fixed = slanted ? m_fixedItalic : m_fixed;
    const bool number = column.number;
    const QString line = singleLine(text);
    const qreal quick = column.dataFont ? fixed.widthOf(line) : -1;
    const QFontMetrics metrics(font);
    const qreal width = quick >= 0 ? quick : metrics.horizontalAdvance(line);
    if (number && width > rect.width()) {
        int& wanted = m_wanted[static_cast<std::size_t>(m_wantedColumn)];
        wanted = std::max(wanted, static_cast<int>(std::ceil(width)) + 2 * padding);
    }
    if (quick >= 0 && quick <= rect.width()) {
        const qreal x = number ? rect.right() + 1 - quick : rect.left();
        const int baseline = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent();
        fixed.draw(painter, QPointF(x, baseline), line, line.size());
        return;
    }
    painter.setFont(font);
    const int side = number ? Qt::AlignRight : Qt::AlignLeft;
    painter.drawText(rect, side | Qt::AlignVCenter | Qt::TextSingleLine,
        number && width <= rect.width() ? line : metrics.elidedText(line, Qt::ElideRight, rect.width()));
}

void RowPainter::paintMessage(QPainter& painter, const RowLook& look, const TableRow& row, const QRect& rect) const
{
    const auto ink = [&look](
                         Tone tone) { return look.selected ? Theme::current().color.selection.text : toneColor(tone); };
    QRect rest = rect.adjusted(padding, 0, -padding, 0);
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine;
    painter.setPen(ink(row.leadTone));
    if (row.messageGlyph != RowGlyph::None) {
        const int side = Theme::sizes().icon.inlined;
        paintGlyph(painter, QRect(rest.left(), rest.top(), side, rest.height()), row.messageGlyph);
        rest.setLeft(rest.left() + side + iconGap);
    }
    if (!row.messageTrail.isEmpty()) {
        painter.setFont(Theme::fonts().data);
        const QString trail = singleLine(row.messageTrail);
        painter.drawText(rest, flags | Qt::AlignRight, trail);
        rest.setRight(rest.right() - QFontMetrics(Theme::fonts().data).horizontalAdvance(trail) - padding);
    }
    if (!row.messageLead.isEmpty()) {
        painter.setFont(Theme::fonts().strong);
        const QFontMetrics metrics(Theme::fonts().strong);
        const QString lead = metrics.elidedText(singleLine(row.messageLead), Qt::ElideRight, rest.width());
        painter.drawText(rest, flags, lead);
        rest.setLeft(rest.left() + metrics.horizontalAdvance(lead) + 4);
    }
    if (rest.width() <= 0)
        return;
    const QFont font = row.messageItalic ? italic(Theme::fonts().ui) : Theme::fonts().ui;
    painter.setFont(font);
    painter.setPen(ink(row.messageTone));
    painter.drawText(rest, flags, QFontMetrics(font).elidedText(singleLine(row.message), Qt::ElideRight, rest.width()));
}

} // namespace weir::tables
