// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "app/engine/pipeline/reaper.h"
#include "app/models/connection_tree.h"
#include "app/panels/connect_dialog.h"
#include "app/panels/dashboard_panel.h"
#include "app/panels/demo_documents.h"
#include "app/panels/help_window.h"
#include "app/panels/query_panel.h"
#include "app/panels/topic_panel.h"
#include "app/panels/welcome_panel.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/dashboard/status_gauge.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"
#include "widgets/tables/spark_tree.h"

#include <QApplication>
#include <QDockWidget>
#include <QHeaderView>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QShortcut>
#include <QStatusBar>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>

#include <thread>

namespace weir {

namespace {

constexpr int statusMs = 250;
constexpr int rateColumn = 62;
constexpr int sizeColumn = 76;

style::Icon iconOf(int icon)
{
    return static_cast<style::Icon>(icon);
}

/// The past is written within a second or so; a rate measured meanwhile would dwarf the traffic that follows.
void waitForHistory(const demo::Demo& demo)
{
    std::uint64_t written = 0;
    for (int i = 0; i < 15 && (written == 0 || demo.summary().history != written); ++i) {
        written = demo.summary().history;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

} // namespace

MainWindow::MainWindow(Setup setup)
    : m_setup(setup), m_log(setup.clock),
      m_connections(setup.budget, setup.clock), m_context{m_connections, m_frames, m_background, m_log}
{
    setWindowTitle(QStringLiteral("Weir"));
    resize(1600, 1000);
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &MainWindow::closeTab);
    setCentralWidget(m_tabs);
    createDocks();
    createMenus();
    createStatusBar();
    connect(&m_connections, &LiveConnections::changed, this, &MainWindow::pull);
    m_frames.add(this,
        {[this] { return m_connections.generation() + m_setup.budget->used() / (1 << 20); }, [this] { pull(); },
            statusMs});
    m_frames.start();
}

MainWindow::~MainWindow()
{
    m_frames.stop();
    if (m_demo)
        Reaper::instance().take(std::move(m_demo));
}

void MainWindow::createDocks()
{
    m_tree = new ConnectionTree(this);
    m_treeView = new tables::SparkTree;
    m_treeView->setModel(m_tree);
    m_treeView->setColumnPixels(ConnectionTree::TrendColumn, style::Theme::sizes().width.sparkline + 10);
    m_treeView->setColumnPixels(ConnectionTree::RateColumn, rateColumn);
    m_treeView->setColumnPixels(ConnectionTree::SizeColumn, sizeColumn);
    connect(m_treeView, &QTreeView::activated, this, &MainWindow::activateTreeItem);
    connect(m_treeView, &QTreeView::doubleClicked, this, &MainWindow::activateTreeItem);
    connect(m_tree, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& parent) {
        m_treeView->expand(parent);
        for (int row = 0; row < m_tree->rowCount(parent); ++row)
            m_treeView->expand(m_tree->index(row, 0, parent));
    });
    m_leftDock = new QDockWidget(tr("Connections"), this);
    m_leftDock->setObjectName(QStringLiteral("connections"));
    m_leftDock->setWidget(m_treeView);
    addDockWidget(Qt::LeftDockWidgetArea, m_leftDock);
    resizeDocks({m_leftDock}, {style::Theme::sizes().width.leftDock}, Qt::Horizontal);

