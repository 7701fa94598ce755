// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "app/panels/connection_mark.h"
#include "app/panels/dashboard_panel.h"
#include "app/panels/go_to_dialog.h"
#include "app/panels/help_window.h"
#include "app/panels/log_panel.h"
#include "app/panels/playback_bar.h"
#include "app/panels/query_panel.h"
#include "app/panels/topic_panel.h"
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"
#include "widgets/tables/spark_tree.h"

#include <QApplication>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QMessageBox>
#include <QShortcut>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>

namespace weir {

namespace {

QKeySequence keys(const char* text)
{
    return QKeySequence(QString::fromLatin1(text));
}

void collect(const QMenu& menu, const QString& path, std::vector<GoToEntry>& entries)
{
    for (QAction* action : menu.actions()) {
        QString name = action->text();
        name.remove(QLatin1Char('&'));
        if (action->menu())
            collect(*action->menu(), path + name + QStringLiteral(": "), entries);
        else if (!action->isSeparator() && action->isEnabled())
            entries.push_back({style::Icon::ChevronRight, path + name,
                action->shortcut().toString(QKeySequence::NativeText), [action] { action->trigger(); }});
    }
}

} // namespace

void MainWindow::createMenus()
{
    createFileMenu();
    createViewMenu();
    createGoMenu();
    createStreamMenu();
    createQueryMenu();
    createHelpMenu();
    auto* corner = new QWidget;
    auto* layout = new QHBoxLayout(corner);
    layout->setContentsMargins(0, 0, 8, 0);
    m_mark = new ConnectionMark;
    layout->addWidget(m_mark, 0, Qt::AlignVCenter);
    corner->setFixedHeight(menuBar()->sizeHint().height());
    menuBar()->setCornerWidget(corner, Qt::TopRightCorner);
    for (int number = 1; number <= 9; ++number) {
        auto* shortcut = new QShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(number)), this);
        connect(shortcut, &QShortcut::activated, this, [this, number] { m_tabs->setCurrentIndex(number - 1); });
    }
}

void MainWindow::createFileMenu()
{
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(style::icon(style::Icon::Connect), tr("Connect…"), keys("Ctrl+Shift+N"), this,
        [this] { showConnectDialog({}); });
    file->addAction(
        style::icon(style::Icon::Folder), tr("Open a capture…"), keys("Ctrl+O"), this, &MainWindow::chooseCapture);
    file->addAction(
        style::icon(style::Icon::Flask), tr("Start the demo"), keys("Ctrl+D"), this, &MainWindow::startDemo);
    file->addSeparator();
    file->addAction(tr("Close tab"), keys("Ctrl+W"), this, [this] { closeTab(m_tabs->currentIndex()); });
    file->addAction(tr("Quit"), keys("Ctrl+Q"), this, &QWidget::close);
}

void MainWindow::createViewMenu()
{
    QMenu* view = menuBar()->addMenu(tr("&View"));
    QAction* left = m_leftDock->toggleViewAction();
    left->setShortcut(keys("Ctrl+B"));
    QAction* log = m_logDock->toggleViewAction();
    log->setShortcut(keys("Ctrl+J"));
    view->addAction(left);
    view->addAction(log);
    view->addAction(style::icon(style::Icon::Theme), tr("Dark or light"), keys("Ctrl+Shift+L"), this,
        [] { style::ThemeSwitch::instance().toggle(*qApp); });
    view->addAction(style::icon(style::Icon::Star), tr("Welcome"), this, &MainWindow::showWelcome);
}

void MainWindow::createGoMenu()
{
    QMenu* go = menuBar()->addMenu(tr("&Go"));
    go->addAction(style::icon(style::Icon::Search), tr("Topic, query or dashboard…"), keys("Ctrl+P"), this,
        &MainWindow::goToSomething);
    go->addAction(tr("Any command…"), keys("Ctrl+Shift+P"), this, &MainWindow::goToCommand);
    go->addAction(style::icon(style::Icon::Filter), tr("Filter the tree"), keys("Ctrl+Shift+F"), this, [this] {
        m_leftDock->show();
        m_dock->focusFilter();
    });
    const auto withTopic = [this](void (TopicPanel::*call)()) {
        return [this, call] {
            if (auto* topic = qobject_cast<TopicPanel*>(currentPanel()))
                (topic->*call)();
        };
    };
    go->addAction(tr("Back (Alt+Left in a topic)"), this, withTopic(&TopicPanel::goBack));
    go->addAction(tr("Forward (Alt+Right in a topic)"), this, withTopic(&TopicPanel::goForward));
    go->addSeparator();
    go->addAction(tr("Next pane"), keys("F6"), this, [this] { focusPane(1); });
    go->addAction(tr("Previous pane"), keys("Shift+F6"), this, [this] { focusPane(-1); });
}

