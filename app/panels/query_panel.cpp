// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/query_panel.h"

#include "widgets/dashboard/panel_frame.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int checkDelayMs = 250;

/// Keys that the editor has itself, for when the focus is elsewhere in the tab.
void addKey(QueryPanel* panel, const QString& keys, void (QueryPanel::*slot)())
{
    auto* shortcut = new QShortcut(QKeySequence(keys), panel, panel, slot);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
}

} // namespace

QueryPanel::QueryPanel(const PanelContext& context, QueryDocument document, QWidget* parent)
    : TabPanel(parent), m_context(context), m_document(std::move(document))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createBar());
    layout->addWidget(createBody(), 1);
    m_editor->setText(m_document.sql);
    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(checkDelayMs);
    connect(&m_checkTimer, &QTimer::timeout, this, &QueryPanel::check);
    connect(m_editor, &editor::SqlEditor::textChanged, &m_checkTimer, qOverload<>(&QTimer::start));
    connect(m_editor, &editor::SqlEditor::runRequested, this, &QueryPanel::run);
    connect(m_editor, &editor::SqlEditor::runAllRequested, this, &QueryPanel::runAll);
    connect(m_editor, &editor::SqlEditor::stopRequested, this, &QueryPanel::stop);
    connect(&m_context.connections, &LiveConnections::changed, this, &QueryPanel::listConnections);
    addKey(this, QStringLiteral("Ctrl+Return"), &QueryPanel::run);
    addKey(this, QStringLiteral("Ctrl+Shift+Return"), &QueryPanel::runAll);
    listConnections();
    showButtons();
    check();
}

QWidget* QueryPanel::createBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    m_connections = new QComboBox;
    m_connections->setAccessibleName(tr("Connection"));
    m_connections->setToolTip(tr("Where tables without 'properties.bootstrap.servers' are read from"));
    connect(m_connections, &QComboBox::activated, this, [this] {
        m_document.connection = m_connections->currentData().toString();
        emit edited(m_document);
        emit titleChanged();
    });
    layout->addWidget(createRunButtons(bar));
    layout->addSpacing(8);
    layout->addWidget(style::label(tr("Connection"), style::Role::Secondary));
    layout->addWidget(m_connections);
    layout->addStretch(1);
    m_verdict = new editor::VerdictButton(bar);
    m_verdict->hide();
    connect(m_verdict, &QAbstractButton::clicked, this, [this] {
        if (m_verdictOffset >= 0)
            m_editor->setCursorOffset(m_verdictOffset);
        m_editor->setFocus();
    });
    layout->addWidget(m_verdict);
    return bar;
}

QWidget* QueryPanel::createRunButtons(QWidget* parent)
{
    auto* buttons = new QWidget(parent);
    auto* layout = new QHBoxLayout(buttons);
    layout->setContentsMargins(0, 0, 0, 0);
    m_run = new QPushButton(style::icon(style::Icon::Play, style::Tint::OnAccent), tr("Run"));
    style::setRole(m_run, style::Role::Primary);
    m_run->setToolTip(tr("Run the statement at the cursor, or the last one (Ctrl+Return)"));
    m_runAll = new QPushButton(style::icon(style::Icon::Play), tr("Run all"));
    m_runAll->setToolTip(tr("Run every statement, each with a result of its own (Ctrl+Shift+Return)"));
    m_runAll->hide(); // until there are several
    m_stop = new QPushButton(style::icon(style::Icon::Stop), tr("Stop"));
    m_stop->setToolTip(tr("Stop what runs (Esc in the editor); its rows stay"));
    connect(m_run, &QPushButton::clicked, this, &QueryPanel::run);
    connect(m_runAll, &QPushButton::clicked, this, &QueryPanel::runAll);
    connect(m_stop, &QPushButton::clicked, this, &QueryPanel::stop);
    for (QPushButton* button : {m_run, m_runAll, m_stop})
        layout->addWidget(button);
    return buttons;
}

QWidget* QueryPanel::createBody()
{
    auto* split = new QSplitter(Qt::Vertical, this);
    createEditor(split);
    createResults(split);
    split->setSizes({340, 580});
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    return split;
}

