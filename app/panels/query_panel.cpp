// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/query_panel.h"

#include "app/panels/notice_bar.h"
#include "widgets/dashboard/counter_strip.h"
#include "widgets/dashboard/panel_frame.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/plots/time_plot.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/tables/result_table.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int checkDelayMs = 250;
constexpr int pullMs = 100; ///< rows for the eye; the run goes at its own speed

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

QString nameOf(const RowField& field)
{
    return QString::fromStdString(field.name);
}

dashboard::PanelFrame* pane(const QString& title, QWidget* parent)
{
    auto* frame = new dashboard::PanelFrame(parent);
    frame->setTitle(title);
    frame->setMenuVisible(false);
    frame->setStateVisible(false);
    frame->activateOnFocus();
    return frame;
}

dashboard::Counter phaseCounter(const QuerySnapshot& snapshot)
{
    switch (snapshot.phase) {
    case QueryPhase::Running:
        return {QObject::tr("State"), QObject::tr("Live"), {}, style::Tint::Ok, style::Icon::Dot};
    case QueryPhase::Finished:
        return {QObject::tr("State"), QObject::tr("Finished"), {}, style::Tint::Ok, style::Icon::Check};
    case QueryPhase::Stopped:
        return {QObject::tr("State"), QObject::tr("Stopped"), {}, style::Tint::Muted, style::Icon::Stop};
    case QueryPhase::Failed:
        break;
    }
    return {QObject::tr("State"), QObject::tr("Failed"), {}, style::Tint::Error, style::Icon::Error};
}

std::optional<style::Tint> warnIf(std::uint64_t number)
{
    return number > 0 ? std::optional(style::Tint::Warn) : std::nullopt;
}

} // namespace

QueryPanel::QueryPanel(const PanelContext& context, QueryDocument document, QWidget* parent)
    : TabPanel(parent), m_context(context), m_document(std::move(document)), m_view(new QueryView(context, this))
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
    connect(m_editor, &editor::SqlEditor::stopRequested, this, &QueryPanel::stop);
    connect(m_view, &QueryView::started, this, &QueryPanel::started);
    connect(m_view, &QueryView::failed, this, &QueryPanel::showFailure);
    connect(&m_context.connections, &LiveConnections::changed, this, &QueryPanel::listConnections);
    m_context.frames.add(this, {[this] { return m_view->generation(); }, [this] { pull(); }, pullMs});
    auto* run = new QShortcut(QKeySequence(QStringLiteral("Ctrl+Return")), this, this, &QueryPanel::run);
    run->setContext(Qt::WidgetWithChildrenShortcut); // outside of the editor, which has the key itself
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
    m_run = new QPushButton(style::icon(style::Icon::Play, style::Tint::OnAccent), tr("Run"));
    style::setRole(m_run, style::Role::Primary);
    m_run->setToolTip(tr("Run the last statement (Ctrl+Return)"));
    m_stop = new QPushButton(style::icon(style::Icon::Stop), tr("Stop"));
    m_stop->setToolTip(tr("Stop the query (Esc in the editor); its rows stay"));
    connect(m_run, &QPushButton::clicked, this, &QueryPanel::run);
    connect(m_stop, &QPushButton::clicked, this, &QueryPanel::stop);
    m_connections = new QComboBox;
    m_connections->setAccessibleName(tr("Connection"));
    m_connections->setToolTip(tr("Where tables without 'properties.bootstrap.servers' are read from"));
    connect(m_connections, &QComboBox::activated, this, [this] {
        m_document.connection = m_connections->currentData().toString();
        emit edited(m_document);
        emit titleChanged();
    });
    layout->addWidget(m_run);
    layout->addWidget(m_stop);
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

QWidget* QueryPanel::createBody()
{
    auto* split = new QSplitter(Qt::Vertical, this);
    createEditor(split);
    createLower(split);
    split->setSizes({340, 580});
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    return split;
}

void QueryPanel::createEditor(QWidget* parent)
{
    m_editorPane = pane(m_document.name, parent);
    m_editorPane->setUnit(m_document.temporary ? tr("belongs to the demo, not saved") : tr("saved as you type"));
    m_editorPane->addHeadWidget(style::label(tr("Flink SQL"), style::Role::Caption));
    m_editor = new editor::SqlEditor(m_editorPane);
    m_editor->setLanguage(flinkSql());
    m_editorPane->setBody(m_editor);
}

void QueryPanel::createLower(QWidget* parent)
{
    auto* lower = new QWidget(parent);
    auto* layout = new QVBoxLayout(lower);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_counters = new dashboard::CounterStrip(lower);
    m_counters->hide();
    m_notice = new NoticeBar(lower);
    auto* results = new QSplitter(Qt::Horizontal, lower);
    createResult(results);
    createPlot(results);
    results->setSizes({700, 600});
    results->setStretchFactor(0, 1);
    results->setStretchFactor(1, 1);
    layout->addWidget(m_counters);
    layout->addWidget(m_notice);
    layout->addWidget(results, 1);
}

