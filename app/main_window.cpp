// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "app/engine/pipeline/reaper.h"
#include "app/panels/connection_mark.h"
#include "app/panels/dashboard_panel.h"
#include "app/panels/log_panel.h"
#include "app/panels/playback_bar.h"
#include "app/panels/status_strip.h"
#include "app/panels/tab_panel.h"
#include "app/panels/welcome_panel.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"
#include "widgets/tables/spark_tree.h"

#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int statusMs = 250;
constexpr int playbackMs = 50;

ConnectionMark::Lock lockOf(const std::shared_ptr<Session>& session)
{
    if (!session)
        return ConnectionMark::Lock::NotConnected;
    return session->isWritable() ? ConnectionMark::Lock::Writable : ConnectionMark::Lock::ReadOnly;
}

} // namespace

MainWindow::MainWindow(Setup setup)
    : m_setup(std::move(setup)), m_log(m_setup.clock),
      m_connections(m_setup.budget, m_setup.clock, m_setup.opener), m_context{m_connections, m_frames, m_background,
                                                                        m_log, m_traffic, m_setup.prompts}
{
    m_connections.setLiveBuffers(m_setup.buffers);
    setWindowTitle(QStringLiteral("Weir"));
    setWindowIcon(QIcon(style::logo(QSize(64, 48))));
    resize(1600, 1000);
    createTabs();
    createDocks();
    createMenus();
    m_status = new StatusStrip(statusBar());
    connect(&m_connections, &LiveConnections::changed, this, [this] {
        pullTree();
        pullStatus();
        showMark();
        for (int i = 0; i < m_tabs->count(); ++i)
            showTabTitle(panelAt(i));
    });
    m_frames.add(
        m_dock, {[this] { return m_connections.generation() + (m_edits << 48); }, [this] { pullTree(); }, statusMs});
    m_frames.add(this,
        {[this] { return static_cast<std::uint64_t>(m_setup.clock.wallMs() / statusMs); }, [this] { pullStatus(); },
            statusMs});
    m_frames.start();
}

MainWindow::~MainWindow()
{
    m_frames.stop();
    delete takeCentralWidget(); // tabs let go of what the window owns: before that is gone
    if (m_demo)
        Reaper::instance().take(std::move(m_demo));
}

void MainWindow::createTabs()
{
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setContextMenuPolicy(Qt::CustomContextMenu);
    QToolButton* add = style::iconButton(style::icon(style::Icon::Plus), tr("New query (Ctrl+T)"));
    connect(add, &QToolButton::clicked, this, [this] { newQuery({}, {}); });
    m_tabs->setCornerWidget(add, Qt::TopRightCorner);
    connect(m_tabs, &QTabWidget::tabCloseRequested, this, &MainWindow::closeTab);
    connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindow::showMark);
    connect(m_tabs->tabBar(), &QWidget::customContextMenuRequested, this, &MainWindow::tabMenu);
    connect(m_tabs, &QTabWidget::tabBarDoubleClicked, this, &MainWindow::renameTab);
    createPlayback();
    auto* central = new QWidget;
    auto* layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_playback);
    setCentralWidget(central);
}

void MainWindow::createPlayback()
{
    m_playback = new PlaybackBar(m_connections, m_background);
    connect(m_playback, &PlaybackBar::failed, this, [this](const QString& text) {
        m_log.add(LogLevel::Error, m_connections.document(markedConnection()).name, text);
    });
    m_frames.add(m_playback,
        {[this] { return static_cast<std::uint64_t>(m_setup.clock.wallMs() / playbackMs); },
            [this] { m_playback->pull(); }, playbackMs});
}