void MainWindow::createStreamMenu()
{
    QMenu* stream = menuBar()->addMenu(tr("&Stream"));
    stream->addAction(style::icon(style::Icon::Stop), tr("Start or stop reading"), keys("Ctrl+E"), this, [this] {
        if (TabPanel* panel = currentPanel())
            panel->toggleStream();
    });
    // Their plain keys belong to the views: they must not take letters from the editor.
    stream->addAction(style::icon(style::Icon::Pause), tr("Pause or follow (Space)"), this, [this] {
        if (auto* topic = qobject_cast<TopicPanel*>(currentPanel()))
            topic->togglePause();
        else if (auto* board = qobject_cast<DashboardPanel*>(currentPanel()))
            board->togglePause();
    });
    stream->addAction(style::icon(style::Icon::ArrowDown), tr("Newest record (End)"), this, [this] {
        if (auto* topic = qobject_cast<TopicPanel*>(currentPanel()))
            topic->followNewest();
    });
    addTopicActions(*stream);
    stream->addAction(style::icon(style::Icon::Save), tr("Save what the view holds…"), keys("Ctrl+S"), this,
        [this] { newCapture(askedHere(true)); });
    stream->addAction(style::icon(style::Icon::Save), tr("Capture…"), keys("Ctrl+Shift+S"), this,
        [this] { newCapture(askedHere(false)); });
    stream->addAction(style::icon(style::Icon::Export), tr("Export…"), keys("Ctrl+Shift+E"), this,
        [this] { newExport(askedHere(true)); });
    stream->addAction(style::icon(style::Icon::Play), tr("Replay…"), keys("Ctrl+Shift+R"), this, [this] {
        const auto* topic = qobject_cast<TopicPanel*>(currentPanel());
        newReplay(topic ? topic->connectionId() : markedConnection(), topic ? topic->topic() : QString());
    });
    stream->addSeparator();
    stream->addAction(style::icon(style::Icon::Play), tr("Play the capture, or pause"), keys("F5"), m_playback,
        &PlaybackBar::togglePlay);
    stream->addAction(style::icon(style::Icon::ArrowRight), tr("Step to what came next"), keys("F10"), m_playback,
        &PlaybackBar::step);
    stream->addAction(style::icon(style::Icon::Refresh), tr("Capture from the start"), keys("Shift+F5"), m_playback,
        &PlaybackBar::restart);
    stream->addSeparator();
    stream->addAction(style::icon(style::Icon::LockOpen), tr("Unlock writing…"), this, [this] {
        if (const QString id = markedConnection(); !id.isEmpty())
            unlockWriting(id);
    });
    stream->addAction(style::icon(style::Icon::LockClosed), tr("Lock writing again"), this, [this] {
        if (const QString id = markedConnection(); !id.isEmpty())
            lockWriting(id);
    });
}