void QueryPanel::createResult(QWidget* parent)
{
    m_resultPane = pane(tr("Result"), parent);
    auto* provisional =
        new QPushButton(style::icon(style::Icon::Provisional, style::Tint::Secondary, style::Tint::Provisional),
            tr("Provisional rows"));
    style::setRole(provisional, style::Role::Flat);
    provisional->setCheckable(true);
    provisional->setChecked(true);
    provisional->setToolTip(tr("Rows of windows that are still open, below the final ones"));
    m_resultPane->addHeadWidget(provisional);
    m_table = new tables::ResultTable(m_resultPane);
    m_table->setEmptyText(tr("Ctrl+Return runs the last statement of the text."));
    m_resultPane->setBody(m_table);
    connect(provisional, &QPushButton::toggled, m_table, &tables::ResultTable::showProvisional);
    connect(m_table, &tables::RowTable::cellMenuRequested, this, &QueryPanel::showMenu);
}

void QueryPanel::createPlot(QWidget* parent)
{
    m_plotPane = pane(tr("Plot"), parent);
    m_plotColumn = new QComboBox;
    m_plotColumn->setObjectName(QStringLiteral("plotColumn"));
    m_plotColumn->setAccessibleName(tr("Column to plot"));
    m_plotColumn->hide();
    connect(m_plotColumn, &QComboBox::activated, this, &QueryPanel::choosePlotColumn);
    auto* add = new QPushButton(style::icon(style::Icon::Dashboard), tr("Add to dashboard"));
    style::setRole(add, style::Role::Flat);
    connect(add, &QPushButton::clicked, this, [this] { emit addToDashboardRequested(m_document); });
    m_plotPane->addHeadWidget(m_plotColumn);
    m_plotPane->addHeadWidget(add);
    m_plotStack = new QStackedWidget(m_plotPane);
    QLabel* none = style::label(tr("The curve of a number by window_start stands here."), style::Role::Secondary);
    none->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    none->setContentsMargins(16, 12, 16, 12);
    none->setWordWrap(true);
    m_plot = new plots::TimePlot(m_plotStack);
    m_plotStack->addWidget(none);
    m_plotStack->addWidget(m_plot);
    m_plotPane->setBody(m_plotStack);
}

std::optional<TabDocument> QueryPanel::tab() const
{
    return TabDocument{QStringLiteral("query"), m_document.connection, m_document.id, {}};
}

QList<QWidget*> QueryPanel::panes() const
{
    return {m_editor, m_table, m_plot};
}