    auto* log = new QTableView;
    log->setModel(&m_log);
    log->verticalHeader()->hide();
    log->horizontalHeader()->setStretchLastSection(true);
    log->setShowGrid(false);
    style::setRole(log, style::Role::Data);
    connect(&m_log, &QAbstractItemModel::rowsInserted, log, &QTableView::scrollToBottom);
    m_logDock = new QDockWidget(tr("Log"), this);
    m_logDock->setObjectName(QStringLiteral("log"));
    m_logDock->setWidget(log);
    addDockWidget(Qt::BottomDockWidgetArea, m_logDock);
    m_logDock->hide();
}

void MainWindow::createMenus()
{
    createFileMenu();
    createViewMenu();
    QMenu* query = menuBar()->addMenu(tr("&Query"));
    query->addAction(style::icon(style::Icon::Query), tr("New query"), QKeySequence(QStringLiteral("Ctrl+T")), this,
        [this] { newQuery({}, {}); });
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(style::icon(style::Icon::Help), tr("Help"), QKeySequence(Qt::Key_F1), this,
        [this] { HelpWindow(this).exec(); });
    help->addAction(tr("About Weir"), this, [this] {
        QMessageBox::about(this, tr("About Weir"),
            tr("Weir %1, a workbench for event streams.\nGPL-3.0-or-later.").arg(QApplication::applicationVersion()));
    });
}

void MainWindow::createFileMenu()
{
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addAction(style::icon(style::Icon::Connect), tr("Connect…"), QKeySequence(QStringLiteral("Ctrl+Shift+N")),
        this, &MainWindow::showConnectDialog);
    file->addAction(style::icon(style::Icon::Flask), tr("Start the demo"), QKeySequence(QStringLiteral("Ctrl+D")), this,
        &MainWindow::startDemo);
    file->addSeparator();
    file->addAction(
        tr("Close tab"), QKeySequence(QStringLiteral("Ctrl+W")), this, [this] { closeTab(m_tabs->currentIndex()); });
    file->addAction(tr("Quit"), QKeySequence(QStringLiteral("Ctrl+Q")), this, &QWidget::close);
}

void MainWindow::createViewMenu()
{
    QMenu* view = menuBar()->addMenu(tr("&View"));
    QAction* left = m_leftDock->toggleViewAction();
    left->setShortcut(QKeySequence(QStringLiteral("Ctrl+B")));
    QAction* log = m_logDock->toggleViewAction();
    log->setShortcut(QKeySequence(QStringLiteral("Ctrl+J")));
    view->addAction(left);
    view->addAction(log);
    view->addAction(tr("Welcome"), this, &MainWindow::showWelcome);
    view->addAction(style::icon(style::Icon::Theme), tr("Dark or light"), QKeySequence(QStringLiteral("Ctrl+Shift+L")),
        this, [] { style::ThemeSwitch::instance().toggle(*qApp); });
    for (int number = 1; number <= 9; ++number) {
        auto* shortcut = new QShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(number)), this);
        connect(shortcut, &QShortcut::activated, this, [this, number] { m_tabs->setCurrentIndex(number - 1); });
    }
}

void MainWindow::createStatusBar()
{
    m_state = new dashboard::StatePill;
    m_state->setPlain(true);
    m_state->setState(style::State::NotConnected);
    m_rates = style::label({}, style::Role::Secondary);
    m_memory = new dashboard::StatusGauge(tr("Memory"));
    m_frame = style::label({}, style::Role::Secondary);
    statusBar()->addWidget(m_state);
    statusBar()->addWidget(m_rates);
    statusBar()->addPermanentWidget(m_memory);
    statusBar()->addPermanentWidget(m_frame);
    statusBar()->addPermanentWidget(style::label(tr("Times in UTC"), style::Role::Secondary));
}

int MainWindow::addTab(QWidget* panel, int icon, const QString& title)
{
    const int index = m_tabs->addTab(panel, style::icon(iconOf(icon), style::Tint::Muted, style::Tint::Accent), title);
    m_tabs->setCurrentIndex(index);
    return index;
}

void MainWindow::showWelcome()
{
    auto* welcome = new WelcomePanel;
    connect(welcome, &WelcomePanel::connectRequested, this, &MainWindow::showConnectDialog);
    connect(welcome, &WelcomePanel::demoRequested, this, &MainWindow::startDemo);
    addTab(welcome, static_cast<int>(style::Icon::Star), tr("Welcome"));
}