/// What the topic in front can do; its plain keys belong to the view.
void MainWindow::addTopicActions(QMenu& menu)
{
    const auto withTopic = [this](auto call) {
        return [this, call] {
            if (auto* topic = qobject_cast<TopicPanel*>(currentPanel()))
                call(*topic);
        };
    };
    menu.addAction(style::icon(style::Icon::Clock), tr("Go to a time or offset (Ctrl+G)"), this,
        withTopic([](TopicPanel& topic) { topic.goToPlace(); }));
    menu.addAction(style::icon(style::Icon::Filter), tr("Filter records (/, Ctrl+/)"), this,
        withTopic([](TopicPanel& topic) { topic.focusFilter(); }));
    menu.addAction(style::icon(style::Icon::Search), tr("Find in the view… (Ctrl+F)"), this,
        withTopic([](TopicPanel& topic) { topic.find(); }));
    menu.addAction(tr("Search the whole topic (Ctrl+Return in the filter)"), this,
        withTopic([](TopicPanel& topic) { topic.searchTopic(); }));
    menu.addAction(
        style::icon(style::Icon::Table), tr("Profile of the topic"), this, [this] { newProfile(askedHere(false)); });
    menu.addAction(style::icon(style::Icon::Warning), tr("Expert notes on the topic"), this,
        [this] { newNotes(askedHere(false)); });
    menu.addSeparator();
    menu.addAction(style::icon(style::Icon::Plus), tr("Read another topic with it…"), this,
        withTopic([this](TopicPanel& topic) { chooseTopic(topic.connectionId()); }));
    menu.addAction(tr("Rows as they came"), this, withTopic([](TopicPanel& topic) { topic.sortBy({}); }));
    menu.addAction(
        tr("Rows by time"), this, withTopic([](TopicPanel& topic) { topic.sortBy(QStringLiteral("time")); }));
    menu.addAction(
        tr("Only the newest of each key"), this, withTopic([](TopicPanel& topic) { topic.setLatestPerKey(true); }));
    menu.addSeparator();
    menu.addAction(style::icon(style::Icon::Star), tr("Mark the record (Ctrl+M)"), this,
        withTopic([](TopicPanel& topic) { topic.toggleMark(); }));
    menu.addAction(tr("Comment the record…"), this, withTopic([](TopicPanel& topic) { topic.commentRecord(); }));
    menu.addAction(style::icon(style::Icon::Key), tr("Follow the record's key"), this,
        withTopic([](TopicPanel& topic) { topic.followKey(); }));
    menu.addAction(tr("Compare with the record before of its key"), this,
        withTopic([](TopicPanel& topic) { topic.compareWithBefore(); }));
    menu.addAction(tr("Next problem (F8)"), this, withTopic([](TopicPanel& topic) { topic.nextProblem(true); }));
    menu.addAction(
        tr("Previous problem (Shift+F8)"), this, withTopic([](TopicPanel& topic) { topic.nextProblem(false); }));
    menu.addSeparator();
}

void MainWindow::createQueryMenu()
{
    QMenu* query = menuBar()->addMenu(tr("&Query"));
    query->addAction(style::icon(style::Icon::Query), tr("New query"), keys("Ctrl+T"), this, [this] {
        const auto* topic = qobject_cast<TopicPanel*>(currentPanel());
        newQuery(topic ? topic->connectionId() : QString(), topic ? topic->topic() : QString());
    });
    query->addAction(style::icon(style::Icon::Play), tr("Run (Ctrl+Return in the editor)"), this, [this] {
        if (auto* panel = qobject_cast<QueryPanel*>(currentPanel()))
            panel->run();
    });
    query->addAction(style::icon(style::Icon::Play), tr("Run all (Ctrl+Shift+Return in the editor)"), this, [this] {
        if (auto* panel = qobject_cast<QueryPanel*>(currentPanel()))
            panel->runAll();
    });
    query->addAction(style::icon(style::Icon::Stop), tr("Stop (Esc in the editor)"), this, [this] {
        if (auto* panel = qobject_cast<QueryPanel*>(currentPanel()))
            panel->stop();
    });
    QMenu* dashboard = menuBar()->addMenu(tr("&Dashboard"));
    dashboard->addAction(style::icon(style::Icon::Dashboard), tr("New dashboard"), keys("Ctrl+Shift+D"), this,
        &MainWindow::newDashboard);
}

void MainWindow::createHelpMenu()
{
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(style::icon(style::Icon::Help), tr("Help"), keys("F1"), this, &MainWindow::showHelp);
    help->addAction(tr("About Weir"), this, [this] {
        auto* about = new QMessageBox(QMessageBox::NoIcon, tr("About Weir"), {}, QMessageBox::Close, this);
        about->setAttribute(Qt::WA_DeleteOnClose);
        about->setTextFormat(Qt::PlainText);
        about->setIconPixmap(style::logo(QSize(60, 45), devicePixelRatioF()));
        about->setText(tr("Weir %1, a workbench for event streams.\n\nFree software: GPL-3.0-or-later, without any "
                          "warranty. No account, no telemetry.")
                           .arg(QApplication::applicationVersion()));
        about->open();
    });
}

