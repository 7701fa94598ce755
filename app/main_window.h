// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo/demo.h"
#include "app/panels/connection_dock.h"
#include "app/panels/panel_context.h"
#include "app/panels/read_form.h"
#include "app/session/record_place.h"
#include "app/workspace/workspace.h"

#include <QMainWindow>

class QTabWidget;

namespace weir {
class ConnectionMark;
class DashboardPanel;
class LogPanel;
class PlaybackBar;
class QueryPanel;
class StatusStrip;
class TabPanel;
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
        Prompts prompts = dialogPrompts();
        SessionOpener opener = Session::open;
        std::shared_ptr<LiveBuffers> buffers = nullptr; ///< of topic views; null: rows are in memory
    };

    explicit MainWindow(Setup setup);
    ~MainWindow() override;

    /// Connections, tabs and geometry as they were left.
    void restore();
    /// Starts the demo and opens its dashboard; goes to the dashboard when the demo runs already.
    void startDemo();
    /// Opens a connection that is not saved; its id is what openTopic() takes.
    QString connectTo(const QString& bootstrapServers);
    /// Opens a capture, or a broker's data folder, like a cluster; its id is what openTopic() takes.
    QString openCapture(const QString& folder);
    /// Each of these goes to the tab that shows it, if there is one.
    TopicPanel* openTopic(const QString& connectionId, const QString& topic);
    /// A record in its topic.
    void openRecord(const QString& connectionId, const RecordPlace& place);
    QueryPanel* openQuery(const QueryDocument& document);
    DashboardPanel* openDashboard(const DashboardDocument& document);
    /// A new query, with the table of `topic` unless that is empty. An empty connection means the one at hand.
    QueryPanel* newQuery(const QString& connectionId, const QString& topic);
    /// Live figures, one line each.
    QStringList summary() const;

    // What is on screen, for tests and benches.
    QTabWidget* tabs() const { return m_tabs; }
    TabPanel* currentPanel() const;
    ConnectionDock* connectionDock() const { return m_dock; }
    LiveConnections& connections() { return m_connections; }
    LogModel& log() { return m_log; }
    FrameScheduler& frames() { return m_frames; }

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    // main_window.cpp
    void createTabs();
    void createPlayback();
    void createDocks();
    QWidget* tabArea() const;
    int addTab(TabPanel* panel);
    TabPanel* panelAt(int index) const;
    template <typename Panel, typename Matches>
    Panel* findTab(Matches matches) const;
    void closeTab(int index);
    void showWelcome();
    void showTabTitle(TabPanel* panel);
    void showMark();
    QString markedConnection() const;
    void pullTree();
    void pullStatus();
    void save();

    // main_window_menus.cpp
    void createMenus();
    void createFileMenu();
    void createViewMenu();
    void createGoMenu();
    void createStreamMenu();
    void addTopicActions(QMenu& menu);
    void createQueryMenu();
    void createHelpMenu();
    void tabMenu(const QPoint& place);
    void focusPane(int direction);
    void goToSomething();
    void goToCommand();
    void showHelp();

    // main_window_documents.cpp
    void showConnectDialog(const ConnectionDocument& document);
    void act(TreeAction action, const TreeNode& node);
    void actOnConnection(TreeAction action, const TreeNode& node);
    void actOnTopic(TreeAction action, const TreeNode& node);
    void actOnDocument(TreeAction action, const TreeNode& node);
    void showTopic(TopicPanel* panel);
    void showFilters();
    void showMarks();
    void chooseTopic(const QString& connectionId);
    void addToView(const TreeNode& node);
    void actOnMark(TreeAction action, const TreeNode& node);
    void addConnection(const ConnectionDocument& document, bool connectNow);
    void openConnection(const QString& id);
    void removeConnection(const TreeNode& node);
    // main_window_captures.cpp
    void chooseCapture();
    void newCapture(const ReadForm::Asked& asked);
    void newExport(const ReadForm::Asked& asked);
    void newProfile(const ReadForm::Asked& asked);
    void newNotes(const ReadForm::Asked& asked);
    ReadForm::Asked askedHere(bool takesView) const;
    void newReplay(const QString& connectionId, const QString& topic);
    void verifyCapture(const QString& connectionId);
    void recoverCapture(const QString& connectionId);
    // main_window_documents.cpp
    void unlockWriting(const QString& connectionId);
    void lockWriting(const QString& connectionId);
    void demoStarted(Result<std::shared_ptr<demo::Demo>> started);
    void openPanelAsQuery(const DashboardPanelDocument& panel);
    void addToDashboard(const DashboardPanelDocument& panel);
    void addQueryToDashboard(const QueryDocument& query);
    void newDashboard();
    void renameTab(int index);
    void renameDocument(const TreeNode& node, const QString& name);
    void restoreTab(const TabDocument& tab);
    QString freshName(const QString& base, const QStringList& taken) const;
    QList<TabDocument> tabsToSave(int* current) const;
    SavedDocuments savedDocuments() const;

    Setup m_setup;
    FrameScheduler m_frames;
    Background m_background;
    LogModel m_log;
    Traffic m_traffic;
    LiveConnections m_connections;
    PanelContext m_context;
    std::shared_ptr<demo::Demo> m_demo;
    bool m_demoStarting = false;
    std::uint64_t m_edits = 0; ///< of documents that the tree lists

    QTabWidget* m_tabs = nullptr;
    PlaybackBar* m_playback = nullptr;
    ConnectionDock* m_dock = nullptr;
    QDockWidget* m_leftDock = nullptr;
    QDockWidget* m_logDock = nullptr;
    LogPanel* m_logPanel = nullptr;
    StatusStrip* m_status = nullptr;
    ConnectionMark* m_mark = nullptr;
};

} // namespace weir
