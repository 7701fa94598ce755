// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/connection_rows.h"
#include "app/models/plot_feed.h"
#include "app/panels/time_view.h"
#include "widgets/style/format.h"

namespace weir {

namespace {

/// The colours that can be told apart.
constexpr std::size_t mostSeries = 10;

/// What a cluster's monitor tells, as long as it tells; then what it told last.
class ClusterView : public TimeView
{
public:
    using TimeView::TimeView;

    std::uint64_t generation() const override
    {
        const auto session = m_context.connections.session(m_document.connection);
        return session ? session->monitor().snapshot()->generation + 1 : 0;
    }

    void pull(const DashboardMoment& moment) override
    {
        const auto session = m_context.connections.session(m_document.connection);
        if (session)
            m_last = session->monitor().snapshot();
        plots::PlotData data;
        data.range = moment.range;
        if (m_last)
            fill(data, *m_last);
        tellConnection(data, session != nullptr);
        draw(std::move(data));
    }

protected:
    virtual void fill(plots::PlotData& data, const ClusterSnapshot& cluster) = 0;

private:
    void tellConnection(plots::PlotData& data, bool open)
    {
        const QString name = m_context.connections.contains(m_document.connection)
            ? m_context.connections.document(m_document.connection).name
            : tr("its connection");
        if (open && m_last->connection == Connection::Down) {
            data.stale = true;
            data.states.push_back({style::State::Stale, QString::fromStdString(m_last->connectionText)});
        } else if (!open && m_last && m_last->takenAt > 0) {
            const auto silent = static_cast<double>(m_context.connections.now(m_document.connection) - m_last->takenAt);
            data.stale = true;
            data.states.push_back(
                {style::State::Stale, tr("No data for %1: %2 is not open").arg(format::duration(silent), name)});
        } else if (!open) {
            data.states.push_back({style::State::NotConnected, tr("%1 is not open").arg(name)});
        }
    }

    std::shared_ptr<const ClusterSnapshot> m_last;
};

class ThroughputView final : public ClusterView
{
public:
    ThroughputView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
        : ClusterView(context, document, tr("Throughput by topic"), parent)
    {
        setUnit(tr("records/s"));
    }

protected:
    void fill(plots::PlotData& data, const ClusterSnapshot& cluster) override
    {
        data.unit = plots::Unit::Count;
        for (const TopicRate& topic : cluster.topics) {
            if (!topic.internal)
                data.series.push_back(
                    {QString::fromStdString(topic.name), samplesOf(topic.throughput, data.range, plotWidth())});
        }
        data.series = largestOf(std::move(data.series), mostSeries);
    }
};

class LagView final : public ClusterView
{
public:
    LagView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
        : ClusterView(context, document, tr("Consumer lag by group"), parent)
    {
        setUnit(tr("records"));
    }

protected:
    void fill(plots::PlotData& data, const ClusterSnapshot& cluster) override
    {
        data.extraHeader = tr("behind by");
        for (const GroupLag& group : cluster.groups) {
            plots::PlotSeries series{
                QString::fromStdString(group.name), samplesOf(group.lagSeries, data.range, plotWidth())};
            if (const auto behind = behindMs(group, cluster.topics))
                series.extra = format::duration(*behind);
            data.series.push_back(std::move(series));
        }
        data.series = largestOf(std::move(data.series), mostSeries);
        if (cluster.groups.empty() && !cluster.groupsListed)
            data.states.push_back({style::State::Incomplete,
                tr("this cluster lists no groups. Name them in the connection's settings.")});
    }
};

} // namespace

DashboardView* makeThroughputView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
{
    return new ThroughputView(context, document, parent);
}

DashboardView* makeLagView(const PanelContext& context, const DashboardPanelDocument& document, QWidget* parent)
{
    return new LagView(context, document, parent);
}

} // namespace weir
