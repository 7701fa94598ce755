// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/spark_tree.h"

#include "widgets/style/icons.h"
#include "widgets/style/theme.h"
#include "widgets/tables/spark_delegate.h"

#include <QEvent>
#include <QHeaderView>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace weir::tables {

using style::Theme;

namespace {

constexpr int narrowestName = 60;
constexpr int indent = 14;

} // namespace

SparkTree::SparkTree(QWidget* parent) : QTreeView(parent), m_delegate(new SparkDelegate(this))
{
    setItemDelegate(m_delegate);
    setFrameShape(QFrame::NoFrame);
    setHeaderHidden(true);
    setUniformRowHeights(true);
    setIndentation(indent);
    setRootIsDecorated(true);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAllColumnsShowFocus(true);
    setMouseTracking(true);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(1);
    connect(&style::ThemeSwitch::instance(), &style::ThemeSwitch::changed, this, [this] { viewport()->update(); });
}

void SparkTree::setModel(QAbstractItemModel* model)
{
    QTreeView::setModel(model);
    layOutColumns();
}

void SparkTree::setColumnPixels(int column, int pixels)
{
    if (column < 1)
        return;
    if (m_pixels.size() <= static_cast<std::size_t>(column))
        m_pixels.resize(static_cast<std::size_t>(column) + 1, 0);
    m_pixels[static_cast<std::size_t>(column)] = pixels;
    layOutColumns();
}

void SparkTree::setRowToken(int pixels)
{
    m_delegate->setRowToken(pixels);
    scheduleDelayedItemsLayout();
}

void SparkTree::paintEvent(QPaintEvent* event)
{
    {
        // A dock is chrome, not a well, as far as rows do not reach.
        QPainter painter(viewport());
        painter.fillRect(event->rect(), Theme::current().color.bg.chrome);
    }
    QTreeView::paintEvent(event);
}

void SparkTree::layOutColumns()
{
    int taken = 0;
    for (int column = 1; column < header()->count(); ++column) {
        const auto place = static_cast<std::size_t>(column);
        const int width =
            place < m_pixels.size() && m_pixels[place] > 0 ? m_pixels[place] : header()->defaultSectionSize();
        header()->resizeSection(column, width);
        taken += width;
    }
    if (header()->count() > 0)
        header()->resizeSection(0, std::max(viewport()->width() - taken, narrowestName));
}

void SparkTree::resizeEvent(QResizeEvent* event)
{
    QTreeView::resizeEvent(event);
    layOutColumns();
}

void SparkTree::changeEvent(QEvent* event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        scheduleDelayedItemsLayout();
}

void SparkTree::drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const style::Colors& color = Theme::current().color;
    const bool selected = selectionModel() && selectionModel()->isSelected(index);
    const QRect row(0, option.rect.top(), viewport()->width(), option.rect.height());
    const bool hovered = row.contains(viewport()->mapFromGlobal(QCursor::pos())) && viewport()->underMouse();
    // The whole row, indentation included, and not the style's own idea of a selected item.
    if (selected)
        painter->fillRect(row, hasFocus() ? color.selection.bg : color.selection.inactive);
    else
        painter->fillRect(row, hovered ? color.bg.hover : color.bg.chrome);
    QTreeView::drawRow(painter, option, index);
    SparkDelegate::paintState(*painter, row.adjusted(header()->sectionSize(0) / 2, 0, 0, 0), index, selected);
}

void SparkTree::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const
{
    if (!model()->hasChildren(index))
        return;
    const int side = Theme::sizes().icon.chevron;
    const QRectF place(rect.right() - side, rect.top() + (rect.height() - side) / 2, side, side);
    style::paintIcon(*painter, place, isExpanded(index) ? style::Icon::ChevronDown : style::Icon::ChevronRight,
        Theme::current().color.text.secondary);
}

} // namespace weir::tables
