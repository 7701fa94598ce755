// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/topic_reader.h"

#include "app/engine/pipeline/reaper.h"

namespace weir {

TopicReader::TopicReader(const PanelContext& context, QObject* parent) : QObject(parent), m_context(context)
{
    m_retry.setSingleShot(true);
    m_retry.setInterval(retryMs);
    connect(&m_retry, &QTimer::timeout, this, &TopicReader::start);
    connect(&m_context.connections, &LiveConnections::changed, this, &TopicReader::followConnection);
    m_context.traffic.add(this, [this] {
        const auto now = snapshot();
        if (!now)
            return Flow();
        const bool reading = m_phase == Phase::Reading;
        const std::uint64_t gone = static_cast<std::uint64_t>(now->firstRow) + now->rows.dropped;
        return Flow{reading ? now->recordsPerSecond : 0, now->undecodable, gone};
    });
}

TopicReader::~TopicReader()
{
    m_context.log.clearCondition(condition());
    release();
}

void TopicReader::open(Wanted wanted)
{
    m_wanted = std::move(wanted);
    start();
}

void TopicReader::start()
{
    m_retry.stop();
    release();
    const std::shared_ptr<Session> session = m_context.connections.session(m_wanted.connection);
    m_session = session;
    const std::uint64_t number = ++m_starts;
    if (!session) {
        setPhase(Phase::NotConnected);
        return;
    }
    // A retry that has not answered leaves the words of the last failure on the screen.
    if (m_phase != Phase::Failed)
        setPhase(Phase::Opening);
    const auto work = [session, wanted = m_wanted]() -> Result<std::shared_ptr<TopicFeed>> {
        auto feed = session->openFeed(wanted.requests, wanted.options, wanted.rows, wanted.keys.get());
        if (!feed)
            return feed.error();
        return std::shared_ptr<TopicFeed>(std::move(*feed));
    };
    m_context.background.run(this, work, [this, number](Result<std::shared_ptr<TopicFeed>> feed) {
        if (number == m_starts)
            arrived(std::move(feed));
        else if (feed)
            Reaper::instance().take(std::move(*feed)); // another start was asked for meanwhile
    });
}

void TopicReader::arrived(Result<std::shared_ptr<TopicFeed>> feed)
{
    if (!feed) {
        setPhase(Phase::Failed, QString::fromStdString(feed.error().text()));
        m_retry.start();
        return;
    }
    m_feed = std::move(*feed);
    m_rows = m_feed->rows();
    m_last.reset();
    setPhase(Phase::Reading);
    emit opened();
}

void TopicReader::release()
{
    if (!m_feed)
        return;
    m_last = m_feed->snapshot();
    Reaper::instance().take(std::exchange(m_feed, nullptr));
}

void TopicReader::stop()
{
    m_retry.stop();
    ++m_starts;
    release();
    setPhase(Phase::Stopped);
}

void TopicReader::followConnection()
{
    const std::shared_ptr<Session> now = m_context.connections.session(m_wanted.connection);
    const bool same = now ? now == m_session.lock() : m_phase == Phase::NotConnected;
    if (m_starts > 0 && m_phase != Phase::Stopped && !same)
        start();
}

void TopicReader::setPhase(Phase phase, const QString& failure)
{
    QStringList topics;
    for (const ReadRequest& request : m_wanted.requests)
        topics.append(QString::fromStdString(request.topic));
    const QString topic = topics.join(QStringLiteral(", "));
    if (phase == Phase::Failed)
        m_context.log.setCondition(condition(), topic, failure);
    else if (phase != Phase::Opening)
        m_context.log.clearCondition(condition());
    m_phase = phase;
    m_failure = failure;
    ++m_changes;
    emit phaseChanged();
}

QString TopicReader::condition() const
{
    return QStringLiteral("reader/%1").arg(reinterpret_cast<quintptr>(this));
}

std::shared_ptr<const TopicFeedSnapshot> TopicReader::snapshot() const
{
    return m_feed ? m_feed->snapshot() : m_last;
}

std::uint64_t TopicReader::generation() const
{
    const auto now = snapshot();
    std::uint64_t rows = m_rows ? m_rows->loads() : 0;
    if (m_rows && (!m_feed || now->ended)) // nobody takes snapshots of what the disk still takes in
        rows += static_cast<std::uint64_t>(m_rows->endRow());
    return (m_changes << 48) + rows + (now ? now->generation + 1 : 0);
}

} // namespace weir
