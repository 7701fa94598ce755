// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "app/panels/connect_dialog.h"
#include "app/panels/dashboard_panel.h"
#include "app/panels/demo_documents.h"
#include "app/panels/query_panel.h"
#include "app/panels/topic_panel.h"

#include <QTabWidget>

#include <thread>

namespace weir {

namespace {

using NodeKind = ConnectionTree::NodeKind;

constexpr std::chrono::minutes unlockedFor(30);

/// The past is written within a second or so; a rate measured meanwhile would dwarf the traffic that follows.
void waitForHistory(const demo::Demo& demo)
{
    std::uint64_t written = 0;
    for (int i = 0; i < 15 && (written == 0 || demo.summary().history != written); ++i) {
        written = demo.summary().history;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

DashboardPanelDocument panelOf(const QString& kind, const QString& connection, const QString& topic = {})
{
    DashboardPanelDocument panel;
    panel.kind = kind;
    panel.connection = connection;
    panel.topic = topic;
    return panel;
}

template <typename Document>
QStringList namesOf(const QList<Document>& documents)
{
    QStringList names;
    for (const Document& document : documents)
        names.append(document.name);
    return names;
}

} // namespace

template <typename Panel, typename Matches>
Panel* MainWindow::findTab(Matches matches) const
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        auto* panel = qobject_cast<Panel*>(m_tabs->widget(i));
        if (panel && matches(*panel)) {
            m_tabs->setCurrentIndex(i);
            return panel;
        }
    }
    return nullptr;
}

void MainWindow::addConnection(const ConnectionDocument& document, bool connectNow)
{
    if (const auto added = m_connections.add(document, connectNow); !added)
        m_log.add(LogLevel::Error, document.name, QString::fromStdString(added.error().text()));
}

void MainWindow::showConnectDialog(const ConnectionDocument& document)
{
    QList<ConnectionDocument> others;
    for (const ConnectionState& state : m_connections.states()) {
        if (state.document.id != document.id)
            others.append(state.document);
    }
    ConnectDialog dialog(m_background, {document, others}, this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    ConnectionDocument accepted = dialog.document();
    accepted.id = m_setup.workspace.saveConnection(accepted);
    addConnection(accepted, dialog.connectNow());
}

QString MainWindow::connectTo(const QString& bootstrapServers)
{
    ConnectionDocument document;
    document.id = newDocumentId();
    document.name = bootstrapServers;
    document.bootstrapServers = bootstrapServers;
    document.temporary = true;
    addConnection(document, true);
    return document.id;
}

void MainWindow::openConnection(const QString& id)
{
    if (const auto opened = m_connections.connectTo(id); !opened)
        m_log.add(LogLevel::Error, m_connections.document(id).name, QString::fromStdString(opened.error().text()));
}

void MainWindow::startDemo()
{
    if (m_demo)
        openConnection(demoConnectionId());
    if (const DashboardDocument* board = m_demo ? m_setup.workspace.dashboard(demoDashboardId()) : nullptr)
        openDashboard(*board);
    if (m_demo || std::exchange(m_demoStarting, true))
        return;
    m_log.add(LogLevel::Info, tr("Demo"), tr("Starting the order pipeline on an embedded Kafka."));
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
        [this](Result<std::shared_ptr<demo::Demo>> started) { demoStarted(std::move(started)); });
}

void MainWindow::demoStarted(Result<std::shared_ptr<demo::Demo>> started)
{
    m_demoStarting = false;
    if (!started) {
        m_log.add(LogLevel::Error, tr("Demo"), QString::fromStdString(started.error().text()));
        return;
    }
    m_demo = std::move(*started);
    const ConnectionDocument document = demoConnection(*m_demo);
    addConnection(document, true);
    const DashboardDocument board = demoDashboard(document);
    m_setup.workspace.saveDashboard(board);
    ++m_edits;
    openDashboard(board);
}

TopicPanel* MainWindow::openTopic(const QString& connectionId, const QString& topic)
{
    auto* open = findTab<TopicPanel>([&](const TopicPanel& panel) {
        return panel.isPlain() && panel.topic() == topic && panel.connectionId() == connectionId;
    });
    if (open)
        return open;
    auto* panel = new TopicPanel(m_context, {QStringLiteral("topic"), connectionId, topic, {}}, tabArea());
    showTopic(panel);
    return panel;
}

void MainWindow::openRecord(const QString& connectionId, const RecordPlace& place)
{
    openTopic(connectionId, QString::fromStdString(place.partition.topic))->goToRecord(place);
}

void MainWindow::showTopic(TopicPanel* panel)
{
    connect(panel, &TopicPanel::queryRequested, this, &MainWindow::newQuery);
    connect(panel, &TopicPanel::captureRequested, this, &MainWindow::newCapture);
    connect(panel, &TopicPanel::exportRequested, this, &MainWindow::newExport);
    connect(panel, &TopicPanel::connectRequested, this, &MainWindow::openConnection);
    connect(panel, &TopicPanel::filterSaved, this, [this](const FilterDocument& filter) {
        m_setup.workspace.saveFilter(filter);
        showFilters();
    });
    connect(panel, &TopicPanel::filterRemoved, this, [this](const QString& id) {
        m_setup.workspace.removeFilter(id);
        showFilters();
    });
    connect(panel, &TopicPanel::markSaved, this, [this](const MarkDocument& mark) {
        m_setup.workspace.saveMark(mark);
        showMarks();
    });
    connect(panel, &TopicPanel::markRemoved, this, [this](const QString& id) {
        m_setup.workspace.removeMark(id);
        showMarks();
    });
    connect(panel, &TopicPanel::marksWanted, this, &MainWindow::showMarks);
    connect(panel, &TopicPanel::topicWanted, this, &MainWindow::chooseTopic);
    connect(panel, &TopicPanel::viewRequested, this, &MainWindow::restoreTab);
    connect(panel, &TopicPanel::notesRequested, this, &MainWindow::newNotes);
    panel->setSavedFilters(m_setup.workspace.filters());
    panel->setMarks(m_setup.workspace.marks());
    addTab(panel);
}

/// In every topic that is open, and in the tree.
void MainWindow::showMarks()
{
    ++m_edits;
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (auto* topic = qobject_cast<TopicPanel*>(m_tabs->widget(i)))
            topic->setMarks(m_setup.workspace.marks());
    }
}

