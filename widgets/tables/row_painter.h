// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/fixed_text.h"
#include "widgets/tables/record_rows.h"

#include <QRect>

#include <vector>

class QPainter;

namespace weir::tables {

/// A column as it stands on screen.
struct VisibleColumn
{
    int logical = 0;
    int x = 0; ///< in viewport pixels
    int width = 0;
};

/// How one row stands on screen besides its content.
struct RowLook
{
    QRect rect;
    bool alternate = false;
    bool selected = false;
    bool current = false;
    bool focused = false; ///< the table has the focus
};

/// Paints rows of a table. Keeps font measures, so its owner calls refresh() when fonts change; colours are asked of
/// the theme at each paint.
class RowPainter
{
public:
    explicit RowPainter(bool glyphColumn);

    void refresh();
    int rowHeight() const { return m_rowHeight; }
    int glyphWidth() const; ///< 0 without a glyph column
    void paint(QPainter& painter, const RowLook& look, const TableRow& row, const std::vector<TableColumn>& columns,
        const std::vector<VisibleColumn>& visible);
    /// By logical column: the width that a number needs which did not fit since the last call, 0 where all did.
    std::vector<int> takeWanted();

private:
    struct Run
    {
        std::size_t begin = 0; ///< index into the visible columns
        std::size_t end = 0;
    };
    static Run messageRun(
        const TableRow& row, const std::vector<TableColumn>& columns, const std::vector<VisibleColumn>& visible);
    void paintBackground(QPainter& painter, const RowLook& look, const TableRow& row) const;
    void paintGlyph(QPainter& painter, const QRect& rect, RowGlyph glyph) const;
    void paintCell(QPainter& painter, const RowLook& look, const TableCell& cell, const TableColumn& column,
        const VisibleColumn& place);
    void paintValue(QPainter& painter, const QRect& rect, const QString& text, const TableColumn& column, bool slanted);
    void paintMessage(QPainter& painter, const RowLook& look, const TableRow& row, const QRect& rect) const;

    const bool m_glyphColumn;
    FixedText m_fixed;
    FixedText m_fixedItalic;
    int m_rowHeight = 22;
    std::vector<int> m_wanted;
    int m_wantedColumn = 0;
};

} // namespace weir::tables
