// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/spark_delegate.h"

#include "widgets/style/icons.h"
#include "widgets/style/theme.h"
#include "widgets/tables/spark_tree.h"
#include "widgets/tables/tone.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <optional>

namespace weir::tables {

using style::Theme;

namespace {

constexpr int iconGap = 7;
constexpr int chipSide = 9;
constexpr int margin = 6;

Tone toneOf(const QModelIndex& index, Tone otherwise)
{
    const QVariant tone = index.data(SparkRole::Tone);
    return tone.isValid() ? static_cast<Tone>(tone.toInt()) : otherwise;
}

QColor ink(const QModelIndex& index, Tone otherwise, bool selected)
{
    return selected ? Theme::current().color.selection.text : toneColor(toneOf(index, otherwise));
}

std::optional<style::Icon> iconOf(const QVariant& value)
{
    const int icon = value.isValid() ? value.toInt() : -1;
    if (icon < 0 || icon >= static_cast<int>(style::Icon::Count_))
        return std::nullopt;
    return static_cast<style::Icon>(icon);
}

void paintText(QPainter& painter, const QRect& rect, const QString& text, int side)
{
    const QString shown = painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width());
    painter.drawText(rect, side | Qt::AlignVCenter | Qt::TextSingleLine, shown);
}

void paintSquare(QPainter& painter, QRect& rect, const style::Icon& icon, const QColor& color)
{
    const int side = Theme::sizes().icon.inlined;
    style::paintIcon(painter, QRectF(rect.left(), rect.top() + (rect.height() - side) / 2, side, side), icon, color);
    rect.setLeft(rect.left() + side + iconGap);
}

} // namespace

std::vector<QPolygonF> sparkStrokes(const QList<double>& values, const QRectF& area)
{
    double low = 0;
    double high = 0;
    bool any = false;
    for (const double value : values) {
        if (!std::isfinite(value))
            continue;
        low = any ? std::min(low, value) : value;
        high = any ? std::max(high, value) : value;
        any = true;
    }
    std::vector<QPolygonF> strokes;
    bool broken = true;
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            broken = true;
            continue;
        }
        const double along = values.size() > 1 ? double(i) / double(values.size() - 1) : 0.5;
        // Halved before subtracting: the span of two finite numbers may be infinite.
        const double span = high / 2 - low / 2;
        const double up = span > 0 ? (values[i] / 2 - low / 2) / span : 0.5;
        if (std::exchange(broken, false))
            strokes.emplace_back();
        strokes.back().append(QPointF(area.left() + along * area.width(), area.bottom() - up * area.height()));
    }
    return strokes;
}

SparkDelegate::SparkDelegate(QObject* parent) : QStyledItemDelegate(parent), m_rowToken(Theme::sizes().height.row) { }

int SparkDelegate::rowHeight() const
{
    const style::Fonts& fonts = Theme::fonts();
    return std::max(Theme::rowHeight(m_rowToken, fonts.ui), Theme::rowHeight(m_rowToken, fonts.data));
}

QSize SparkDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {40, rowHeight()};
}

void SparkDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    if (index.column() == 0) {
        paintName(*painter, option.rect, index, selected);
    } else if (index.siblingAtColumn(0).data(SparkRole::State).toString().isEmpty()) {
        const QVariant series = index.data(SparkRole::Series);
        if (series.isValid())
            paintSpark(*painter, option.rect, series.value<QList<double>>(), ink(index, Tone::Accent, selected));
        else
            paintValue(*painter, option.rect, index, selected);
    }
    painter->restore();
}

void SparkDelegate::paintName(QPainter& painter, QRect rect, const QModelIndex& index, bool selected)
{
    const QVariant chip = index.data(SparkRole::Chip);
    if (chip.isValid()) {
        painter.fillRect(
            rect.left(), rect.top() + (rect.height() - chipSide) / 2, chipSide, chipSide, chip.value<QColor>());
        rect.setLeft(rect.left() + chipSide + iconGap);
    }
    if (const auto icon = iconOf(index.data(SparkRole::Icon)))
        paintSquare(painter, rect, *icon, ink(index, Tone::Secondary, selected));
    const QString text = index.data(Qt::DisplayRole).toString();
    const bool caption = index.data(SparkRole::Caption).toBool();
    const bool strong = index.data(SparkRole::Strong).toBool();
    painter.setFont(caption ? Theme::fonts().caption : strong ? Theme::fonts().strong : Theme::fonts().ui);
    painter.setPen(ink(index, caption ? Tone::Muted : Tone::Primary, selected));
    paintText(painter, rect, text, Qt::AlignLeft);
    const QString note = index.data(SparkRole::Note).toString();
    rect.setLeft(rect.left() + painter.fontMetrics().horizontalAdvance(text) + margin);
    if (note.isEmpty() || rect.width() < margin)
        return;
    painter.setFont(Theme::fonts().caption);
    painter.setPen(selected ? Theme::current().color.selection.text : Theme::current().color.text.muted);
    paintText(painter, rect, note, Qt::AlignLeft);
}

void SparkDelegate::paintValue(QPainter& painter, const QRect& rect, const QModelIndex& index, bool selected)
{
    const bool caption = index.data(SparkRole::Caption).toBool();
    painter.setFont(caption ? Theme::fonts().caption : Theme::fonts().data);
    painter.setPen(ink(index, caption ? Tone::Muted : Tone::Primary, selected));
    const QString text = index.data(Qt::DisplayRole).toString();
    // Numbers are never elided: they run to the left, over the spark line if they must.
    painter.drawText(rect.adjusted(0, 0, -margin, 0),
        Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip, text);
}

void SparkDelegate::paintSpark(QPainter& painter, const QRect& rect, const QList<double>& values, const QColor& color)
{
    const int width = std::min(Theme::sizes().width.sparkline, rect.width() - 2);
    const QRectF area(rect.right() - width - 1, rect.top() + 5.5, width, std::max(rect.height() - 11, 1));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, Theme::sizes().line.sparkline.width));
    for (const QPolygonF& stroke : sparkStrokes(values, area)) {
        if (stroke.size() == 1)
            painter.drawPoint(stroke.front());
        else
            painter.drawPolyline(stroke);
    }
}

void SparkDelegate::paintState(QPainter& painter, const QRect& rect, const QModelIndex& index, bool selected)
{
    const QString words = index.data(SparkRole::State).toString();
    if (words.isEmpty())
        return;
    const QModelIndex last = index.siblingAtColumn(index.model()->columnCount(index.parent()) - 1);
    const QColor color = ink(last, Tone::Muted, selected);
    painter.save();
    painter.setFont(Theme::fonts().caption);
    painter.setPen(color);
    QRect room = rect.adjusted(0, 0, -margin, 0);
    const int width = std::min(painter.fontMetrics().horizontalAdvance(words), room.width());
    paintText(painter, room, words, Qt::AlignRight);
    if (const auto icon = iconOf(index.data(SparkRole::StateIcon))) {
        room.setLeft(room.right() - width - Theme::sizes().icon.inlined - 4);
        paintSquare(painter, room, *icon, color);
    }
    painter.restore();
}

} // namespace weir::tables