void MainWindow::addToView(const TreeNode& node)
{
    auto* topic = qobject_cast<TopicPanel*>(currentPanel());
    if (topic && topic->connectionId() == node.connection)
        topic->addTopic(node.name);
    else
        openTopic(node.connection, node.name);
}

void MainWindow::actOnMark(TreeAction action, const TreeNode& node)
{
    const QList<MarkDocument>& marks = m_setup.workspace.marks();
    const auto found =
        std::find_if(marks.begin(), marks.end(), [&](const MarkDocument& mark) { return mark.id == node.name; });
    if (found == marks.end())
        return;
    MarkDocument mark = *found;
    if (action == TreeAction::Open) {
        openRecord(mark.connection, {{mark.topic.toStdString(), PartitionId{mark.partition}}, mark.offset});
        return;
    }
    if (action == TreeAction::Rename) {
        mark.comment = m_setup.prompts.askName(this, tr("Comment to %1").arg(node.title), mark.comment);
        if (!mark.comment.isEmpty())
            m_setup.workspace.saveMark(mark);
    } else if (action == TreeAction::Delete) {
        m_setup.workspace.removeMark(mark.id);
    }
    showMarks();
}

/// In every topic that is open.
void MainWindow::showFilters()
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (auto* topic = qobject_cast<TopicPanel*>(m_tabs->widget(i)))
            topic->setSavedFilters(m_setup.workspace.filters());
    }
}

QueryPanel* MainWindow::newQuery(const QString& connectionId, const QString& topic)
{
    QueryDocument document;
    document.id = newDocumentId();
    document.name =
        freshName(topic.isEmpty() ? tr("Query") : tr("Query %1").arg(topic), namesOf(m_setup.workspace.queries()));
    document.connection = connectionId;
    if (connectionId.isEmpty()) {
        const TabPanel* panel = currentPanel();
        document.connection = panel ? panel->connectionId() : QString();
        if (!m_connections.session(document.connection))
            m_connections.first(&document.connection);
    }
    document.temporary = document.connection == demoConnectionId();
    QueryPanel* panel = openQuery(document);
    if (!topic.isEmpty())
        panel->startFromTopic(topic);
    return panel;
}

