// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo/demo.h"
#include "app/panels/panel_context.h"
#include "app/workspace/workspace.h"

#include <QMainWindow>

class QLabel;
class QTabWidget;
class QTableView;

namespace weir {
namespace dashboard {
class StatePill;
class StatusGauge;
} // namespace dashboard
namespace tables {
class SparkTree;
} // namespace tables
class ConnectionTree;
class DashboardPanel;
class QueryPanel;
class TopicPanel;

/// The window: creates panels and connects them, nothing else. Owned by main.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    struct Setup
    {
        Workspace& workspace;
        std::shared_ptr<MemoryBudget> budget;
        const Clock& clock;
    };

    explicit MainWindow(Setup setup);
    ~MainWindow() override;

    /// Connections, tabs and geometry as they were left.
    void restore();
    void startDemo();
    /// Opens a connection that is not saved; its id is what openTopic() takes.
    QString connectTo(const QString& bootstrapServers);
    void openTopic(const QString& connectionId, const QString& topic);
    /// Live figures, one line each.
    QStringList summary() const;

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void createMenus();
    void createFileMenu();
    void createViewMenu();
    void createDocks();
    void createStatusBar();
    void showWelcome();
    void showConnectDialog();
    void newQuery(const QString& connectionId, const QString& topic);
    void openQuery(const QueryDocument& document, const QString& topic);
    DashboardPanel* openDashboard(const DashboardDocument& document);
    void addToDashboard(const QueryDocument& query);
    void closeTab(int index);
    int addTab(QWidget* panel, int icon, const QString& title);
    void activateTreeItem(const QModelIndex& index);
    void pull();
    void save();
    QList<TabDocument> openTabs() const;

    Setup m_setup;
    FrameScheduler m_frames;
    Background m_background;
    LogModel m_log;
    LiveConnections m_connections;
    PanelContext m_context;
    std::shared_ptr<demo::Demo> m_demo;
    QString m_demoConnection;

    QTabWidget* m_tabs = nullptr;
    ConnectionTree* m_tree = nullptr;
    tables::SparkTree* m_treeView = nullptr;
    QDockWidget* m_leftDock = nullptr;
    QDockWidget* m_logDock = nullptr;
    dashboard::StatePill* m_state = nullptr;
    QLabel* m_rates = nullptr;
    QLabel* m_frame = nullptr;
    dashboard::StatusGauge* m_memory = nullptr;
};

} // namespace weir
