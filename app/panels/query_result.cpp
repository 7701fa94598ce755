// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/query_result.h"

#include "app/panels/notice_bar.h"
#include "app/panels/query_counters.h"
#include "widgets/dashboard/panel_frame.h"
#include "widgets/plots/time_plot.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/tables/result_table.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int pullMs = 100; ///< rows for the eye; the run goes at its own speed

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

QString nameOf(const RowField& field)
{
    return QString::fromStdString(field.name);
}

} // namespace

QueryResult::QueryResult(const PanelContext& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_view(new QueryView(context, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_counters = new dashboard::CounterStrip(this);
    m_counters->hide();
    m_notice = new NoticeBar(this);
    auto* results = new QSplitter(Qt::Horizontal, this);
    createRows(results);
    createPlot(results);
    results->setSizes({700, 600});
    results->setStretchFactor(0, 1);
    results->setStretchFactor(1, 1);
    layout->addWidget(m_counters);
    layout->addWidget(m_notice);
    layout->addWidget(results, 1);
    connect(m_view, &QueryView::started, this, &QueryResult::started);
    connect(m_view, &QueryView::failed, this, &QueryResult::showFailure);
    m_context.frames.add(this, {[this] { return m_view->generation(); }, [this] { pull(); }, pullMs});
}

void QueryResult::createRows(QSplitter* parent)
{
    m_resultPane = dashboard::PanelFrame::pane(tr("Result"), parent);
    auto* provisional =
        new QPushButton(style::icon(style::Icon::Provisional, style::Tint::Secondary, style::Tint::Provisional),
            tr("Provisional rows"));
    style::setRole(provisional, style::Role::Flat);
    provisional->setCheckable(true);
    provisional->setChecked(true);
    provisional->setToolTip(tr("Rows of windows that are still open, below the final ones"));
    m_resultPane->addHeadWidget(provisional);
    m_table = new tables::ResultTable(m_resultPane);
    m_table->setEmptyText(tr("Ctrl+Return runs the statement at the cursor, or the last one."));
    m_resultPane->setBody(m_table);
    connect(provisional, &QPushButton::toggled, m_table, &tables::ResultTable::showProvisional);
    connect(m_table, &tables::RowTable::cellMenuRequested, this, &QueryResult::showMenu);
}

void QueryResult::createPlot(QSplitter* parent)
{
    m_plotPane = dashboard::PanelFrame::pane(tr("Plot"), parent);
    m_plotColumn = new QComboBox;
    m_plotColumn->setObjectName(QStringLiteral("plotColumn"));
    m_plotColumn->setAccessibleName(tr("Column to plot"));
    m_plotColumn->hide();
    connect(m_plotColumn, &QComboBox::activated, this, &QueryResult::choosePlotColumn);
    auto* add = new QPushButton(style::icon(style::Icon::Dashboard), tr("Add to dashboard"));
    style::setRole(add, style::Role::Flat);
    connect(add, &QPushButton::clicked, this, [this] { emit addToDashboardRequested(m_ownText); });
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

QList<QWidget*> QueryResult::panes() const
{
    return {m_table, m_plot};
}

void QueryResult::tell(style::State state, const QString& text)
{
    m_notice->tell(state, text);
}

void QueryResult::run(const QString& connection, const QString& sql, const ScriptStatement& statement)
{
    m_ownText = QString::fromUtf8(sql.toUtf8().left(statement.end));
    m_notice->tell(style::State::Connecting, tr("Starting …"));
    m_view->run(connection, sql, statement.number);
    emit busyChanged();
}

void QueryResult::stop()
{
    if (m_view->isStarting())
        m_notice->clear();
    m_view->stop();
    emit busyChanged();
}

void QueryResult::started()
{
    const sql::QueryPlan& plan = m_view->plan();
    m_notice->clear();
    m_table->setEmptyText(tr("No row yet. A window's rows come when its watermark passes."));
    m_rows = std::make_shared<QueryRows>(plan.root->schema, plan.windowStartColumn, plan.windowEndColumn);
    m_table->setResult(m_rows);
    m_plotColumns = plotColumns(plan, m_wantedColumn);
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

void QueryResult::choosePlotColumn()
{
    m_wantedColumn = m_plotColumn->currentText();
    emit plotColumnChosen(m_wantedColumn);
    m_plotColumns = plotColumns(m_view->plan(), m_wantedColumn);
    m_plotPane->setUnit(tr("%1 per window").arg(m_wantedColumn));
    m_plot->setHead(m_wantedColumn, tr("per window"));
    pull();
}

void QueryResult::showFailure(const QString& text)
{
    pull();
    m_notice->tell(style::State::Failed, text);
    m_context.log.add(LogLevel::Error, m_logSource, text);
    emit busyChanged();
}

void QueryResult::pull()
{
    const auto snapshot = m_view->snapshot();
    if (!snapshot || !m_rows)
        return;
    m_rows->setSnapshot(snapshot);
    m_table->refresh();
    const std::uint64_t final = snapshot->rows ? snapshot->rows->rowCount : 0;
    const std::uint64_t open = snapshot->provisional ? snapshot->provisional->rowCount : 0;
    m_resultPane->setUnit(tr("%1 final rows, %2 provisional, time runs down").arg(count(final), count(open)));
    m_counters->setCounters(queryCounters(*snapshot));
    m_counters->show();
    showNotice(*snapshot);
    showPlot(*snapshot);
    emit busyChanged();
}

void QueryResult::showNotice(const QuerySnapshot& snapshot)
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

void QueryResult::showPlot(const QuerySnapshot& snapshot)
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

void QueryResult::showMenu(const tables::TableCellAt& cell, const QPoint& place)
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
