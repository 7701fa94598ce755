// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/record/read_group.h"

#include <algorithm>

namespace weir {

/// Who has not looked yet may have the very first.
ReadGroup::Member::Member(std::shared_ptr<ReadGroup> group) : m_group(std::move(group))
{
    const std::lock_guard lock(m_group->m_mutex);
    m_number = ++m_group->m_joined;
    m_group->m_next[m_number] = ArrivalOrder{0, INT64_MIN};
}

ReadGroup::Member::~Member()
{
    const std::lock_guard lock(m_group->m_mutex);
    m_group->m_next.erase(m_number);
    m_group->m_changed.notify_all();
}

bool ReadGroup::isFirst(std::uint64_t member, const ArrivalOrder& next) const
{
    return std::all_of(m_next.begin(), m_next.end(), [&](const auto& other) {
        return other.first == member || !other.second
            || std::pair(next, member) < std::pair(*other.second, other.first);
    });
}

bool ReadGroup::Member::await(const ArrivalOrder& next, std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_group->m_mutex);
    m_group->m_next[m_number] = next;
    m_group->m_changed.notify_all();
    return m_group->m_changed.wait_for(lock, timeout, [&] { return m_group->isFirst(m_number, next); });
}

bool ReadGroup::Member::isBeforeOthers(const ArrivalOrder& next) const
{
    const std::lock_guard lock(m_group->m_mutex);
    return m_group->isFirst(m_number, next);
}

std::optional<ArrivalOrder> ReadGroup::Member::others() const
{
    const std::lock_guard lock(m_group->m_mutex);
    std::optional<ArrivalOrder> first;
    for (const auto& [member, next] : m_group->m_next) {
        if (member != m_number && next && (!first || *next < *first))
            first = next;
    }
    return first;
}

void ReadGroup::Member::pass()
{
    const std::lock_guard lock(m_group->m_mutex);
    m_group->m_next[m_number].reset();
    m_group->m_changed.notify_all();
}

} // namespace weir
