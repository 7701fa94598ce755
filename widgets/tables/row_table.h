// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/record_rows.h"
#include "widgets/tables/row_painter.h"
#include "widgets/tables/scroll_span.h"
#include "widgets/tables/table_state.h"

#include <QAbstractScrollArea>

#include <memory>
#include <vector>

namespace weir::tables {

class MarkScrollBar;
class TableHeader;

/// A cell as menus and shortcuts speak of it.
struct TableCellAt
{
    qint64 row = -1;
    QString columnId; ///< empty: the row's message or its glyph
    QString text;
};

enum class HeaderLines : std::uint8_t { One, Two };

/// The core of all record tables: rows with 64-bit numbers, only the visible ones are asked for and painted. Scrolls by
/// whole rows. Knows one contiguous selection of rows with a current row. GUI thread only.
///
/// Follow mode keeps the newest row in view. It pauses as soon as the user selects a row or scrolls up, and goes on
/// with End, setFollowing(true), or by scrolling to the end while nothing is selected.
class RowTable : public QAbstractScrollArea
{
    Q_OBJECT
public:
    /// `glyphColumn`: whether rows have the narrow column of glyphs in front.
    RowTable(HeaderLines lines, bool glyphColumn, QWidget* parent);
    ~RowTable() override;

    /// The rows to show; null shows none. Arranged columns stay as they are where their ids stay.
    void setRows(std::shared_ptr<const RecordRows> rows);
    const RecordRows* rows() const { return m_rows.get(); }
    /// Rows, their number or their columns changed: call it once a frame at most.
    void refresh();
    /// One line in place of rows while there are none.
    void setEmptyText(const QString& text);

    qint64 topRow() const { return m_top; }
    int visibleRows() const; ///< whole rows that fit
    void scrollTo(qint64 row); ///< brings the row into view, moving as little as possible
    bool isFollowing() const { return m_following; }
    void setFollowing(bool on);

    qint64 currentRow() const { return m_current; } ///< -1: none
    qint64 selectionFirst() const;
    qint64 selectionCount() const;
    /// Selects one row and shows it; pauses following. -1 clears. Other numbers are clamped to the rows there are.
    void setCurrentRow(qint64 row);
    void selectAll();
    /// The rows that are shown have other numbers now, each so much larger: selection and view stay with their records.
    void shiftRows(qint64 by);
    TableCellAt currentCell() const; ///< of the column last clicked

    /// Marks beside the scroll bar, e.g. decode failures.
    void setErrorMarks(std::vector<qint64> rows);

    /// Marks the column that rows are ordered by; empty: none is.
    void setSorted(const QString& columnId, bool descending);

    TableState saveState() const;
    void restoreState(const TableState& state);

    /// Visible columns in visual order, tab-separated, a line a row; tabs, line ends and backslashes inside of cells
    /// are escaped. Not more than `copyLimit` rows.
    QString textOf(qint64 first, qint64 count) const;
    static constexpr qint64 copyLimit = 100'000;

public slots:
    /// Puts the selected rows on the clipboard; says with copied() how many of how many.
    void copySelection();

signals:
    void currentRowChanged(qint64 row);
    void followingChanged(bool following);
    void activated(const weir::tables::TableCellAt& cell); ///< Return or double click
    void cellMenuRequested(const weir::tables::TableCellAt& cell, const QPoint& globalPosition);
    void copied(qint64 rows, qint64 selected);
    void sortRequested(const QString& columnId); ///< the user clicked the head of a column
    void columnsArranged(); ///< moved, resized, hidden or shown by the user: a good time to save the state

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void watchBars();
    void placeHeader();
    void placeMarks();
    void applyTheme();
    void updateRange();
    void setTop(qint64 top);
    void scrolledByUser(qint64 top);
    void moveCurrent(qint64 row, bool extend);
    bool moveByKey(const QKeyEvent& event);
    void select(qint64 row, bool extend);
    void announce();
    qint64 maxTop() const;
    qint64 rowAt(const QPoint& position) const; ///< -1: below the last
    TableCellAt cellAt(qint64 row, int x) const;
    TableCellAt cellIn(const TableRow& row, qint64 number, int column) const;
    std::vector<VisibleColumn> visibleColumns() const;
    std::vector<TableRow> rowsOnScreen(qint64 first, int count) const;
    void paintEmpty(QPainter& painter);
    void fillWidth();
    void updateSideways();
    void widenNumbers();

    std::shared_ptr<const RecordRows> m_rows;
    TableHeader* m_header = nullptr;
    MarkScrollBar* m_bar = nullptr;
    QWidget* m_corner = nullptr; ///< head of the glyph column
    RowPainter m_painter;
    ScrollSpan m_span;
    QString m_emptyText;
    qint64 m_top = 0;
    qint64 m_current = -1;
    qint64 m_anchor = -1;
    int m_currentColumn = -1; ///< logical
    int m_wheelRest = 0; ///< eighths of a degree not yet scrolled
    std::vector<qint64> m_marks;
    bool m_following = true;
    bool m_settingBar = false;
    bool m_filling = false;
};

} // namespace weir::tables
