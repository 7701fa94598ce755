// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/row_loader.h"

#include <algorithm>

namespace weir::rows {

RowLoader::RowLoader(Load load, std::size_t cacheBytes)
    : m_load(std::move(load)), m_cacheBytes(cacheBytes),
      m_thread([this](const std::stop_token& stopped) { run(stopped); })
{ }

RowLoader::~RowLoader() = default;

std::vector<RowLoader::Loaded> RowLoader::get(std::span<const RowEntry> entries, std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    want(entries);
    if (!areThere(entries)) {
        m_asked.notify_all();
        m_read.wait_for(lock, patience, [&] { return areThere(entries); });
    }
    std::vector<Loaded> loaded;
    if (entries.size() != 1)
        m_missed.clear();
    for (const RowEntry& entry : entries) {
        const auto slot = m_slots.find(entry.firstRow);
        loaded.push_back(slot == m_slots.end() ? Loaded() : slot->second.loaded);
        if (slot == m_slots.end())
            m_missed.insert(entry.firstRow);
        else
            m_uses.splice(m_uses.end(), m_uses, slot->second.use);
    }
    return loaded;
}

bool RowLoader::areThere(std::span<const RowEntry> entries) const
{
    return std::all_of(
        entries.begin(), entries.end(), [this](const RowEntry& entry) { return m_slots.contains(entry.firstRow); });
}

/// What is asked for now comes first. What was asked for before is not read any more, unless this is one that was
/// chosen among them.
void RowLoader::want(std::span<const RowEntry> entries)
{
    const bool alone = entries.size() == 1;
    std::vector<RowEntry> before;
    if (alone) {
        m_alone = entries.front().firstRow;
        before.swap(m_wanted);
    } else {
        m_pinned.clear();
        m_wanted.clear();
    }
    for (const RowEntry& entry : entries) {
        if (!alone)
            m_pinned.insert(entry.firstRow);
        const auto slot = m_slots.find(entry.firstRow);
        if (slot != m_slots.end() && alone && !slot->second.loaded.batch)
            forget(entry.firstRow); // there is room for it now
        if (!m_slots.contains(entry.firstRow))
            m_wanted.push_back(entry);
    }
    for (const RowEntry& entry : before) {
        if (entry.firstRow != m_alone)
            m_wanted.push_back(entry);
    }
}

void RowLoader::run(const std::stop_token& stopped)
{
    std::unique_lock lock(m_mutex);
    while (m_asked.wait(lock, stopped, [this] { return !m_wanted.empty(); })) {
        const RowEntry entry = m_wanted.front();
        m_wanted.erase(m_wanted.begin());
        lock.unlock();
        const auto read = m_load(entry);
        lock.lock();
        keep(entry, read);
        m_loads += m_missed.erase(entry.firstRow);
        m_read.notify_all();
    }
}

void RowLoader::keep(const RowEntry& entry, const Result<RecordBatchPtr>& read)
{
    if (m_slots.contains(entry.firstRow))
        return;
    Slot slot;
    slot.loaded.absence = RowAbsence::Unreadable;
    if (read && *read && (*read)->size() == entry.rows) {
        slot.bytes = (*read)->memoryBytes();
        makeRoom(m_cacheBytes > slot.bytes ? m_cacheBytes - slot.bytes : 0);
        if (m_bytes + slot.bytes <= m_cacheBytes || m_bytes == 0 || m_alone == entry.firstRow)
            slot.loaded.batch = *read;
        else
            slot.bytes = 0;
    } else if (!read && read.error().kind == ErrorKind::NotFound) {
        slot.loaded.absence = RowAbsence::Evicted;
    }
    m_bytes += slot.bytes;
    slot.use = m_uses.insert(m_uses.end(), entry.firstRow);
    m_slots.emplace(entry.firstRow, std::move(slot));
}

/// Down to `limit` bytes, as far as nothing goes that was asked for last.
void RowLoader::makeRoom(std::size_t limit)
{
    for (auto use = m_uses.begin(); use != m_uses.end() && (m_bytes > limit || m_slots.size() > 4096);) {
        const std::int64_t row = *use++;
        if (row != m_alone && !m_pinned.contains(row))
            forget(row);
    }
}

void RowLoader::forget(std::int64_t row)
{
    const auto slot = m_slots.find(row);
    m_bytes -= slot->second.bytes;
    m_uses.erase(slot->second.use);
    m_slots.erase(slot);
}

std::uint64_t RowLoader::loads() const
{
    const std::lock_guard lock(m_mutex);
    return m_loads;
}

void RowLoader::trim()
{
    const std::lock_guard lock(m_mutex);
    makeRoom(0);
}

} // namespace weir::rows
