// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dashboard/dashboard_grid.h"

#include "widgets/dashboard/panel_frame.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QGridLayout>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <utility>

namespace weir::dashboard {

using style::Theme;

DashboardGrid::DashboardGrid(QWidget* parent) : QWidget(parent)
{
    m_layout = new QGridLayout(this);
    const auto& space = Theme::sizes().space;
    m_layout->setContentsMargins(space[4], space[4], space[4], space[4]);
    m_layout->setSpacing(space[4]);
}

std::vector<QString> DashboardGrid::ids() const
{
    std::vector<QString> result;
    for (const GridCell& cell : m_cells) {
        if (m_panels.contains(cell.id))
            result.push_back(cell.id);
    }
    return result;
}

GridCell* DashboardGrid::cellOf(const QString& id)
{
    const auto found =
        std::find_if(m_cells.begin(), m_cells.end(), [&](const GridCell& cell) { return cell.id == id; });
    return found == m_cells.end() ? nullptr : &*found;
}

bool DashboardGrid::isFree(const GridCell& cell, const QString& except) const
{
    if (cell.row < 0 || cell.column < 0 || cell.rowSpan < 1 || cell.columnSpan < 1
        || cell.column + cell.columnSpan > m_columns)
        return false;
    return std::none_of(m_cells.begin(), m_cells.end(), [&](const GridCell& other) {
        return other.id != except && cell.row < other.row + other.rowSpan && other.row < cell.row + cell.rowSpan
            && cell.column < other.column + other.columnSpan && other.column < cell.column + cell.columnSpan;
    });
}

GridCell DashboardGrid::firstFree(const QString& id) const
{
    for (int row = 0;; ++row) {
        for (int column = 0; column < m_columns; ++column) {
            const GridCell cell{id, row, column, 1, 1};
            if (isFree(cell, id))
                return cell;
        }
    }
}

void DashboardGrid::addPanel(const QString& id, PanelFrame* panel)
{
    removePanel(id);
    panel->setParent(this);
    m_panels.insert(id, panel);
    if (!cellOf(id))
        m_cells.push_back(firstFree(id));
    connect(panel, &PanelFrame::menuRequested, this, [this, id](const QPoint& at) { emit panelMenuRequested(id, at); });
    connect(panel, &PanelFrame::activated, this, [this, id] { setActive(id); });
    panel->installEventFilter(this);
    arrange();
    panel->show();
    if (m_active.isEmpty())
        setActive(id);
}

void DashboardGrid::removePanel(const QString& id)
{
    PanelFrame* panel = m_panels.take(id);
    if (!panel)
        return;
    m_cells.erase(std::remove_if(m_cells.begin(), m_cells.end(), [&](const GridCell& cell) { return cell.id == id; }),
        m_cells.end());
    m_layout->removeWidget(panel);
    panel->hide();
    panel->deleteLater(); // it may be asking for it: its menu is still open
    if (m_active == id) {
        m_active.clear();
        const auto left = ids();
        if (!left.empty())
            setActive(left.front());
    }
    arrange();
}

void DashboardGrid::setCells(const std::vector<GridCell>& cells)
{
    const std::vector<GridCell> before = std::exchange(m_cells, {});
    const auto place = [this](const GridCell& cell) {
        if (cellOf(cell.id))
            return;
        m_cells.push_back(isFree(cell, cell.id) ? cell : firstFree(cell.id));
    };
    for (const GridCell& cell : cells)
        place(cell);
    for (const GridCell& cell : before) {
        if (m_panels.contains(cell.id))
            place(cell);
    }
    arrange();
}

void DashboardGrid::setColumns(int columns)
{
    m_columns = std::max(1, columns);
    setCells(std::vector<GridCell>(m_cells));
}

void DashboardGrid::arrange()
{
    for (PanelFrame* panel : std::as_const(m_panels))
        m_layout->removeWidget(panel);
    for (int row = 0; row < m_layout->rowCount(); ++row)
        m_layout->setRowStretch(row, 0);
    for (int column = 0; column < m_layout->columnCount(); ++column)
        m_layout->setColumnStretch(column, 0);
    for (const GridCell& cell : m_cells) {
        PanelFrame* panel = m_panels.value(cell.id);
        if (!panel)
            continue;
        m_layout->addWidget(panel, cell.row, cell.column, cell.rowSpan, cell.columnSpan);
        for (int row = cell.row; row < cell.row + cell.rowSpan; ++row)
            m_layout->setRowStretch(row, 1);
        for (int column = cell.column; column < cell.column + cell.columnSpan; ++column)
            m_layout->setColumnStretch(column, 1);
    }
    QWidget* previous = nullptr;
    for (const QString& id : ids()) {
        if (previous)
            setTabOrder(previous, m_panels[id]);
        previous = m_panels[id];
    }
}

void DashboardGrid::setActive(const QString& id)
{
    if (id == m_active || !m_panels.contains(id))
        return;
    if (PanelFrame* before = m_panels.value(m_active))
        before->setActive(false);
    m_active = id;
    m_panels[id]->setActive(true);
    emit activeChanged(id);
}

void DashboardGrid::step(int direction)
{
    std::vector<GridCell> order = m_cells;
    std::sort(order.begin(), order.end(),
        [](const GridCell& a, const GridCell& b) { return std::pair(a.row, a.column) < std::pair(b.row, b.column); });
    std::erase_if(order, [this](const GridCell& cell) { return !m_panels.contains(cell.id); });
    if (order.empty())
        return;
    const auto here =
        std::find_if(order.begin(), order.end(), [&](const GridCell& cell) { return cell.id == m_active; });
    const auto at = here == order.end() ? 0 : here - order.begin();
    const auto count = std::ptrdiff_t(order.size());
    const QString next = order[std::size_t((at + direction + count) % count)].id;
    setActive(next);
    PanelFrame* panel = m_panels[next];
    (panel->body() ? panel->body() : static_cast<QWidget*>(panel))->setFocus(Qt::TabFocusReason);
}

void DashboardGrid::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_F6)
        step(event->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
    else
        QWidget::keyPressEvent(event);
}

QString DashboardGrid::idOf(const QObject* panel) const
{
    for (auto it = m_panels.begin(); it != m_panels.end(); ++it) {
        if (it.value() == panel)
            return it.key();
    }
    return {};
}

QString DashboardGrid::idAt(const QPoint& globalPos) const
{
    for (auto it = m_panels.begin(); it != m_panels.end(); ++it) {
        if (it.value()->rect().contains(it.value()->mapFromGlobal(globalPos)))
            return it.key();
    }
    return {};
}

void DashboardGrid::swapCells(const QString& first, const QString& second)
{
    GridCell* a = cellOf(first);
    GridCell* b = cellOf(second);
    if (!a || !b || a == b)
        return;
    std::swap(a->id, b->id);
    arrange();
    emit cellsChanged();
}

bool DashboardGrid::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonPress) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const bool onHead = mouse->position().y() <= Theme::sizes().height.panelHeader;
        m_dragged = onHead && mouse->button() == Qt::LeftButton ? idOf(watched) : QString();
    } else if (event->type() == QEvent::MouseButtonRelease && !m_dragged.isEmpty()) {
        const QString from = std::exchange(m_dragged, QString());
        const QString onto = idAt(static_cast<QMouseEvent*>(event)->globalPosition().toPoint());
        if (!onto.isEmpty())
            swapCells(from, onto);
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace weir::dashboard
