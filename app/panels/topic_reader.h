// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"

#include <QTimer>

namespace weir {

/// Keeps topics open for a panel, together: opens them away from the GUI thread, tries again every few seconds while
/// that fails, and follows its connection when that is closed, opened again or given other settings. Rows that were
/// read stay readable until those of the next start take their place. GUI thread.
class TopicReader : public QObject
{
    Q_OBJECT
public:
    enum class Phase { NotConnected, Opening, Failed, Reading, Stopped };
    struct Wanted
    {
        QString connection;
        std::vector<ReadRequest> requests; ///< one for each topic
        TopicFeedOptions options;
        std::shared_ptr<const FilterTable> keys; ///< says where keys lie; may be null
        Session::Rows rows = Session::Rows::Kept;
    };
    static constexpr int retryMs = 3000;

    TopicReader(const PanelContext& context, QObject* parent);
    ~TopicReader() override;

    /// Starts anew; what was read so far stays until the new rows come.
    void open(Wanted wanted);
    /// Reading ends, the rows stay.
    void stop();

    Phase phase() const { return m_phase; }
    /// Why it could not be opened, in words; empty otherwise.
    const QString& failure() const { return m_failure; }
    /// Null before the first start.
    const std::shared_ptr<const RowStore>& rows() const { return m_rows; }
    /// Null before the first start; the last one there was while nothing is read.
    std::shared_ptr<const TopicFeedSnapshot> snapshot() const;
    /// Differs from before when there is something new to show.
    std::uint64_t generation() const;

signals:
    /// rows() are others now.
    void opened();
    void phaseChanged();

private:
    void start();
    void arrived(Result<std::shared_ptr<TopicFeed>> feed);
    void release();
    void followConnection();
    void setPhase(Phase phase, const QString& failure = {});
    QString condition() const;

    PanelContext m_context;
    Wanted m_wanted;
    QTimer m_retry;
    std::weak_ptr<Session> m_session; ///< the one last opened on
    std::shared_ptr<TopicFeed> m_feed;
    std::shared_ptr<const RowStore> m_rows;
    std::shared_ptr<const TopicFeedSnapshot> m_last; ///< of a feed that was let go
    Phase m_phase = Phase::NotConnected;
    QString m_failure;
    std::uint64_t m_starts = 0;
    std::uint64_t m_changes = 0;
};

} // namespace weir