void MainWindow::showHelp()
{
    auto* window = findChild<HelpWindow*>();
    if (!window)
        window = new HelpWindow(this);
    window->show();
    window->raise();
    window->activateWindow();
}

void MainWindow::tabMenu(const QPoint& place)
{
    const int index = m_tabs->tabBar()->tabAt(place);
    const TabPanel* panel = panelAt(index);
    if (!panel)
        return;
    QMenu menu;
    const std::optional<TabDocument> tab = panel->tab();
    if (tab && tab->kind != QLatin1String("topic"))
        menu.addAction(style::icon(style::Icon::Edit), tr("Rename…"), this, [this, index] { renameTab(index); });
    menu.addAction(style::icon(style::Icon::Close), tr("Close"), this, [this, index] { closeTab(index); });
    if (m_tabs->count() > 1)
        menu.addAction(tr("Close the others"), this, [this, kept = m_tabs->widget(index)] {
            for (int i = m_tabs->count() - 1; i >= 0; --i) {
                if (m_tabs->widget(i) != kept)
                    closeTab(i);
            }
        });
    menu.exec(m_tabs->tabBar()->mapToGlobal(place));
}

void MainWindow::focusPane(int direction)
{
    QList<QWidget*> panes{m_dock->tree()};
    if (const TabPanel* panel = currentPanel())
        panes += panel->panes();
    panes.append(m_logPanel->table());
    panes.removeIf([](QWidget* pane) { return !pane || !pane->isVisible(); });
    if (panes.isEmpty())
        return;
    const QWidget* focus = QApplication::focusWidget();
    qsizetype at = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (focus && (panes[i] == focus || panes[i]->isAncestorOf(focus)))
            at = i;
    }
    const qsizetype next =
        at < 0 ? (direction > 0 ? 0 : panes.size() - 1) : (at + direction + panes.size()) % panes.size();
    panes[next]->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::goToSomething()
{
    std::vector<GoToEntry> entries;
    for (const ConnectionState& state : m_connections.states()) {
        if (!state.snapshot)
            continue;
        for (const TopicRate& topic : state.snapshot->topics) {
            const QString name = QString::fromStdString(topic.name);
            if (!topic.internal)
                entries.push_back({style::Icon::Topic, name, state.document.name,
                    [this, id = state.document.id, name] { openTopic(id, name); }});
        }
    }
    for (const QueryDocument& query : m_setup.workspace.queries())
        entries.push_back({style::Icon::Query, query.name, tr("query"), [this, query] { openQuery(query); }});
    for (const DashboardDocument& board : m_setup.workspace.dashboards())
        entries.push_back(
            {style::Icon::Dashboard, board.name, tr("dashboard"), [this, board] { openDashboard(board); }});
    GoToDialog dialog(std::move(entries), tr("Topic, query or dashboard"), this);
    if (dialog.exec() == QDialog::Accepted && dialog.chosen())
        dialog.chosen()();
}

/// To be read together with those of the topic in front.
void MainWindow::chooseTopic(const QString& connectionId)
{
    auto* front = qobject_cast<TopicPanel*>(currentPanel());
    if (!front)
        return;
    std::vector<GoToEntry> entries;
    for (const ConnectionState& state : m_connections.states()) {
        for (const TopicRate& topic : state.snapshot ? state.snapshot->topics : std::vector<TopicRate>()) {
            const QString name = QString::fromStdString(topic.name);
            if (state.document.id == connectionId && !topic.internal && !front->topics().contains(name))
                entries.push_back({style::Icon::Topic, name, {}, [front, name] { front->addTopic(name); }});
        }
    }
    GoToDialog dialog(std::move(entries), tr("Topic to read with it"), this);
    if (dialog.exec() == QDialog::Accepted && dialog.chosen())
        dialog.chosen()();
}

void MainWindow::goToCommand()
{
    std::vector<GoToEntry> entries;
    for (QAction* action : menuBar()->actions()) {
        if (action->menu())
            collect(*action->menu(), {}, entries);
    }
    GoToDialog dialog(std::move(entries), tr("Command"), this);
    if (dialog.exec() == QDialog::Accepted && dialog.chosen())
        dialog.chosen()();
}

} // namespace weir