void QueryPanel::createEditor(QWidget* parent)
{
    m_editorPane = dashboard::PanelFrame::pane(m_document.name, parent);
    m_editorPane->setUnit(m_document.temporary ? tr("belongs to the demo, not saved") : tr("saved as you type"));
    m_editorPane->addHeadWidget(style::label(tr("Flink SQL"), style::Role::Caption));
    m_editor = new editor::SqlEditor(m_editorPane);
    m_editor->setLanguage(flinkSql());
    m_editorPane->setBody(m_editor);
}

void QueryPanel::createResults(QWidget* parent)
{
    auto* lower = new QWidget(parent);
    auto* layout = new QVBoxLayout(lower);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_resultTabs = new QTabBar(lower);
    m_resultTabs->setExpanding(false);
    m_resultTabs->setDrawBase(false);
    m_resultTabs->setAccessibleName(tr("Results"));
    m_resultTabs->hide();
    m_results = new QStackedWidget(lower);
    connect(m_resultTabs, &QTabBar::currentChanged, m_results, &QStackedWidget::setCurrentIndex);
    layout->addWidget(m_resultTabs);
    layout->addWidget(m_results, 1);
    addResult();
}

QueryResult* QueryPanel::addResult()
{
    auto* result = new QueryResult(m_context, m_results);
    result->setLogSource(m_document.name);
    connect(result, &QueryResult::busyChanged, this, &QueryPanel::showButtons);
    connect(result, &QueryResult::plotColumnChosen, this, [this](const QString& column) {
        m_document.plotColumn = column;
        emit edited(m_document);
    });
    connect(result, &QueryResult::addToDashboardRequested, this, [this](const QString& sql) {
        QueryDocument one = m_document;
        if (!sql.isEmpty())
            one.sql = sql;
        emit addToDashboardRequested(one);
    });
    m_results->addWidget(result);
    m_resultTabs->addTab({});
    return result;
}

QueryResult* QueryPanel::resultAt(int index) const
{
    return qobject_cast<QueryResult*>(m_results->widget(index));
}

QueryResult* QueryPanel::currentResult() const
{
    return resultAt(m_results->currentIndex());
}

int QueryPanel::resultCount() const
{
    return m_results->count();
}

/// Results stay as they are where there is still a place for them.
void QueryPanel::setResultCount(int count)
{
    while (m_results->count() < count)
        addResult();
    while (m_results->count() > count) {
        QWidget* last = m_results->widget(m_results->count() - 1);
        m_resultTabs->removeTab(m_results->count() - 1);
        m_results->removeWidget(last);
        delete last;
    }
    m_resultTabs->setVisible(count > 1);
}

std::optional<TabDocument> QueryPanel::tab() const
{
    return TabDocument{QStringLiteral("query"), m_document.connection, m_document.id, {}};
}

QList<QWidget*> QueryPanel::panes() const
{
    return QList<QWidget*>{m_editor} + currentResult()->panes();
}

bool QueryPanel::isBusy() const
{
    bool busy = m_choosing;
    for (int i = 0; i < m_results->count(); ++i)
        busy = busy || resultAt(i)->isBusy();
    return busy;
}

void QueryPanel::toggleStream()
{
    if (isBusy())
        stop();
    else
        run();
}

QString QueryPanel::text() const
{
    return m_editor->text();
}

void QueryPanel::rename(const QString& name)
{
    m_document.name = name;
    m_editorPane->setTitle(name);
    for (int i = 0; i < m_results->count(); ++i)
        resultAt(i)->setLogSource(name);
    emit edited(m_document);
    emit titleChanged();
}

void QueryPanel::listConnections()
{
    m_connections->clear();
    for (const ConnectionState& state : m_context.connections.states())
        m_connections->addItem(state.document.name, state.document.id);
    int chosen = m_connections->findData(m_document.connection);
    if (chosen < 0) {
        m_connections->insertItem(0, tr("(removed)"), m_document.connection);
        chosen = 0;
    }
    m_connections->setCurrentIndex(chosen);
}

