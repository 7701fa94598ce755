// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/plot_feed.h"
#include "app/panels/query_view.h"
#include "app/panels/time_view.h"
#include "widgets/style/format.h"

namespace weir {

namespace {

/// The plot of a query that runs as long as its connection is open.
class QueryPlotView final : public TimeView
{
public:
    QueryPlotView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
        : TimeView(context, document, tr("Query"), parent), m_view(new QueryView(context, this))
    {
        setUnit(tr("per window"));
        m_view->setKeepsRunning(true);
        connect(m_view, &QueryView::started, this, [this] { ++m_changes; });
        connect(m_view, &QueryView::failed, this, [this](const QString& text) {
            ++m_changes;
            m_context.log.setCondition(condition(), frame()->title(), text);
        });
        m_view->run(m_document.connection, m_document.sql);
    }
    ~QueryPlotView() override { m_context.log.clearCondition(condition()); }

    std::uint64_t generation() const override { return (m_changes << 52) + m_view->generation(); }

    void pull(const DashboardMoment& moment) override
    {
        plots::PlotData data;
        if (const auto snapshot = m_view->snapshot(); snapshot && m_view->plan().root)
            data = plotOf(*snapshot);
        if (data.range.endMs > moment.range.beginMs && data.range.beginMs < moment.range.endMs)
            data.range = moment.range; // all panels show one time; rows of another day are shown where they lie
        if (m_view->failure().isEmpty())
            m_context.log.clearCondition(condition());
        else
            data.states.push_back({style::State::Failed, m_view->failure()});
        draw(std::move(data));
    }

    QStringList columns() const override
    {
        QStringList names;
        const sql::QueryPlan& plan = m_view->plan();
        if (!plan.root)
            return names;
        for (const int column : plotColumns(plan, {}).values)
            names.append(QString::fromStdString(plan.root->schema[static_cast<std::size_t>(column)].name));
        return names;
    }

private:
    plots::PlotData plotOf(const QuerySnapshot& snapshot)
    {
        const sql::QueryPlan& plan = m_view->plan();
        const QueryPlotColumns columns = plotColumns(plan, m_document.plotColumn);
        plots::PlotData data = queryPlot(snapshot, columns, plots::Kind::Bars);
        if (columns.value < 0)
            data.states.push_back({style::State::Incomplete, tr("no number by window_start to draw")});
        else
            setUnit(tr("%1 per window")
                        .arg(QString::fromStdString(plan.root->schema[static_cast<std::size_t>(columns.value)].name)));
        tell(data, snapshot);
        return data;
    }

    static void tell(plots::PlotData& data, const QuerySnapshot& snapshot)
    {
        const QueryCounters& counters = snapshot.counters;
        if (snapshot.failure)
            data.states.push_back({style::State::Failed, QString::fromStdString(snapshot.failure->text())});
        if (!snapshot.source.problems.empty()) {
            data.stale = true;
            data.states.push_back({style::State::Stale, QString::fromStdString(snapshot.source.problems.front().text)});
        }
        if (snapshot.firstFlinkFailure)
            data.states.push_back({style::State::Incomplete,
                tr("%1 of %2 records could not be decoded, the first at %3")
                    .arg(format::grouped(static_cast<std::int64_t>(counters.decodeErrors)),
                        format::grouped(static_cast<std::int64_t>(counters.rowsIn)),
                        QString::fromStdString(snapshot.firstFlinkFailure->where))});
        if (data.provisionalFromMs && counters.watermark > 0)
            data.states.push_back({style::State::Provisional,
                tr("window %1 is open, watermark %2")
                    .arg(format::timeSeconds(*data.provisionalFromMs), format::time(counters.watermark))});
    }

    QString condition() const { return QStringLiteral("query/%1").arg(reinterpret_cast<quintptr>(this)); }

    QueryView* m_view;
    std::uint64_t m_changes = 0;
};

} // namespace

DashboardView* makeQueryPlotView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
{
    return new QueryPlotView(context, document, parent);
}

} // namespace weir
