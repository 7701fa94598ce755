// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/query_panel.h"

#include "app/panels/sql_language.h"
#include "widgets/dashboard/counter_strip.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/plots/time_plot.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/tables/result_table.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int checkDelayMs = 250;
constexpr int pullMs = 100; ///< rows for the eye; the run goes at its own speed

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

QString phaseText(const QuerySnapshot& snapshot)
{
    switch (snapshot.phase) {
    case QueryPhase::Running:
        return QObject::tr("Live");
    case QueryPhase::Finished:
        return QObject::tr("Finished");
    case QueryPhase::Stopped:
        return QObject::tr("Stopped");
    case QueryPhase::Failed:
        break;
    }
    return QObject::tr("Failed");
}

} // namespace

QueryPanel::QueryPanel(const PanelContext& context, QueryDocument document, QWidget* parent)
    : QWidget(parent), m_context(context), m_document(std::move(document)), m_view(new QueryView(context, this))
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
    m_context.frames.add(this, {[this] { return m_view->generation(); }, [this] { pull(); }, pullMs});
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
    auto* add = new QPushButton(style::icon(style::Icon::Dashboard), tr("Add to dashboard"));
    connect(m_run, &QPushButton::clicked, this, &QueryPanel::run);
    connect(m_stop, &QPushButton::clicked, this, &QueryPanel::stop);
    connect(add, &QPushButton::clicked, this, [this] { emit addToDashboardRequested(m_document); });
    m_message = style::label({}, style::Role::Secondary);
    m_message->setWordWrap(true);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_run, m_stop, add})
        layout->addWidget(widget);
    layout->addWidget(m_message, 1);
    return bar;
}

QWidget* QueryPanel::createBody()
{
    auto* split = new QSplitter(Qt::Vertical, this);
    m_editor = new editor::SqlEditor;
    m_editor->setLanguage(flinkSql());
    split->addWidget(m_editor);
    auto* lower = new QWidget;
    auto* layout = new QVBoxLayout(lower);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_counters = new dashboard::CounterStrip;
    layout->addWidget(m_counters);
    auto* results = new QSplitter(Qt::Horizontal);
    m_table = new tables::ResultTable;
    m_table->setEmptyText(tr("No row yet. A window's rows come when its watermark passes."));
    m_plot = new plots::TimePlot;
    results->addWidget(m_table);
    results->addWidget(m_plot);
    results->setStretchFactor(0, 3);
    results->setStretchFactor(1, 2);
    layout->addWidget(results, 1);
    split->addWidget(lower);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    return split;
}

QString QueryPanel::text() const
{
    return m_editor->text();
}

void QueryPanel::startFromTopic(const QString& topic)
{
    const std::shared_ptr<Session> session = m_context.connections.session(m_document.connection);
    if (!session)
        return;
    m_message->setText(tr("Reading a sample of %1 to derive its table …").arg(topic));
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
            m_message->setText(tr("Table derived from %1 records. Ctrl+Return runs the query.").arg(inferred->sampled));
            check();
        });
}

void QueryPanel::check()
{
    m_editor->setProblems(problemsOf(sql::compileScript(m_editor->text().toStdString())));
    if (m_editor->text() == m_document.sql)
        return;
    m_document.sql = m_editor->text();
    emit edited(m_document);
}

void QueryPanel::run()
{
    check();
    m_message->setText(tr("Starting …"));
    m_view->run(m_document.connection, m_editor->text());
}

void QueryPanel::stop()
{
    m_view->stop();
}

void QueryPanel::started()
{
    const sql::QueryPlan& plan = m_view->plan();
    m_message->clear();
    m_rows = std::make_shared<QueryRows>(plan.root->schema, plan.windowStartColumn, plan.windowEndColumn);
    m_plotColumns = plotColumns(plan.root->schema, plan.windowStartColumn, m_document.plotColumn);
    m_table->setResult(m_rows);
    const QString drawn = m_plotColumns.value < 0
        ? QString()
        : QString::fromStdString(plan.root->schema[static_cast<std::size_t>(m_plotColumns.value)].name);
    m_plot->setHead(drawn, tr("per window"));
    pull();
}

void QueryPanel::showFailure(const QString& text)
{
    m_message->setText(text);
    m_context.log.add(LogLevel::Error, m_document.name, text);
}

void QueryPanel::pull()
{
    const auto snapshot = m_view->snapshot();
    if (!snapshot || !m_rows)
        return;
    m_rows->setSnapshot(snapshot);
    m_table->refresh();
    showCounters(*snapshot);
    if (snapshot->failure)
        m_message->setText(QString::fromStdString(snapshot->failure->text()));
    else if (snapshot->firstFlinkFailure)
        m_message->setText(tr("Incomplete: Flink's job would have failed first at %1")
                               .arg(QString::fromStdString(snapshot->firstFlinkFailure->text())));
    plots::PlotData data = queryPlot(*snapshot, m_plotColumns, plots::Kind::Step);
    if (snapshot->firstFlinkFailure)
        data.states.push_back({style::State::Incomplete,
            tr("%1 records could not be decoded").arg(count(snapshot->counters.decodeErrors))});
    m_plot->setData(std::move(data));
    m_plot->refresh();
}

void QueryPanel::showCounters(const QuerySnapshot& snapshot)
{
    const QueryCounters& c = snapshot.counters;
    const QString watermark = c.watermark > 0 ? format::time(c.watermark) : tr("none yet");
    const std::optional<style::Tint> warn =
        c.lateDropped + c.decodeErrors > 0 ? std::optional(style::Tint::Warn) : std::nullopt;
    m_counters->setCounters(
        {{tr("State"), phaseText(snapshot)}, {tr("Rows in"), count(c.rowsIn), format::rate(snapshot.rowsInPerSecond)},
            {tr("Decode errors"), count(c.decodeErrors), {}, c.decodeErrors > 0 ? warn : std::nullopt},
            {tr("Filtered"), count(c.filtered)},
            {tr("Late, dropped"), count(c.lateDropped), {}, c.lateDropped > 0 ? warn : std::nullopt},
            {tr("Windows fired"), count(c.windowsFired), tr("%1 rows out").arg(count(c.rowsOut))},
            {tr("Watermark"), watermark},
            {tr("Open windows"), count(c.openWindows), tr("%1 groups").arg(count(c.openGroups))},
            {tr("Query memory"), format::bytes(static_cast<double>(c.stateBytes))}});
}

} // namespace weir