void MainWindow::createDocks()
{
    m_dock = new ConnectionDock;
    connect(m_dock, &ConnectionDock::requested, this, &MainWindow::act);
    connect(m_dock, &ConnectionDock::connectRequested, this, [this] { showConnectDialog({}); });
    m_leftDock = new QDockWidget(tr("Connections"), this);
    m_leftDock->setObjectName(QStringLiteral("connections"));
    m_leftDock->setWidget(m_dock);
    auto* head = new QFrame;
    style::setRole(head, style::Role::PanelHead);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(12, 0, 6, 0);
    layout->addWidget(style::label(tr("Connections"), style::Role::Strong));
    layout->addStretch(1);
    QToolButton* add = style::iconButton(style::icon(style::Icon::Plus), tr("Connect… (Ctrl+Shift+N)"));
    connect(add, &QToolButton::clicked, this, [this] { showConnectDialog({}); });
    layout->addWidget(add);
    head->setFixedHeight(style::Theme::sizes().height.tabBar);
    m_leftDock->setTitleBarWidget(head);
    addDockWidget(Qt::LeftDockWidgetArea, m_leftDock);
    resizeDocks({m_leftDock}, {style::Theme::sizes().width.leftDock}, Qt::Horizontal);

    m_logPanel = new LogPanel(m_log);
    m_logDock = new QDockWidget(tr("Log"), this);
    m_logDock->setObjectName(QStringLiteral("log"));
    m_logDock->setWidget(m_logPanel);
    m_logDock->setTitleBarWidget(new QWidget); // the panel has a head of its own
    addDockWidget(Qt::BottomDockWidgetArea, m_logDock);
    m_logDock->hide();
}

/// The parent of a tab from its beginning: to be given another one later would style all of it a second time.
QWidget* MainWindow::tabArea() const
{
    return m_tabs->findChild<QStackedWidget*>(QString(), Qt::FindDirectChildrenOnly);
}

TabPanel* MainWindow::panelAt(int index) const
{
    return qobject_cast<TabPanel*>(m_tabs->widget(index));
}

TabPanel* MainWindow::currentPanel() const
{
    return panelAt(m_tabs->currentIndex());
}

int MainWindow::addTab(TabPanel* panel)
{
    const QIcon icon = style::icon(panel->icon(), style::Tint::Muted, style::Tint::Accent);
    const int index = m_tabs->addTab(panel, icon, panel->title());
    connect(panel, &TabPanel::titleChanged, this, [this, panel] {
        showTabTitle(panel);
        showMark();
    });
    showTabTitle(panel);
    m_tabs->setCurrentIndex(index);
    if (QWidget* first = panel->panes().value(0))
        first->setFocus();
    // The first screen has said what it had to say once there is another one.
    for (int i = m_tabs->count() - 1; i >= 0; --i) {
        if (i != index && qobject_cast<WelcomePanel*>(m_tabs->widget(i)))
            closeTab(i);
    }
    return m_tabs->indexOf(panel);
}

void MainWindow::showTabTitle(TabPanel* panel)
{
    const int index = m_tabs->indexOf(panel);
    if (index < 0)
        return;
    const QString id = panel->connectionId();
    const QString connection = id.isEmpty() ? QString() : m_connections.document(id).name;
    const bool several = m_connections.states().size() > 1 && !connection.isEmpty();
    QString title = panel->title();
    title.replace(QLatin1Char('&'), QStringLiteral("&&"));
    m_tabs->setTabText(index, several ? tr("%1 · %2").arg(title, connection) : title);
    m_tabs->setTabToolTip(index, connection.isEmpty() ? panel->title() : tr("%1, %2").arg(panel->title(), connection));
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

void MainWindow::showWelcome()
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (qobject_cast<WelcomePanel*>(m_tabs->widget(i))) {
            m_tabs->setCurrentIndex(i);
            return;
        }
    }
    auto* welcome = new WelcomePanel(tabArea());
    connect(welcome, &WelcomePanel::connectRequested, this, [this] { showConnectDialog({}); });
    connect(welcome, &WelcomePanel::demoRequested, this, &MainWindow::startDemo);
    addTab(welcome);
}