QueryPanel* MainWindow::openQuery(const QueryDocument& document)
{
    auto* open = findTab<QueryPanel>([&](const QueryPanel& panel) { return panel.document().id == document.id; });
    if (open)
        return open;
    auto* panel = new QueryPanel(m_context, document, tabArea());
    connect(panel, &QueryPanel::edited, this, [this](const QueryDocument& edited) {
        m_setup.workspace.saveQuery(edited);
        ++m_edits;
    });
    connect(panel, &QueryPanel::addToDashboardRequested, this, &MainWindow::addQueryToDashboard);
    addTab(panel);
    return panel;
}

DashboardPanel* MainWindow::openDashboard(const DashboardDocument& document)
{
    auto* open =
        findTab<DashboardPanel>([&](const DashboardPanel& panel) { return panel.document().id == document.id; });
    if (open)
        return open;
    auto* panel = new DashboardPanel(m_context, document, tabArea());
    connect(panel, &DashboardPanel::edited, this, [this](const DashboardDocument& edited) {
        m_setup.workspace.saveDashboard(edited);
        ++m_edits;
    });
    connect(panel, &DashboardPanel::queryRequested, this, &MainWindow::openPanelAsQuery);
    addTab(panel);
    return panel;
}

void MainWindow::openPanelAsQuery(const DashboardPanelDocument& panel)
{
    QueryDocument document;
    document.id = newDocumentId();
    document.name = freshName(panel.title.isEmpty() ? tr("Query") : panel.title, namesOf(m_setup.workspace.queries()));
    document.connection = panel.connection;
    document.sql = panel.sql;
    document.plotColumn = panel.plotColumn;
    document.temporary = document.connection == demoConnectionId();
    m_setup.workspace.saveQuery(document);
    ++m_edits;
    openQuery(document);
}

void MainWindow::newDashboard()
{
    DashboardDocument document;
    document.name = freshName(tr("Dashboard"), namesOf(m_setup.workspace.dashboards()));
    document.id = m_setup.workspace.saveDashboard(document);
    ++m_edits;
    openDashboard(document);
}

/// To the dashboard that was looked at last, among the open tabs; a new one if there is none.
void MainWindow::addToDashboard(const DashboardPanelDocument& panel)
{
    auto* board = qobject_cast<DashboardPanel*>(m_tabs->currentWidget());
    if (!board)
        board = findTab<DashboardPanel>([](const DashboardPanel&) { return true; });
    if (!board) {
        newDashboard();
        board = qobject_cast<DashboardPanel*>(m_tabs->currentWidget());
    }
    board->addPanel(panel);
}

void MainWindow::addQueryToDashboard(const QueryDocument& query)
{
    DashboardPanelDocument panel = panelOf(QStringLiteral("query"), query.connection);
    panel.title = query.name;
    panel.sql = query.sql;
    panel.plotColumn = query.plotColumn;
    addToDashboard(panel);
}

void MainWindow::act(TreeAction action, const TreeNode& node)
{
    if (node.kind == NodeKind::Mark)
        actOnMark(action, node);
    else if (node.kind == NodeKind::Query || node.kind == NodeKind::Dashboard)
        actOnDocument(action, node);
    else
        actOnConnection(action, node);
}

void MainWindow::actOnTopic(TreeAction action, const TreeNode& node)
{
    switch (action) {
    case TreeAction::AddToView:
        addToView(node);
        break;
    case TreeAction::Notes:
        newNotes({node.connection, node.name, nullptr});
        break;
    case TreeAction::Profile:
        newProfile({node.connection, node.name, nullptr});
        break;
    case TreeAction::Capture:
        newCapture({node.connection, node.name, nullptr});
        break;
    case TreeAction::Export:
        newExport({node.connection, node.name, nullptr});
        break;
    case TreeAction::Replay:
        newReplay(node.connection, node.name);
        break;
    default:
        break;
    }
}

