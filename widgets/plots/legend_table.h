// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPen>
#include <QString>
#include <QWidget>

#include <vector>

namespace weir::plots {

/// The legend of a plot as a table: swatch, name, then columns of numbers. Columns only grow, so that nothing jumps.
class LegendTable : public QWidget
{
public:
    struct Cell
    {
        QString text;
        bool provisional = false; ///< italic, state.provisional
        bool alarming = false; ///< state.error
    };
    struct Row
    {
        QString name;
        QPen line; ///< drawn as a short line, unless `square`
        bool square = false;
        std::vector<Cell> cells;
    };

    explicit LegendTable(QWidget* parent = nullptr);
    void setTable(QStringList headers, std::vector<Row> rows);
    const std::vector<Row>& rows() const { return m_rows; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void widen();
    void paintRow(QPainter& painter, const Row& row, int y) const;

    QStringList m_headers;
    std::vector<Row> m_rows;
    std::vector<int> m_widths;
};

} // namespace weir::plots