/// That which the current tab looks at, or else the first that is open; empty if there is none.
QString MainWindow::markedConnection() const
{
    const TabPanel* panel = currentPanel();
    QString id = panel ? panel->connectionId() : QString();
    if (!m_connections.contains(id))
        m_connections.first(&id);
    return m_connections.contains(id) ? id : QString();
}

void MainWindow::showMark()
{
    const QString id = markedConnection();
    if (!id.isEmpty())
        m_mark->show(m_connections.document(id), lockOf(m_connections.session(id)));
    else
        m_mark->showNone();
    m_playback->showCapture(id);
    // The menu bar makes room for its corner only when it is given one.
    m_mark->parentWidget()->adjustSize();
    menuBar()->setCornerWidget(m_mark->parentWidget(), Qt::TopRightCorner);
    m_mark->parentWidget()->show();
}

void MainWindow::pullTree()
{
    m_dock->update(m_connections.states(), savedDocuments());
    if (m_mark->lock() != lockOf(m_connections.session(markedConnection())))
        showMark(); // the time of an unlocked connection is over
}

void MainWindow::pullStatus()
{
    for (const QString& failure : m_setup.workspace.takeFailures())
        m_log.add(LogLevel::Error, tr("Documents"), failure);
    const std::vector<ConnectionState> states = m_connections.states();
    for (const ConnectionState& state : states) {
        const QString key = QStringLiteral("connection/") + state.document.id;
        if (state.snapshot && state.snapshot->connection == Connection::Down)
            m_log.setCondition(key, state.document.name, QString::fromStdString(state.snapshot->connectionText));
        else
            m_log.clearCondition(key);
    }
    m_status->showConnections(states);
    m_status->showFlow(m_traffic.total());
    m_status->showMemory(m_setup.budget->used(), m_setup.budget->limit());
    if (m_setup.buffers)
        m_status->showDisk(m_setup.buffers->usedBytes(), m_setup.buffers->limitBytes());
    m_status->showFrame(m_frames.frameCostMs());
    m_playback->pull(); // it is hidden until its capture was looked at
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
    for (int i = 0; i < m_tabs->count(); ++i)
        lines.append(panelAt(i)->summary());
    lines.append(tr("Memory: %1 of %2")
                     .arg(format::bytes(static_cast<double>(m_setup.budget->used())),
                         format::bytes(static_cast<double>(m_setup.budget->limit()))));
    if (m_setup.buffers)
        lines.append(tr("Disk: %1 of %2")
                         .arg(format::bytes(static_cast<double>(m_setup.buffers->usedBytes())),
                             format::bytes(static_cast<double>(m_setup.buffers->limitBytes()))));
    return lines;
}

void MainWindow::save()
{
    WindowDocument window = m_setup.workspace.window();
    window.geometry = saveGeometry();
    window.state = saveState();
    const bool dark = style::ThemeSwitch::instance().mode() == style::Mode::Dark;
    window.theme = dark ? QStringLiteral("dark") : QStringLiteral("light");
    window.tabs = tabsToSave(&window.currentTab);
    m_setup.workspace.saveWindow(window);
}

void MainWindow::restore()
{
    for (const QString& message : m_setup.workspace.messages())
        m_log.add(LogLevel::Warning, tr("Documents"), message);
    for (const ConnectionDocument& document : m_setup.workspace.connections())
        addConnection(document, document.connectAtStart);
    const WindowDocument window = m_setup.workspace.window();
    restoreGeometry(window.geometry);
    restoreState(window.state);
    for (const TabDocument& tab : window.tabs)
        restoreTab(tab);
    if (m_tabs->count() == 0)
        showWelcome();
    m_tabs->setCurrentIndex(std::clamp(window.currentTab, 0, m_tabs->count() - 1));
    pullTree();
    showMark();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    save();
    QMainWindow::closeEvent(event);
}

} // namespace weir