void MainWindow::actOnConnection(TreeAction action, const TreeNode& node)
{
    const bool topic = node.kind == NodeKind::Topic;
    switch (action) {
    case TreeAction::Open:
        if (topic)
            openTopic(node.connection, node.name);
        break;
    case TreeAction::Connect:
        openConnection(node.connection);
        break;
    case TreeAction::Disconnect:
        m_connections.disconnectFrom(node.connection);
        break;
    case TreeAction::Unlock:
        unlockWriting(node.connection);
        break;
    case TreeAction::Lock:
        lockWriting(node.connection);
        break;
    case TreeAction::Edit:
        showConnectDialog(m_connections.document(node.connection));
        break;
    case TreeAction::Verify:
        verifyCapture(node.connection);
        break;
    case TreeAction::Recover:
        recoverCapture(node.connection);
        break;
    case TreeAction::Remove:
        removeConnection(node);
        break;
    case TreeAction::Query:
        newQuery(node.connection, topic ? node.name : QString());
        break;
    case TreeAction::Throughput:
        addToDashboard(panelOf(QStringLiteral("throughput"), node.connection));
        break;
    case TreeAction::Lag:
        addToDashboard(panelOf(QStringLiteral("lag"), node.connection));
        break;
    case TreeAction::Latency:
        addToDashboard(panelOf(QStringLiteral("latency"), node.connection, node.name));
        break;
    default:
        actOnTopic(action, node);
        break;
    }
}

void MainWindow::removeConnection(const TreeNode& node)
{
    const QString question = tr("Remove the connection %1? Nothing changes on the cluster; queries and dashboards over "
                                "it stay.")
                                 .arg(node.title);
    if (!m_setup.prompts.confirm(this, question, tr("Remove")))
        return;
    m_setup.workspace.removeConnection(node.connection);
    m_connections.remove(node.connection);
    for (int i = m_tabs->count() - 1; i >= 0; --i) {
        const auto* topic = qobject_cast<const TopicPanel*>(m_tabs->widget(i));
        if (topic && topic->connectionId() == node.connection)
            closeTab(i);
    }
}

void MainWindow::unlockWriting(const QString& connectionId)
{
    const std::shared_ptr<Session> session = m_connections.session(connectionId);
    const ConnectionDocument document = m_connections.document(connectionId);
    const std::string cluster = session ? session->monitor().snapshot()->metadata.clusterId : std::string();
    if (cluster.empty()) {
        m_log.add(LogLevel::Warning, document.name,
            tr("The cluster has not told its id yet, so writing stays locked. Connect first."));
        return;
    }
    const QString question =
        tr("INSERT INTO and replays can add records to topics of %1 (%2, cluster id %3) for the next %4 minutes, "
           "until you lock it again or disconnect. Type the connection's name to go on.")
            .arg(document.name, document.bootstrapServers, QString::fromStdString(cluster))
            .arg(unlockedFor.count());
    if (!m_setup.prompts.confirmByName(this, {tr("Unlock writing"), question, document.name, tr("Unlock writing")}))
        return;
    m_background.run(
        this, [session, cluster] { return session->unlockWriting(cluster, unlockedFor); },
        [this, name = document.name](const Result<void>& unlocked) {
            if (unlocked)
                m_log.add(LogLevel::Warning, name, tr("Writing is unlocked for %1 minutes.").arg(unlockedFor.count()));
            else
                m_log.add(LogLevel::Error, name, QString::fromStdString(unlocked.error().text()));
            pullTree();
        });
}

void MainWindow::lockWriting(const QString& connectionId)
{
    if (const std::shared_ptr<Session> session = m_connections.session(connectionId))
        session->lockWriting();
    m_log.add(LogLevel::Info, m_connections.document(connectionId).name, tr("Writing is locked."));
    pullTree();
}

