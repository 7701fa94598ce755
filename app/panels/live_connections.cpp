// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/live_connections.h"

#include "app/engine/pipeline/reaper.h"

#include <algorithm>

namespace weir {

namespace {

SessionSettings settingsOf(const ConnectionDocument& document)
{
    SessionSettings settings;
    settings.name = document.name.toStdString();
    settings.capture = document.capture.toStdString();
    settings.bootstrapServers = document.bootstrapServers.toStdString();
    for (const auto& [name, value] : document.properties)
        settings.properties[name.toStdString()] = value.toStdString();
    for (const QString& group : document.namedGroups)
        settings.namedGroups.push_back(group.toStdString());
    return settings;
}

bool reachedTheSameWay(const ConnectionDocument& a, const ConnectionDocument& b)
{
    return a.bootstrapServers == b.bootstrapServers && a.capture == b.capture && a.properties == b.properties
        && a.namedGroups == b.namedGroups;
}

} // namespace

LiveConnections::LiveConnections(
    std::shared_ptr<MemoryBudget> budget, const Clock& clock, SessionOpener opener, QObject* parent)
    : QObject(parent), m_budget(std::move(budget)), m_clock(clock), m_opener(std::move(opener))
{ }

LiveConnections::~LiveConnections()
{
    for (Entry& entry : m_entries)
        close(entry);
}

Result<void> LiveConnections::open(Entry& entry, bool paced)
{
    SessionSettings settings = settingsOf(entry.document);
    settings.paced = paced;
    auto session = m_opener(settings, m_budget, m_clock);
    if (!session)
        return session.error();
    entry.session = std::move(*session);
    entry.session->setLiveBuffers(m_buffers);
    entry.session->monitor().start();
    return {};
}

void LiveConnections::close(Entry& entry)
{
    if (entry.session)
        Reaper::instance().take(std::exchange(entry.session, nullptr));
}

void LiveConnections::tell()
{
    ++m_edits;
    emit changed();
}

Result<void> LiveConnections::add(const ConnectionDocument& document, bool connectNow)
{
    Entry* entry = find(document.id);
    if (!entry) {
        m_entries.push_back({document, nullptr});
        entry = &m_entries.back();
    }
    if (!reachedTheSameWay(entry->document, document))
        close(*entry);
    entry->document = document;
    const Result<void> outcome = connectNow && !entry->session ? open(*entry) : Result<void>();
    tell();
    return outcome;
}

void LiveConnections::remove(const QString& id)
{
    Entry* entry = find(id);
    if (!entry)
        return;
    close(*entry);
    m_entries.erase(m_entries.begin() + (entry - m_entries.data()));
    tell();
}

Result<void> LiveConnections::connectTo(const QString& id)
{
    Entry* entry = find(id);
    if (!entry || entry->session)
        return {};
    const Result<void> outcome = open(*entry);
    tell();
    return outcome;
}

void LiveConnections::disconnectFrom(const QString& id)
{
    Entry* entry = find(id);
    if (!entry || !entry->session)
        return;
    close(*entry);
    tell();
}

Result<void> LiveConnections::replay(const QString& id)
{
    Entry* entry = find(id);
    if (!entry)
        return {};
    close(*entry);
    const Result<void> outcome = open(*entry, true);
    tell();
    return outcome;
}

EpochMs LiveConnections::now(const QString& id) const
{
    const Entry* entry = find(id);
    return entry && entry->session ? entry->session->clock().wallMs() : m_clock.wallMs();
}

const LiveConnections::Entry* LiveConnections::find(const QString& id) const
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.document.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

LiveConnections::Entry* LiveConnections::find(const QString& id)
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.document.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

ConnectionDocument LiveConnections::document(const QString& id) const
{
    const Entry* entry = find(id);
    return entry ? entry->document : ConnectionDocument();
}

std::shared_ptr<Session> LiveConnections::session(const QString& id) const
{
    const Entry* entry = find(id);
    return entry ? entry->session : nullptr;
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
    for (const Entry& entry : m_entries) {
        ConnectionState& state = states.emplace_back();
        state.document = entry.document;
        if (!entry.session)
            continue;
        state.snapshot = entry.session->monitor().snapshot();
        state.writable = entry.session->isWritable();
    }
    return states;
}

std::uint64_t LiveConnections::generation() const
{
    std::uint64_t sum = m_edits << 32;
    for (const Entry& entry : m_entries) {
        if (entry.session)
            sum += 2 * entry.session->monitor().snapshot()->generation + (entry.session->isWritable() ? 1 : 0);
    }
    return sum;
}

} // namespace weir
