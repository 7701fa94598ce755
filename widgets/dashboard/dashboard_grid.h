// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>
#include <QWidget>

#include <vector>

class QGridLayout;

namespace weir::dashboard {

class PanelFrame;

/// Where one panel stands.
struct GridCell
{
    QString id;
    int row = 0;
    int column = 0;
    int rowSpan = 1;
    int columnSpan = 1;
    friend bool operator==(const GridCell&, const GridCell&) = default;
};

/// Panels in rows and columns of equal size on bg.chrome, 8 px apart. F6 and Shift+F6 go from panel to panel. Panels
/// are moved by dragging a head onto another panel: the two change places.
class DashboardGrid : public QWidget
{
    Q_OBJECT
public:
    explicit DashboardGrid(QWidget* parent = nullptr);

    /// Takes ownership. A panel without a cell in the layout goes to the first free place.
    void addPanel(const QString& id, PanelFrame* panel);
    /// Deletes it; its place stays free until the next setLayout() or addPanel().
    void removePanel(const QString& id);
    PanelFrame* panel(const QString& id) const { return m_panels.value(id); }
    std::vector<QString> ids() const;

    /// Rearranges; panels that are not named keep their place if it is free. Overlapping cells move to a free place.
    void setCells(const std::vector<GridCell>& cells);
    const std::vector<GridCell>& cells() const { return m_cells; }
    void setColumns(int columns);
    int columns() const { return m_columns; }

    QString activeId() const { return m_active; }
    void setActive(const QString& id);

signals:
    void panelMenuRequested(const QString& id, const QPoint& globalPos);
    void activeChanged(const QString& id);
    /// The user moved a panel: save cells().
    void cellsChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void arrange();
    GridCell* cellOf(const QString& id);
    bool isFree(const GridCell& cell, const QString& except) const;
    GridCell firstFree(const QString& id) const;
    void step(int direction);
    QString idOf(const QObject* panel) const;
    QString idAt(const QPoint& globalPos) const;
    void swapCells(const QString& first, const QString& second);

    QGridLayout* m_layout = nullptr;
    QHash<QString, PanelFrame*> m_panels;
    std::vector<GridCell> m_cells;
    int m_columns = 3;
    QString m_active;
    QString m_dragged;
};

} // namespace weir::dashboard