void QueryPanel::startFromTopic(const QString& topic)
{
    const std::shared_ptr<Session> session = m_context.connections.session(m_document.connection);
    if (!session)
        return;
    currentResult()->tell(style::State::Connecting, tr("Reading a sample of %1 to derive its table …").arg(topic));
    const std::string name = topic.toStdString();
    m_context.background.run(
        this, [session, name] { return session->inferTable(name); },
        [this](Result<InferredTable> inferred) {
            if (!inferred) {
                currentResult()->showFailure(QString::fromStdString(inferred.error().text()));
                return;
            }
            const sql::TableDefinition& table = *inferred->table;
            const std::string tableName = sql::quoteIdentifier(table.name);
            const std::string time = sql::quoteIdentifier(table.columns[table.watermark->column].name);
            m_editor->setText(QString::fromStdString(inferred->ddl
                + "\nSELECT window_start, window_end, COUNT(*) AS events\nFROM TABLE(TUMBLE(TABLE " + tableName
                + ", DESCRIPTOR(" + time + "), INTERVAL '10' SECOND))\nGROUP BY window_start, window_end;\n"));
            currentResult()->tell(style::State::Final,
                tr("Table derived from %1 records. Ctrl+Return runs the query.").arg(inferred->sampled));
            check();
        });
}

void QueryPanel::check()
{
    const QString text = m_editor->text();
    m_context.background.run(
        this, [sql = text.toStdString()] { return sql::compileScript(sql); },
        [this, text](const sql::Script& script) { checked(text, script); });
    if (text == m_document.sql)
        return;
    m_document.sql = text;
    emit edited(m_document);
}

void QueryPanel::checked(const QString& text, const sql::Script& script)
{
    if (text != m_editor->text())
        return;
    m_editor->setProblems(problemsOf(script));
    m_runAll->setVisible(script.queries.size() > 1);
    const ScriptVerdict verdict = verdictOf(script);
    m_verdictOffset = verdict.offset;
    m_verdict->setVerdict(verdict.kind, verdict.text, verdict.details);
    m_verdict->setVisible(!verdict.text.isEmpty());
}

void QueryPanel::run()
{
    start(m_editor->cursorOffset());
}

void QueryPanel::runAll()
{
    start(std::nullopt);
}

/// A text may be long: what to run is looked for away from the GUI thread.
void QueryPanel::start(std::optional<qint64> cursor)
{
    check();
    currentResult()->tell(style::State::Connecting, tr("Starting …"));
    m_choosing = true;
    const QString text = m_editor->text();
    m_context.background.run(
        this, [sql = text.toStdString(), cursor] { return statementsToRun(sql, cursor); },
        [this, text, number = ++m_starts, place = m_results->currentIndex()](const auto& chosen) {
            if (number == m_starts)
                started(text, chosen, std::min(place, m_results->count() - 1));
        });
    showButtons();
}

void QueryPanel::started(const QString& text, const std::vector<ScriptStatement>& chosen, int place)
{
    m_choosing = false;
    const auto count = static_cast<int>(chosen.size());
    if (count > mostResults) {
        resultAt(place)->showFailure(
            tr("The text has %1 statements; %2 run at once at most. Ctrl+Return runs the one at the cursor.")
                .arg(format::grouped(count))
                .arg(mostResults));
        return;
    }
    // One statement takes the place of the result that was in view, several of all.
    const int first = count > 1 ? 0 : place;
    if (count > 1)
        setResultCount(count);
    for (int i = 0; i < count; ++i) {
        const ScriptStatement& statement = chosen[static_cast<std::size_t>(i)];
        QueryResult* result = resultAt(first + i);
        m_resultTabs->setTabText(first + i, statement.title);
        result->setPlotColumn(m_document.plotColumn);
        result->run(m_document.connection, text, statement);
    }
}

void QueryPanel::stop()
{
    ++m_starts;
    m_choosing = false;
    for (int i = 0; i < m_results->count(); ++i)
        resultAt(i)->stop();
    showButtons();
}

void QueryPanel::showButtons()
{
    m_stop->setEnabled(isBusy());
}

} // namespace weir