void MainWindow::showConnectDialog()
{
    ConnectDialog dialog(m_background, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    ConnectionDocument document = dialog.document();
    auto saved = m_setup.workspace.saveConnection(document);
    document.id = saved ? *saved : newDocumentId();
    if (!saved)
        m_log.add(LogLevel::Error, document.name, QString::fromStdString(saved.error().text()));
    if (const auto added = m_connections.add(document, dialog.connectNow()); !added)
        m_log.add(LogLevel::Error, document.name, QString::fromStdString(added.error().text()));
}

QString MainWindow::connectTo(const QString& bootstrapServers)
{
    ConnectionDocument document;
    document.id = newDocumentId();
    document.name = bootstrapServers;
    document.bootstrapServers = bootstrapServers;
    if (const auto added = m_connections.add(document, true); !added)
        m_log.add(LogLevel::Error, document.name, QString::fromStdString(added.error().text()));
    return document.id;
}

void MainWindow::startDemo()
{
    if (m_demo)
        return;
    demo::DemoOptions options;
    options.clock = &m_setup.clock;
    m_background.run(
        this,
        [options]() -> Result<std::shared_ptr<demo::Demo>> {
            auto started = demo::Demo::start(options);
            if (!started)
                return started.error();
            waitForHistory(**started);
            return std::shared_ptr<demo::Demo>(std::move(*started));
        },
        [this](Result<std::shared_ptr<demo::Demo>> started) {
            if (!started) {
                m_log.add(LogLevel::Error, tr("Demo"), QString::fromStdString(started.error().text()));
                return;
            }
            m_demo = std::move(*started);
            const ConnectionDocument document = demoConnection(*m_demo);
            m_demoConnection = document.id;
            (void)m_connections.add(document, true);
            openDashboard(demoDashboard(document));
        });
}

void MainWindow::openTopic(const QString& connectionId, const QString& topic)
{
    auto* panel = new TopicPanel(m_context, connectionId, topic);
    connect(panel, &TopicPanel::queryRequested, this, &MainWindow::newQuery);
    addTab(panel, static_cast<int>(style::Icon::Topic), topic);
}

void MainWindow::newQuery(const QString& connectionId, const QString& topic)
{
    QueryDocument document;
    document.id = newDocumentId();
    document.name = topic.isEmpty() ? tr("Query") : tr("Query %1").arg(topic);
    document.connection = connectionId;
    if (connectionId.isEmpty())
        m_connections.first(&document.connection);
    openQuery(document, topic);
}

void MainWindow::openQuery(const QueryDocument& document, const QString& topic)
{
    auto* panel = new QueryPanel(m_context, document);
    connect(panel, &QueryPanel::edited, this, [this](const QueryDocument& edited) {
        if (edited.connection != m_demoConnection)
            (void)m_setup.workspace.saveQuery(edited);
    });
    connect(panel, &QueryPanel::addToDashboardRequested, this, &MainWindow::addToDashboard);
    addTab(panel, static_cast<int>(style::Icon::Query), document.name);
    if (!topic.isEmpty())
        panel->startFromTopic(topic);
}

DashboardPanel* MainWindow::openDashboard(const DashboardDocument& document)
{
    auto* panel = new DashboardPanel(m_context, document);
    connect(panel, &DashboardPanel::edited, this,
        [this](const DashboardDocument& edited) { (void)m_setup.workspace.saveDashboard(edited); });
    addTab(panel, static_cast<int>(style::Icon::Dashboard), document.name);
    return panel;
}

void MainWindow::addToDashboard(const QueryDocument& query)
{
    DashboardPanelDocument panel;
    panel.kind = QStringLiteral("query");
    panel.title = query.name;
    panel.connection = query.connection;
    panel.sql = query.sql;
    panel.plotColumn = query.plotColumn;
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (auto* open = qobject_cast<DashboardPanel*>(m_tabs->widget(i))) {
            open->addPanel(panel);
            m_tabs->setCurrentIndex(i);
            return;
        }
    }
    DashboardDocument document;
    document.id = newDocumentId();
    document.name = tr("Dashboard");
    openDashboard(document)->addPanel(panel);
}

void MainWindow::closeTab(int index)
{
    if (QWidget* panel = m_tabs->widget(index)) {
        m_tabs->removeTab(index);
        panel->deleteLater();
    }
    if (m_tabs->count() == 0)
        showWelcome();
}

void MainWindow::activateTreeItem(const QModelIndex& index)
{
    const QModelIndex name = index.siblingAtColumn(ConnectionTree::NameColumn);
    const auto kind = static_cast<ConnectionTree::NodeKind>(name.data(ConnectionTree::KindRole).toInt());
    if (kind == ConnectionTree::NodeKind::Topic)
        openTopic(
            name.data(ConnectionTree::ConnectionIdRole).toString(), name.data(ConnectionTree::NameRole).toString());
}

