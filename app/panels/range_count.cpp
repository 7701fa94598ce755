// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/range_count.h"

namespace weir {

RangeCount::RangeCount(const PanelContext& context, QObject* parent) : QObject(parent), m_context(context) { }

RangeCount::~RangeCount()
{
    giveUp();
}

void RangeCount::giveUp()
{
    if (m_cancelled)
        *m_cancelled = true;
}

void RangeCount::count(const QString& connectionId, const QStringList& topics)
{
    giveUp();
    m_cancelled = std::make_shared<std::atomic<bool>>(false);
    const auto session = m_context.connections.session(connectionId);
    if (!session)
        return;
    TimeBinsWanted wanted;
    for (const QString& topic : topics)
        wanted.topics.push_back(topic.toStdString());
    wanted.until = m_context.connections.now(connectionId);
    const auto cancelled = m_cancelled;
    const auto show = [this, cancelled](TimeBins bins) {
        if (*cancelled)
            return;
        m_bins = std::move(bins);
        ++m_changes;
    };
    const auto post = m_context.background.poster(this);
    m_context.background.run(
        this,
        [session, wanted, cancelled, post, show] {
            return countByTime(*session->cluster(), wanted, *cancelled,
                [&](const TimeBins& bins) { post([show, bins] { show(bins); }); });
        },
        [this, show, name = topics.join(QStringLiteral(", "))](Result<TimeBins> bins) {
            if (bins)
                show(std::move(*bins));
            else if (bins.error().kind != ErrorKind::Unsupported)
                m_context.log.add(LogLevel::Warning, name,
                    tr("Records over time could not be counted. %1").arg(QString::fromStdString(bins.error().text())));
        });
}

} // namespace weir
