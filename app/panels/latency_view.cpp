// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/plot_feed.h"
#include "app/panels/dashboard_views.h"
#include "app/panels/topic_reader.h"
#include "widgets/plots/heat_map_plot.h"
#include "widgets/style/format.h"

namespace weir {

namespace {

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

/// Reads the topic by itself, from its end, and keeps no rows.
class LatencyView final : public DashboardView
{
public:
    LatencyView(const PanelContext& context, DashboardPanelDocument document, QWidget* parent)
        : DashboardView(parent), m_document(std::move(document)), m_frame(new dashboard::PanelFrame(parent)),
          m_plot(new plots::HeatMapPlot(m_frame)), m_reader(new TopicReader(context, this))
    {
        const bool byField = !m_document.latencyField.isEmpty();
        const QString from = byField ? m_document.topic + QLatin1Char('.') + m_document.latencyField : m_document.topic;
        m_frame->setTitle(m_document.title.isEmpty() ? tr("Latency: %1 to here").arg(from) : m_document.title);
        const QString unit = byField ? tr("%1 to receipt").arg(m_document.latencyField) : tr("record time to receipt");
        m_frame->setUnit(unit);
        m_frame->setBody(m_plot);
        m_plot->setHead(m_frame->title(), unit);
        connect(m_plot, &plots::HeatMapPlot::cursorMoved, this, &DashboardView::cursorMoved);
        TopicReader::Wanted wanted;
        wanted.connection = m_document.connection;
        ReadRequest request;
        request.topic = m_document.topic.toStdString();
        wanted.requests = {std::move(request)};
        wanted.rows = Session::Rows::Counted;
        wanted.options.checkValues = false; // a topic view counts them
        wanted.options.latencyField = m_document.latencyField.toStdString();
        m_reader->open(std::move(wanted));
    }

    dashboard::PanelFrame* frame() const override { return m_frame; }
    void setCursor(std::optional<std::int64_t> timeMs) override { m_plot->setCursor(timeMs); }
    std::uint64_t generation() const override { return m_reader->generation(); }

    void pull(const DashboardMoment& moment) override
    {
        const auto snapshot = m_reader->snapshot();
        plots::HeatMapData data = heatMapOf(snapshot ? snapshot->latency : nullptr, moment.range);
        tellPhase(data);
        if (snapshot) {
            tellProblems(data, *snapshot);
            tellRecords(data, *snapshot->latency);
        }
        m_frame->setState(data.states.empty() ? style::State::Live : data.states.front().state);
        m_plot->setData(std::move(data));
        m_plot->refresh();
    }

    QString summary() const override
    {
        const auto snapshot = m_reader->snapshot();
        if (!snapshot || snapshot->latency->records == 0)
            return tr("%1: no record yet").arg(m_frame->title());
        const LatencySnapshot& latency = *snapshot->latency;
        return tr("%1: p50 %2, p95 %3, p99 %4 over %5 records")
            .arg(m_frame->title(), format::duration(latency.p50), format::duration(latency.p95),
                format::duration(latency.p99), count(latency.records));
    }

private:
    void tellPhase(plots::HeatMapData& data) const
    {
        if (m_reader->phase() == TopicReader::Phase::NotConnected)
            data.states.push_back({style::State::NotConnected, tr("the connection of this panel is not open")});
        else if (m_reader->phase() == TopicReader::Phase::Failed)
            data.states.push_back({style::State::Failed, m_reader->failure()});
    }

    static void tellProblems(plots::HeatMapData& data, const TopicFeedSnapshot& snapshot)
    {
        if (snapshot.state.problems.empty())
            return;
        data.stale = true;
        data.states.push_back({style::State::Stale, QString::fromStdString(snapshot.state.problems.front().text)});
    }

    void tellRecords(plots::HeatMapData& data, const LatencySnapshot& latency) const
    {
        if (latency.negative > 0)
            data.states.push_back({style::State::Incomplete,
                tr("%1 records are ahead of this machine's clock").arg(count(latency.negative))});
        if (latency.withoutTimestamp > 0)
            data.states.push_back({style::State::Incomplete,
                tr("%1 of %2 records had no %3")
                    .arg(count(latency.withoutTimestamp),
                        count(latency.withoutTimestamp + latency.records + latency.negative),
                        m_document.latencyField.isEmpty() ? tr("timestamp") : m_document.latencyField)});
    }

    DashboardPanelDocument m_document;
    dashboard::PanelFrame* m_frame;
    plots::HeatMapPlot* m_plot;
    TopicReader* m_reader;
};

} // namespace

DashboardView* makeLatencyView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
{
    return new LatencyView(context, document, parent);
}

} // namespace weir