void MainWindow::actOnDocument(TreeAction action, const TreeNode& node)
{
    const bool isQuery = node.kind == NodeKind::Query;
    const QueryDocument* query = isQuery ? m_setup.workspace.query(node.name) : nullptr;
    const DashboardDocument* board = isQuery ? nullptr : m_setup.workspace.dashboard(node.name);
    if (action == TreeAction::Open && query)
        openQuery(QueryDocument(*query));
    else if (action == TreeAction::Open && board)
        openDashboard(DashboardDocument(*board));
    if (action == TreeAction::Rename) {
        const QString name = m_setup.prompts.askName(this, tr("Rename"), node.title);
        if (!name.isEmpty())
            renameDocument(node, name);
    }
    if (action != TreeAction::Delete
        || !m_setup.prompts.confirm(this, tr("Delete %1? This cannot be undone.").arg(node.title), tr("Delete")))
        return;
    for (int i = m_tabs->count() - 1; i >= 0; --i) {
        const std::optional<TabDocument> tab = panelAt(i)->tab();
        if (tab && tab->name == node.name && tab->kind != QLatin1String("topic"))
            closeTab(i);
    }
    if (isQuery)
        m_setup.workspace.removeQuery(node.name);
    else
        m_setup.workspace.removeDashboard(node.name);
    ++m_edits;
}

/// An open tab renames itself and says so; otherwise the document is changed where it lies.
void MainWindow::renameDocument(const TreeNode& node, const QString& name)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        auto* query = qobject_cast<QueryPanel*>(m_tabs->widget(i));
        auto* board = qobject_cast<DashboardPanel*>(m_tabs->widget(i));
        if (query && query->document().id == node.name)
            return query->rename(name);
        if (board && board->document().id == node.name)
            return board->rename(name);
    }
    if (const QueryDocument* query = m_setup.workspace.query(node.name)) {
        QueryDocument renamed = *query;
        renamed.name = name;
        m_setup.workspace.saveQuery(renamed);
    } else if (const DashboardDocument* board = m_setup.workspace.dashboard(node.name)) {
        DashboardDocument renamed = *board;
        renamed.name = name;
        m_setup.workspace.saveDashboard(renamed);
    }
    ++m_edits;
}

void MainWindow::renameTab(int index)
{
    const TabPanel* panel = panelAt(index);
    const std::optional<TabDocument> tab = panel ? panel->tab() : std::nullopt;
    if (!tab || tab->kind == QLatin1String("topic"))
        return;
    const QString name = m_setup.prompts.askName(this, tr("Rename"), panel->title());
    if (name.isEmpty())
        return;
    const NodeKind kind = tab->kind == QLatin1String("query") ? NodeKind::Query : NodeKind::Dashboard;
    renameDocument({kind, {}, tab->name, panel->title()}, name);
}

QString MainWindow::freshName(const QString& base, const QStringList& taken) const
{
    QStringList all = taken;
    for (int i = 0; i < m_tabs->count(); ++i)
        all.append(panelAt(i)->title());
    QString name = base;
    for (int number = 2; all.contains(name); ++number)
        name = QStringLiteral("%1 %2").arg(base).arg(number);
    return name;
}

SavedDocuments MainWindow::savedDocuments() const
{
    return {m_setup.workspace.queries(), m_setup.workspace.dashboards(), m_setup.workspace.marks()};
}

/// What belongs to the demo, or to a connection that is not saved, does not come back.
QList<TabDocument> MainWindow::tabsToSave(int* current) const
{
    QList<TabDocument> tabs;
    *current = -1;
    for (int i = 0; i < m_tabs->count(); ++i) {
        const std::optional<TabDocument> tab = panelAt(i)->tab();
        if (!tab)
            continue;
        const QueryDocument* query = m_setup.workspace.query(tab->name);
        const DashboardDocument* board = m_setup.workspace.dashboard(tab->name);
        const bool temporary = tab->kind == QLatin1String("topic") ? m_connections.document(tab->connection).temporary
            : tab->kind == QLatin1String("query")                  ? !query || query->temporary
                                                                   : !board || board->temporary;
        if (temporary)
            continue;
        if (i == m_tabs->currentIndex())
            *current = static_cast<int>(tabs.size());
        tabs.append(*tab);
    }
    return tabs;
}

void MainWindow::restoreTab(const TabDocument& tab)
{
    if (tab.kind == QLatin1String("topic")) {
        showTopic(new TopicPanel(m_context, tab, tabArea()));
        return;
    }
    const QueryDocument* query = m_setup.workspace.query(tab.name);
    const DashboardDocument* board = m_setup.workspace.dashboard(tab.name);
    if (query && tab.kind == QLatin1String("query"))
        openQuery(QueryDocument(*query));
    else if (board && tab.kind == QLatin1String("dashboard"))
        openDashboard(DashboardDocument(*board));
}

} // namespace weir