void MainWindow::pull()
{
    const std::vector<ConnectionState> states = m_connections.states();
    m_tree->update(states);
    std::size_t live = 0;
    double rate = 0;
    for (const ConnectionState& state : states) {
        if (!state.snapshot)
            continue;
        live += state.snapshot->connection == Connection::Up ? 1 : 0;
        rate += state.snapshot->recordsPerSecond;
        const QString key = QStringLiteral("connection/") + state.document.id;
        if (state.snapshot->connection == Connection::Down)
            m_log.setCondition(key, state.document.name, QString::fromStdString(state.snapshot->connectionText));
        else
            m_log.clearCondition(key);
    }
    if (states.empty())
        m_state->setState(style::State::NotConnected);
    else
        m_state->setState(live == states.size() ? style::State::Live : style::State::Stale,
            tr("Live %1 of %2 connections").arg(live).arg(states.size()));
    m_rates->setText(tr("On the brokers %1").arg(format::rate(rate)));
    m_memory->setValue(static_cast<double>(m_setup.budget->used()), static_cast<double>(m_setup.budget->limit()));
    m_frame->setText(tr("Frame %1 ms").arg(m_frames.frameCostMs(), 0, 'f', 1));
}

QStringList MainWindow::summary() const
{
    QStringList lines;
    for (const ConnectionState& state : m_connections.states()) {
        if (state.snapshot)
            lines.append(tr("%1 at %2: %3 topics, %4")
                             .arg(state.document.name, state.document.bootstrapServers)
                             .arg(state.snapshot->topics.size())
                             .arg(format::rate(state.snapshot->recordsPerSecond)));
    }
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (const auto* open = qobject_cast<const DashboardPanel*>(m_tabs->widget(i)))
            lines.append(open->summary());
    }
    lines.append(tr("Memory: %1 of %2")
                     .arg(format::bytes(static_cast<double>(m_setup.budget->used())),
                         format::bytes(static_cast<double>(m_setup.budget->limit()))));
    return lines;
}

QList<TabDocument> MainWindow::openTabs() const
{
    QList<TabDocument> tabs;
    for (int i = 0; i < m_tabs->count(); ++i) {
        TabDocument tab;
        if (const auto* topic = qobject_cast<const TopicPanel*>(m_tabs->widget(i)))
            tab = {QStringLiteral("topic"), topic->connectionId(), topic->topic()};
        else if (const auto* query = qobject_cast<const QueryPanel*>(m_tabs->widget(i)))
            tab = {QStringLiteral("query"), query->document().connection, query->document().id};
        else if (const auto* board = qobject_cast<const DashboardPanel*>(m_tabs->widget(i)))
            tab = {QStringLiteral("dashboard"), {}, board->document().id};
        // What belongs to the demo ends with it.
        const bool demo =
            !m_demoConnection.isEmpty() && (tab.connection == m_demoConnection || tab.name == demoDashboardId());
        if (!tab.kind.isEmpty() && !demo)
            tabs.append(tab);
    }
    return tabs;
}

void MainWindow::save()
{
    WindowDocument window = m_setup.workspace.window();
    window.geometry = saveGeometry();
    window.state = saveState();
    const bool dark = style::ThemeSwitch::instance().mode() == style::Mode::Dark;
    window.theme = dark ? QStringLiteral("dark") : QStringLiteral("light");
    window.tabs = openTabs();
    window.currentTab = m_tabs->currentIndex();
    if (const auto saved = m_setup.workspace.saveWindow(window); !saved)
        m_log.add(LogLevel::Error, tr("Window"), QString::fromStdString(saved.error().text()));
}

void MainWindow::restore()
{
    for (const QString& message : m_setup.workspace.messages())
        m_log.add(LogLevel::Warning, tr("Documents"), message);
    for (const ConnectionDocument& document : m_setup.workspace.connections())
        (void)m_connections.add(document, document.connectAtStart);
    const WindowDocument window = m_setup.workspace.window();
    restoreGeometry(window.geometry);
    restoreState(window.state);
    for (const TabDocument& tab : window.tabs) {
        if (tab.kind == QLatin1String("topic"))
            openTopic(tab.connection, tab.name);
        else if (const QueryDocument* query = m_setup.workspace.query(tab.name);
                 query && tab.kind == QLatin1String("query"))
            openQuery(*query, {});
        else if (const DashboardDocument* board = m_setup.workspace.dashboard(tab.name))
            openDashboard(*board);
    }
    if (m_tabs->count() == 0)
        showWelcome();
    m_tabs->setCurrentIndex(std::clamp(window.currentTab, 0, m_tabs->count() - 1));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    save();
    QMainWindow::closeEvent(event);
}

} // namespace weir
