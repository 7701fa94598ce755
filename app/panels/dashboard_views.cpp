// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/dashboard_views.h"

#include "app/engine/pipeline/reaper.h"
#include "app/models/plot_feed.h"
#include "widgets/plots/heat_map_plot.h"
#include "widgets/plots/time_plot.h"
#include "widgets/style/format.h"

namespace weir {

namespace {

/// A frame with a TimePlot in it; what is drawn is the subclass's.
class TimeView : public DashboardView
{
public:
    TimeView(const PanelContext& context, DashboardPanelDocument document, const QString& title, QWidget* parent)
        : DashboardView(parent), m_context(context), m_document(std::move(document)),
          m_frame(new dashboard::PanelFrame(parent)), m_plot(new plots::TimePlot)
    {
        m_frame->setTitle(m_document.title.isEmpty() ? title : m_document.title);
        m_frame->setBody(m_plot);
        connect(m_plot, &plots::TimePlot::cursorMoved, this, &DashboardView::cursorMoved);
    }

    dashboard::PanelFrame* frame() const override { return m_frame; }
    void setCursor(std::optional<std::int64_t> timeMs) override { m_plot->setCursor(timeMs); }
    QString summary() const override
    {
        QString text = m_frame->title() + QLatin1Char(':');
        for (const plots::PlotSeries& series : m_plot->data().series) {
            if (!series.samples.empty())
                text += QStringLiteral(" %1 %2,").arg(series.name, format::grouped(series.samples.back().value, 0));
        }
        text.chop(1);
        return text;
    }

protected:
    std::shared_ptr<const ClusterSnapshot> cluster() const
    {
        const auto session = m_context.connections.session(m_document.connection);
        return session ? session->monitor().snapshot() : nullptr;
    }

    void draw(plots::PlotData data)
    {
        m_plot->setData(std::move(data));
        m_plot->refresh();
    }

    /// Stale in the frame and as a line, as long as the cluster cannot be reached.
    void tellConnection(plots::PlotData& data, const ClusterSnapshot& snapshot)
    {
        data.stale = snapshot.connection == Connection::Down;
        m_frame->setState(data.stale ? style::State::Stale : style::State::Live);
        if (data.stale)
            data.states.push_back({style::State::Stale, QString::fromStdString(snapshot.connectionText)});
    }

    PanelContext m_context;
    DashboardPanelDocument m_document;
    dashboard::PanelFrame* m_frame;
    plots::TimePlot* m_plot;
};

class ThroughputView final : public TimeView
{
public:
    ThroughputView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
        : TimeView(context, document, tr("Throughput by topic"), parent)
    {
        m_frame->setUnit(tr("records/s"));
        m_plot->setHead(m_frame->title(), tr("records/s"));
    }

    std::uint64_t generation() const override
    {
        const auto snapshot = cluster();
        return snapshot ? snapshot->generation + 1 : 0;
    }

    void pull(const DashboardMoment& moment) override
    {
        const auto snapshot = cluster();
        if (!snapshot)
            return;
        plots::PlotData data;
        data.range = moment.range;
        data.unit = plots::Unit::Count;
        for (const TopicRate& topic : snapshot->topics) {
            if (!topic.internal)
                data.series.push_back(
                    {QString::fromStdString(topic.name), samplesOf(topic.throughput, moment.range, m_plot->width())});
        }
        tellConnection(data, *snapshot);
        draw(std::move(data));
    }
};

class LagView final : public TimeView
{
public:
    LagView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
        : TimeView(context, document, tr("Consumer lag by group"), parent)
    {
        m_frame->setUnit(tr("records"));
        m_plot->setHead(m_frame->title(), tr("records"));
    }

    std::uint64_t generation() const override
    {
        const auto snapshot = cluster();
        return snapshot ? snapshot->generation + 1 : 0;
    }

    void pull(const DashboardMoment& moment) override
    {
        const auto snapshot = cluster();
        if (!snapshot)
            return;
        plots::PlotData data;
        data.range = moment.range;
        data.extraHeader = tr("behind by");
        for (const GroupLag& group : snapshot->groups) {
            plots::PlotSeries series{
                QString::fromStdString(group.name), samplesOf(group.lagSeries, moment.range, m_plot->width())};
            if (group.consumedPerSecond > 0)
                series.extra = format::duration(1000.0 * static_cast<double>(group.lag) / group.consumedPerSecond);
            data.series.push_back(std::move(series));
        }
        if (snapshot->groups.empty() && !snapshot->groupsListed)
            data.states.push_back({style::State::Incomplete,
                tr("this cluster lists no groups. Name them in the connection's settings.")});
        tellConnection(data, *snapshot);
        draw(std::move(data));
    }
};

/// Reads the topic by itself, from its end, and keeps no rows.
class LatencyView final : public DashboardView
{
public:
    LatencyView(const PanelContext& context, DashboardPanelDocument document, QWidget* parent)
        : DashboardView(parent), m_context(context), m_document(std::move(document)),
          m_frame(new dashboard::PanelFrame(parent)), m_plot(new plots::HeatMapPlot)
    {
        m_frame->setTitle(
            m_document.title.isEmpty() ? tr("Latency: %1 to here").arg(m_document.topic) : m_document.title);
        m_frame->setUnit(tr("record time to receipt"));
        m_frame->setBody(m_plot);
        m_plot->setHead(m_frame->title(), tr("record time to receipt"));
        connect(m_plot, &plots::HeatMapPlot::cursorMoved, this, &DashboardView::cursorMoved);
        open();
    }
    ~LatencyView() override { Reaper::instance().take(std::move(m_feed)); }

