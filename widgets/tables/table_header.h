// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/record_rows.h"
#include "widgets/tables/row_painter.h"
#include "widgets/tables/table_state.h"

#include <QHeaderView>

#include <vector>

class QStandardItemModel;

namespace weir::tables {

/// The head of a table: name, then type or unit in caption size (beside the name, or below it with two lines).
/// Sections move, resize and hide; a context menu names all columns.
class TableHeader : public QHeaderView
{
    Q_OBJECT
public:
    TableHeader(bool twoLines, QWidget* parent);

    /// Takes over the columns. Those that were there before keep width, place and visibility.
    void setColumns(const std::vector<TableColumn>& columns);
    const std::vector<TableColumn>& columns() const { return m_columns; }
    int heightNeeded() const;
    /// Visible ones in visual order, x from `left` on.
    std::vector<VisibleColumn> visibleColumns(int left) const;

    TableState state() const;
    /// Puts columns where a user had put them.
    void arrange(const TableState& state);
    /// Gives the columns that fill what is left of `room` pixels; no effect once the user has arranged the columns.
    void fill(int room);
    /// Marks the column that rows are ordered by; empty: none.
    void setSorted(const QString& columnId, bool descending);
    /// A caller's own resizing, which is no arrangement of the user's.
    void widen(int column, int width);

signals:
    void laidOut(); ///< anything moved: repaint
    void arranged(); ///< by the user

protected:
    void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void paintWords(QPainter& painter, const QRect& whole, const TableColumn& column) const;
    QRect paintArrow(QPainter& painter, const QRect& rect) const;
    void changed();
    void restore(const TableState& state);
    void keepWidths(const TableState& state);
    int shownCount() const;

    std::vector<TableColumn> m_columns;
    QStandardItemModel* m_model = nullptr;
    const bool m_twoLines;
    QString m_sorted; ///< id of a column
    bool m_descending = false;
    bool m_applying = false;
    bool m_changedByUser = false;
    bool m_arranged = false; ///< by the user, now or in a state that was restored
};

} // namespace weir::tables
