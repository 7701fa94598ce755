// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/connection_tree.h"
#include "app/session/session.h"

#include <QObject>

#include <functional>

namespace weir {

/// How a connection's session is made; Session::open but in tests.
using SessionOpener = std::function<Result<std::shared_ptr<Session>>(
    const SessionSettings& settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock)>;

/// The connections of the window and the sessions that are open on them. GUI thread; opening a session does not block,
/// closing one is left to the reaper. Panels look at session() after each changed(): another pointer is another
/// session.
class LiveConnections : public QObject
{
    Q_OBJECT
public:
    LiveConnections(std::shared_ptr<MemoryBudget> budget, const Clock& clock, SessionOpener opener = Session::open,
        QObject* parent = nullptr);
    ~LiveConnections() override;
    /// Where the sessions that are opened from now on keep rows.
    void setLiveBuffers(std::shared_ptr<LiveBuffers> buffers) { m_buffers = std::move(buffers); }

    /// Adds a connection behind the others, or gives the one with the same id new settings. Its session is kept if it
    /// was open and nothing changed that it was opened with; else, with `connectNow`, one is opened.
    Result<void> add(const ConnectionDocument& document, bool connectNow);
    void remove(const QString& id);
    /// Opens a session if there is none.
    Result<void> connectTo(const QString& id);
    void disconnectFrom(const QString& id);
    /// Opens a capture anew, paused in front of its first record: whoever reads it begins anew as well.
    Result<void> replay(const QString& id);

    bool contains(const QString& id) const { return find(id) != nullptr; }
    /// An empty one for an unknown id.
    ConnectionDocument document(const QString& id) const;
    std::shared_ptr<Session> session(const QString& id) const;
    /// The session of the only (or first) connection that is open; null when none is.
    std::shared_ptr<Session> first(QString* id = nullptr) const;
    std::vector<ConnectionState> states() const;
    /// Differs from before when any snapshot does.
    std::uint64_t generation() const;
    const std::shared_ptr<MemoryBudget>& budget() const { return m_budget; }
    const Clock& clock() const { return m_clock; }
    /// What time it is on a connection: that of an opened capture is its own.
    EpochMs now(const QString& id) const;

signals:
    void changed();

private:
    struct Entry
    {
        ConnectionDocument document;
        std::shared_ptr<Session> session;
    };

    const Entry* find(const QString& id) const;
    Entry* find(const QString& id);
    Result<void> open(Entry& entry, bool paced = false);
    void close(Entry& entry);
    void tell();

    std::shared_ptr<MemoryBudget> m_budget;
    const Clock& m_clock;
    SessionOpener m_opener;
    std::shared_ptr<LiveBuffers> m_buffers; ///< may be null
    std::vector<Entry> m_entries; ///< in the order of the tree
    std::uint64_t m_edits = 0;
};

} // namespace weir
