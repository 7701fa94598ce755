// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/live_connections.h"

#include "app/engine/pipeline/reaper.h"

#include <algorithm>

namespace weir {

LiveConnections::LiveConnections(std::shared_ptr<MemoryBudget> budget, const Clock& clock, QObject* parent)
    : QObject(parent), m_budget(std::move(budget)), m_clock(clock)
{ }

LiveConnections::~LiveConnections()
{
    for (Entry& entry : m_entries)
        Reaper::instance().take(std::move(entry.session));
}

Result<void> LiveConnections::add(const ConnectionDocument& document, bool connectNow)
{
    remove(document.id);
    Entry entry{document, nullptr};
    Result<void> outcome;
    if (connectNow) {
        SessionSettings settings;
        settings.name = document.name.toStdString();
        settings.bootstrapServers = document.bootstrapServers.toStdString();
        for (const auto& [name, value] : document.properties)
            settings.properties[name.toStdString()] = value.toStdString();
        for (const QString& group : document.namedGroups)
            settings.namedGroups.push_back(group.toStdString());
        auto session = Session::open(settings, m_budget, m_clock);
        if (session) {
            entry.session = std::move(*session);
            entry.session->monitor().start();
        } else {
            outcome = session.error();
        }
    }
    m_entries.push_back(std::move(entry));
    ++m_edits;
    emit changed();
    return outcome;
}

void LiveConnections::remove(const QString& id)
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.document.id == id; });
    if (found == m_entries.end())
        return;
    Reaper::instance().take(std::move(found->session));
    m_entries.erase(found);
    ++m_edits;
    emit changed();
}

std::shared_ptr<Session> LiveConnections::session(const QString& id) const
{
    for (const Entry& entry : m_entries) {
        if (entry.document.id == id)
            return entry.session;
    }
    return nullptr;
}

std::shared_ptr<Session> LiveConnections::first(QString* id) const
{
    for (const Entry& entry : m_entries) {
        if (!entry.session)
            continue;
        if (id)
            *id = entry.document.id;
        return entry.session;
    }
    return nullptr;
}

std::vector<ConnectionState> LiveConnections::states() const
{
    std::vector<ConnectionState> states;
    for (const Entry& entry : m_entries)
        states.push_back({entry.document, entry.session ? entry.session->monitor().snapshot() : nullptr});
    return states;
}

std::uint64_t LiveConnections::generation() const
{
    std::uint64_t sum = m_edits << 32;
    for (const Entry& entry : m_entries) {
        if (entry.session)
            sum += entry.session->monitor().snapshot()->generation;
    }
    return sum;
}

} // namespace weir
