// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/time_view.h"

#include "widgets/plots/time_plot.h"
#include "widgets/style/format.h"

#include <algorithm>

namespace weir {

TimeView::TimeView(const PanelContext& context, DashboardPanelDocument document, const QString& title, QWidget* parent)
    : DashboardView(parent), m_context(context), m_document(std::move(document)),
      m_frame(new dashboard::PanelFrame(parent)), m_plot(new plots::TimePlot(m_frame))
{
    m_frame->setTitle(m_document.title.isEmpty() ? title : m_document.title);
    m_frame->setBody(m_plot);
    connect(m_plot, &plots::TimePlot::cursorMoved, this, &DashboardView::cursorMoved);
}

void TimeView::setCursor(std::optional<std::int64_t> timeMs)
{
    m_plot->setCursor(timeMs);
}

QString TimeView::summary() const
{
    QString text = m_frame->title() + QLatin1Char(':');
    for (const plots::PlotSeries& series : m_plot->data().series) {
        if (!series.samples.empty())
            text += QStringLiteral(" %1 %2,").arg(series.name, format::grouped(series.samples.back().value, 0));
    }
    text.chop(1);
    return text;
}

int TimeView::plotWidth() const
{
    return m_plot->width();
}

void TimeView::setUnit(const QString& unit)
{
    m_frame->setUnit(unit);
    m_plot->setHead(m_frame->title(), unit);
}

void TimeView::showState(const plots::PlotData& data)
{
    style::State worst = style::State::Live;
    for (const style::StateLine& line : data.states) {
        const bool failed = line.state == style::State::Failed;
        const bool passing = line.state == style::State::Provisional || line.state == style::State::Reduced;
        if (failed
            || (!passing && worst != style::State::Failed && (worst == style::State::Live || line.state < worst)))
            worst = line.state;
    }
    m_frame->setState(worst);
}

void TimeView::draw(plots::PlotData data)
{
    for (plots::PlotSeries& series : data.series)
        series.look = m_looks.try_emplace(series.name, static_cast<int>(m_looks.size())).first->second;
    showState(data);
    m_plot->setData(std::move(data));
    m_plot->refresh();
}

} // namespace weir