void QueryPanel::toggleStream()
{
    if (m_view->isRunning() || m_view->isStarting())
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
    m_notice->tell(style::State::Connecting, tr("Reading a sample of %1 to derive its table …").arg(topic));
    const std::string name = topic.toStdString();
    m_context.background.run(
        this, [session, name] { return session->inferTable(name); },
        [this](Result<InferredTable> inferred) {
            if (!inferred) {
                showFailure(QString::fromStdString(inferred.error().text()));
                return;
            }
            const sql::TableDefinition& table = *inferred->table;
            const std::string tableName = sql::quoteIdentifier(table.name);
            const std::string time = sql::quoteIdentifier(table.columns[table.watermark->column].name);
            m_editor->setText(QString::fromStdString(inferred->ddl
                + "\nSELECT window_start, window_end, COUNT(*) AS events\nFROM TABLE(TUMBLE(TABLE " + tableName
                + ", DESCRIPTOR(" + time + "), INTERVAL '10' SECOND))\nGROUP BY window_start, window_end;\n"));
            m_notice->tell(style::State::Final,
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
    const ScriptVerdict verdict = verdictOf(script);
    m_verdictOffset = verdict.offset;
    m_verdict->setVerdict(verdict.kind, verdict.text, verdict.details);
    m_verdict->setVisible(!verdict.text.isEmpty());
}

void QueryPanel::run()
{
    check();
    m_notice->tell(style::State::Connecting, tr("Starting …"));
    m_view->run(m_document.connection, m_editor->text());
    showButtons();
}

void QueryPanel::stop()
{
    if (m_view->isStarting())
        m_notice->clear();
    m_view->stop();
    showButtons();
}

void QueryPanel::showButtons()
{
    m_stop->setEnabled(m_view->isRunning() || m_view->isStarting());
}

void QueryPanel::started()
{
    const sql::QueryPlan& plan = m_view->plan();
    m_notice->clear();
    m_table->setEmptyText(tr("No row yet. A window's rows come when its watermark passes."));
    m_rows = std::make_shared<QueryRows>(plan.root->schema, plan.windowStartColumn, plan.windowEndColumn);
    m_table->setResult(m_rows);
    m_plotColumns = plotColumns(plan, m_document.plotColumn);
    m_plotColumn->clear();
    for (const int column : m_plotColumns.values)
        m_plotColumn->addItem(nameOf(plan.root->schema[static_cast<std::size_t>(column)]));
    const bool drawn = m_plotColumns.value >= 0;
    m_plotColumn->setVisible(drawn && m_plotColumn->count() > 1);
    if (drawn) {
        const QString name = nameOf(plan.root->schema[static_cast<std::size_t>(m_plotColumns.value)]);
        m_plotColumn->setCurrentText(name);
        m_plotPane->setUnit(tr("%1 per window").arg(name));
        m_plot->setHead(name, tr("per window"));
    }
    pull();
}

void QueryPanel::choosePlotColumn()
{
    m_document.plotColumn = m_plotColumn->currentText();
    emit edited(m_document);
    const sql::QueryPlan& plan = m_view->plan();
    m_plotColumns = plotColumns(plan, m_document.plotColumn);
    m_plotPane->setUnit(tr("%1 per window").arg(m_document.plotColumn));
    m_plot->setHead(m_document.plotColumn, tr("per window"));
    pull();
}

void QueryPanel::showFailure(const QString& text)
{
    pull();
    m_notice->tell(style::State::Failed, text);
    m_context.log.add(LogLevel::Error, m_document.name, text);
    showButtons();
}

void QueryPanel::pull()
{
    const auto snapshot = m_view->snapshot();
    if (!snapshot || !m_rows)
        return;
    m_rows->setSnapshot(snapshot);
    m_table->refresh();
    const std::uint64_t final = snapshot->rows ? snapshot->rows->rowCount : 0;
    const std::uint64_t open = snapshot->provisional ? snapshot->provisional->rowCount : 0;
    m_resultPane->setUnit(tr("%1 final rows, %2 provisional, time runs down").arg(count(final), count(open)));
    showButtons();
    showCounters(*snapshot);
    showNotice(*snapshot);
    showPlot(*snapshot);
}

void QueryPanel::showNotice(const QuerySnapshot& snapshot)
{
    if (!m_view->failure().isEmpty() || m_view->isStarting())
        return; // said already, and newer
    if (snapshot.failure)
        m_notice->tell(style::State::Failed, QString::fromStdString(snapshot.failure->text()));
    else if (!snapshot.source.problems.empty())
        m_notice->tell(style::State::Stale, QString::fromStdString(snapshot.source.problems.front().text));
    else if (snapshot.firstFlinkFailure)
        m_notice->tell(style::State::Incomplete,
            tr("Incomplete: Flink's job would have failed first at %1")
                .arg(QString::fromStdString(snapshot.firstFlinkFailure->text())));
    else
        m_notice->clear();
}

void QueryPanel::showPlot(const QuerySnapshot& snapshot)
{
    plots::PlotData data = queryPlot(snapshot, m_plotColumns, plots::Kind::Step);
    if (snapshot.firstFlinkFailure)
        data.states.push_back({style::State::Incomplete,
            tr("%1 records could not be decoded").arg(count(snapshot.counters.decodeErrors))});
    data.stale = !snapshot.source.problems.empty();
    m_plotStack->setCurrentIndex(data.series.empty() ? 0 : 1);
    m_plot->setData(std::move(data));
    m_plot->refresh();
}

void QueryPanel::showCounters(const QuerySnapshot& snapshot)
{
    const QueryCounters& c = snapshot.counters;
    const bool running = snapshot.phase == QueryPhase::Running;
    m_counters->setCounters({phaseCounter(snapshot),
        {tr("Rows in"), count(c.rowsIn), running ? format::rate(snapshot.rowsInPerSecond) : QString()},
        {tr("Decode errors"), count(c.decodeErrors), {}, warnIf(c.decodeErrors)}, {tr("Filtered"), count(c.filtered)},
        {tr("Late, dropped"), count(c.lateDropped), {}, warnIf(c.lateDropped)},
        {tr("Windows fired"), count(c.windowsFired), tr("%1 rows out").arg(count(c.rowsOut))},
        {tr("Watermark"), c.watermark > 0 ? format::time(c.watermark) : tr("none yet")},
        {tr("Open windows"), count(c.openWindows), tr("%1 groups").arg(count(c.openGroups))},
        {tr("Query memory"), format::bytes(static_cast<double>(c.stateBytes))}});
    m_counters->show();
}

void QueryPanel::showMenu(const tables::TableCellAt& cell, const QPoint& place)
{
    QMenu menu;
    const qint64 rows = m_table->selectionCount();
    QAction* copy = menu.addAction(style::icon(style::Icon::Copy),
        rows > 1 ? tr("Copy %1 rows").arg(format::grouped(rows)) : tr("Copy row"), m_table,
        &tables::RowTable::copySelection);
    copy->setShortcut(QKeySequence::Copy);
    menu.addAction(tr("Copy value"), this, [text = cell.text] { QGuiApplication::clipboard()->setText(text); });
    menu.exec(place);
}

} // namespace weir
