// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/dashboard_views.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QPushButton;

namespace weir {
namespace dashboard {
class DashboardGrid;
} // namespace dashboard

/// A grid of live plots over one range of time, with a cursor that all share.
class DashboardPanel : public QWidget
{
    Q_OBJECT
public:
    DashboardPanel(const PanelContext& context, DashboardDocument document, QWidget* parent = nullptr);

    const DashboardDocument& document() const { return m_document; }
    void addPanel(const DashboardPanelDocument& panel);
    /// One line per panel.
    QStringList summary() const;

public slots:
    void togglePause();

signals:
    void edited(const weir::DashboardDocument& document);

private:
    QWidget* createBar();
    void show(const DashboardPanelDocument& panel);
    void removePanel(const QString& id);
    void panelMenu(const QString& id, const QPoint& globalPos);
    void addMenu();
    std::uint64_t generation() const;
    void pull();
    void moveCursor(std::optional<std::int64_t> timeMs);

    struct Shown
    {
        QString id;
        DashboardPanelDocument document;
        DashboardView* view;
    };

    PanelContext m_context;
    DashboardDocument m_document;
    dashboard::DashboardGrid* m_grid;
    std::vector<Shown> m_shown;
    int m_nextId = 0;
    bool m_paused = false;
    QComboBox* m_range = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_linked = nullptr;
};

} // namespace weir
