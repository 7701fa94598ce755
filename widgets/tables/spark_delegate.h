// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPolygonF>
#include <QRectF>
#include <QStyledItemDelegate>

#include <vector>

namespace weir::tables {

/// The strokes of a spark line in `area`: the largest value touches the top, zero or the smallest the bottom; NaN
/// breaks the line. A flat line stands in the middle.
std::vector<QPolygonF> sparkStrokes(const QList<double>& values, const QRectF& area);

/// Paints the cells of a SparkTree; see SparkRole.
class SparkDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit SparkDelegate(QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    void setRowToken(int pixels) { m_rowToken = pixels; }
    int rowHeight() const;
    /// Words over the trailing columns of a row; `rect` ends at the right edge of the view.
    static void paintState(QPainter& painter, const QRect& rect, const QModelIndex& index, bool selected);

private:
    static void paintName(QPainter& painter, QRect rect, const QModelIndex& index, bool selected);
    static void paintValue(QPainter& painter, const QRect& rect, const QModelIndex& index, bool selected);
    static void paintSpark(QPainter& painter, const QRect& rect, const QList<double>& values, const QColor& color);

    int m_rowToken;
};

} // namespace weir::tables
