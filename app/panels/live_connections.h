// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/connection_tree.h"
#include "app/session/session.h"

#include <QObject>

#include <map>

namespace weir {

/// The connections of the window and the sessions that are open on them. GUI thread; opening a session does not block,
/// closing one is left to the reaper.
class LiveConnections : public QObject
{
    Q_OBJECT
public:
    LiveConnections(std::shared_ptr<MemoryBudget> budget, const Clock& clock, QObject* parent = nullptr);
    ~LiveConnections() override;

    /// Adds a connection, or replaces the one with the same id. With `connectNow` a session is opened on it.
    Result<void> add(const ConnectionDocument& document, bool connectNow);
    void remove(const QString& id);
    std::shared_ptr<Session> session(const QString& id) const;
    /// The session of the only (or first) connection that is open; null when none is.
    std::shared_ptr<Session> first(QString* id = nullptr) const;
    std::vector<ConnectionState> states() const;
    /// Differs from before when any snapshot does.
    std::uint64_t generation() const;
    const std::shared_ptr<MemoryBudget>& budget() const { return m_budget; }
    const Clock& clock() const { return m_clock; }

signals:
    void changed();

private:
    struct Entry
    {
        ConnectionDocument document;
        std::shared_ptr<Session> session;
    };

    std::shared_ptr<MemoryBudget> m_budget;
    const Clock& m_clock;
    std::vector<Entry> m_entries; ///< in the order of the tree
    std::uint64_t m_edits = 0;
};

} // namespace weir
