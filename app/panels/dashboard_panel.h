// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/dashboard_views.h"
#include "app/panels/tab_panel.h"

#include <vector>

class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace weir {
namespace dashboard {
class DashboardGrid;
class StatePill;
} // namespace dashboard

/// A grid of live plots over one range of time, with a cursor that all share.
class DashboardPanel : public TabPanel
{
    Q_OBJECT
public:
    DashboardPanel(const PanelContext& context, DashboardDocument document, QWidget* parent = nullptr);

    style::Icon icon() const override { return style::Icon::Dashboard; }
    QString title() const override { return m_document.name; }
    QString connectionId() const override;
    std::optional<TabDocument> tab() const override;
    QList<QWidget*> panes() const override;
    void toggleStream() override { togglePause(); }
    QStringList summary() const override;

    const DashboardDocument& document() const { return m_document; }
    void rename(const QString& name);
    void addPanel(const DashboardPanelDocument& panel);
    /// `index` counts the panels of the document that this version knows.
    void removePanel(std::size_t index);
    /// Gives a panel another document; it starts anew in its place.
    void changePanel(std::size_t index, const DashboardPanelDocument& panel);
    std::size_t panelCount() const { return m_shown.size(); }
    DashboardView* view(std::size_t index) const { return m_shown[index].view; }
    bool isPaused() const { return m_paused; }

public slots:
    void togglePause();

signals:
    void edited(const weir::DashboardDocument& document);
    /// The query of a panel should be opened as one.
    void queryRequested(const weir::DashboardPanelDocument& panel);

private:
    struct Shown
    {
        QString id;
        DashboardPanelDocument document;
        DashboardView* view = nullptr;
    };

    QWidget* createBar();
    void createView(Shown& shown);
    void show(const DashboardPanelDocument& panel);
    void restorePlaces();
    void savePanels();
    void panelMenu(const QString& id, const QPoint& globalPos);
    void addColumnMenu(QMenu& menu, std::size_t index);
    void renamePanel(std::size_t index);
    void chooseLatencyField(std::size_t index);
    void addMenu();
    void offerPanels(QMenu& menu, const QString& connection, const ClusterSnapshot& cluster);
    void showState();
    std::uint64_t generationOf(const DashboardView* view) const;
    /// What time it is: that of a capture on a dashboard that shows nothing else.
    EpochMs now() const;
    DashboardMoment moment() const;
    void pull();
    void moveCursor(std::optional<std::int64_t> timeMs);

    PanelContext m_context;
    DashboardDocument m_document;
    dashboard::DashboardGrid* m_grid = nullptr;
    std::vector<Shown> m_shown;
    QList<DashboardPanelDocument> m_unknown; ///< kinds of another version: kept, not shown
    int m_nextId = 0;
    bool m_paused = false;
    EpochMs m_pausedAt = 0;
    QLabel* m_name = nullptr;
    QLabel* m_cursor = nullptr;
    QComboBox* m_range = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_linked = nullptr;
    QPushButton* m_add = nullptr;
    QStackedWidget* m_stack = nullptr;
    dashboard::StatePill* m_state = nullptr;
};

} // namespace weir