    dashboard::PanelFrame* frame() const override { return m_frame; }
    void setCursor(std::optional<std::int64_t> timeMs) override { m_plot->setCursor(timeMs); }
    std::uint64_t generation() const override { return m_feed ? m_feed->snapshot()->generation + 1 : 0; }

    void pull(const DashboardMoment& moment) override
    {
        const auto snapshot = m_feed ? m_feed->snapshot() : nullptr;
        if (!snapshot)
            return;
        plots::HeatMapData data = heatMapOf(snapshot->latency, moment.range);
        const bool trouble = !snapshot->state.problems.empty();
        data.stale = trouble;
        m_frame->setState(trouble ? style::State::Stale : style::State::Live);
        if (trouble)
            data.states.push_back({style::State::Stale, QString::fromStdString(snapshot->state.problems.front().text)});
        if (snapshot->latency && snapshot->latency->negative > 0)
            data.states.push_back({style::State::Incomplete,
                tr("%1 records are ahead of this machine's clock")
                    .arg(format::grouped(static_cast<std::int64_t>(snapshot->latency->negative)))});
        m_plot->setData(std::move(data));
        m_plot->refresh();
    }

    QString summary() const override
    {
        const auto snapshot = m_feed ? m_feed->snapshot() : nullptr;
        if (!snapshot || !snapshot->latency)
            return tr("%1: no record yet").arg(m_frame->title());
        const LatencySnapshot& latency = *snapshot->latency;
        return tr("%1: p50 %2, p95 %3, p99 %4 over %5 records")
            .arg(m_frame->title(), format::duration(latency.p50), format::duration(latency.p95),
                format::duration(latency.p99), format::grouped(static_cast<std::int64_t>(latency.records)));
    }

private:
    void open()
    {
        const auto session = m_context.connections.session(m_document.connection);
        if (!session)
            return;
        ReadRequest request;
        request.topic = m_document.topic.toStdString();
        request.start = FromEnd{};
        const auto work = [session, request]() -> Result<std::shared_ptr<TopicFeed>> {
            TopicFeedOptions options;
            options.keepRows = false;
            auto feed = session->openFeed(request, options);
            if (!feed)
                return feed.error();
            return std::shared_ptr<TopicFeed>(std::move(*feed));
        };
        m_context.background.run(this, work, [this](Result<std::shared_ptr<TopicFeed>> feed) {
            if (feed) {
                m_feed = std::move(*feed);
                return;
            }
            m_frame->setState(style::State::Failed, QString::fromStdString(feed.error().text()));
            m_context.log.add(LogLevel::Error, m_document.topic, QString::fromStdString(feed.error().text()));
        });
    }

    PanelContext m_context;
    DashboardPanelDocument m_document;
    dashboard::PanelFrame* m_frame;
    plots::HeatMapPlot* m_plot;
    std::shared_ptr<TopicFeed> m_feed;
};

class QueryPlotView final : public TimeView
{
public:
    QueryPlotView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
        : TimeView(context, document, tr("Query"), parent), m_view(new QueryView(context, this))
    {
        m_frame->setUnit(tr("per window"));
        m_plot->setHead(m_frame->title(), tr("per window"));
        connect(m_view, &QueryView::failed, this, [this](const QString& text) {
            m_frame->setState(style::State::Failed, text);
            m_context.log.add(LogLevel::Error, m_frame->title(), text);
        });
        m_view->run(m_document.connection, m_document.sql);
    }

    std::uint64_t generation() const override { return m_view->generation(); }

    void pull(const DashboardMoment&) override
    {
        const auto snapshot = m_view->snapshot();
        if (!snapshot)
            return;
        const sql::QueryPlan& plan = m_view->plan();
        const QueryPlotColumns columns = plotColumns(plan.root->schema, plan.windowStartColumn, m_document.plotColumn);
        if (columns.value >= 0)
            m_frame->setUnit(
                tr("%1 per window")
                    .arg(QString::fromStdString(plan.root->schema[static_cast<std::size_t>(columns.value)].name)));
        plots::PlotData data = queryPlot(*snapshot, columns, plots::Kind::Bars);
        if (data.provisionalFromMs && snapshot->counters.watermark > 0)
            data.states.push_back({style::State::Provisional,
                tr("the last window is open, watermark %1").arg(format::time(snapshot->counters.watermark))});
        const bool failed = snapshot->phase == QueryPhase::Failed;
        m_frame->setState(failed ? style::State::Failed : style::State::Live,
            failed && snapshot->failure ? QString::fromStdString(snapshot->failure->text()) : QString());
        draw(std::move(data));
    }

private:
    QueryView* m_view;
};

} // namespace

DashboardView* makeDashboardView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
{
    if (document.kind == QLatin1String("throughput"))
        return new ThroughputView(context, document, parent);
    if (document.kind == QLatin1String("lag"))
        return new LagView(context, document, parent);
    if (document.kind == QLatin1String("latency"))
        return new LatencyView(context, document, parent);
    if (document.kind == QLatin1String("query"))
        return new QueryPlotView(context, document, parent);
    return nullptr;
}

} // namespace weir
