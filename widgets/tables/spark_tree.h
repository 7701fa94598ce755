// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/record_rows.h"

#include <QTreeView>

#include <vector>

namespace weir::tables {

class SparkDelegate;

/// Roles a model for SparkTree answers, besides Qt::DisplayRole (text), Qt::ToolTipRole and Qt::AccessibleTextRole.
/// Every one may be left unanswered. Column 0 is the name; further columns are painted right-aligned.
namespace SparkRole {
enum : int {
    /// QList<double>, oldest first; NaN breaks the line. The column that has it paints the line instead of text.
    Series = Qt::UserRole + 1,
    Tone, ///< int of weir::tables::Tone, for text and line
    Icon, ///< int of weir::style::Icon, in front of the text
    Chip, ///< QColor of the square in front of the text
    Strong, ///< bool: weight 600
    Caption, ///< bool: muted, in caption size (heads of a section's columns)
    Note, ///< QString after the text, muted, in caption size: "10", "3 brokers, all up"
    /// QString in column 0: words right-aligned over the row's other columns, with Tone of the last column: "read-only"
    State,
    StateIcon, ///< int of weir::style::Icon, in front of State
    End = Qt::UserRole + 64, ///< a model's own roles begin here
};
} // namespace SparkRole

/// The tree of connections, topics and groups: sections, spark lines, numbers that line up.
class SparkTree : public QTreeView
{
    Q_OBJECT
public:
    explicit SparkTree(QWidget* parent = nullptr);

    void setModel(QAbstractItemModel* model) override;
    /// Width of a column after the first, in pixels at 96 dpi; the first takes the rest.
    void setColumnPixels(int column, int pixels);

    /// Least height of rows at the reference font: the token height.row (a dock's, the default) or height.rowSpark.
    void setRowToken(int pixels);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const override;
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void layOutColumns();

    SparkDelegate* m_delegate = nullptr;
    std::vector<int> m_pixels;
};

} // namespace weir::tables
