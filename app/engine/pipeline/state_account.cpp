// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/state_account.h"

#include "app/engine/window/key_text.h"

#include <set>

namespace weir::query {

namespace {

constexpr std::size_t keysNamed = 3;

/// Keys are only turned into text when they are among the largest so far.
void noteLargest(const window::SliceState& slice, std::vector<window::KeyUse>& largest)
{
    const std::vector<Column>& keys = slice.groups().keys();
    for (std::size_t group = 0; !keys.empty() && group < slice.groupCount(); ++group)
        window::noteLargest(
            largest, keysNamed, window::keyBytes(keys, group), [&] { return window::keyText(keys, group); });
}

} // namespace

StateAccount::~StateAccount()
{
    if (m_budget)
        m_budget->release(MemoryUse::QueryState, m_bytes);
}

bool StateAccount::hold(std::size_t bytes)
{
    if (m_budget && bytes > m_bytes && !m_budget->tryReserve(MemoryUse::QueryState, bytes - m_bytes))
        return false;
    if (m_budget && bytes < m_bytes)
        m_budget->release(MemoryUse::QueryState, m_bytes - bytes);
    m_bytes = bytes;
    return true;
}

StateUse useOf(const std::vector<std::map<std::size_t, window::SliceStore>>& stores)
{
    StateUse use;
    use.owner = "one worker";
    std::set<std::int64_t> windows;
    for (const auto& ofScan : stores) {
        for (const auto& [partition, store] : ofScan) {
            use.bytes += store.memoryBytes();
            for (const auto& [end, slice] : store.slices()) {
                use.groups += slice->groupCount();
                windows.insert(end);
                noteLargest(*slice, use.largest);
            }
        }
    }
    use.windows = windows.size();
    return use;
}

Error outOfState(const std::string& query, const StateUse& use, std::size_t limit)
{
    std::string text = query + " needs more memory than the budget of " + std::to_string(limit >> 20)
        + " MiB has left: " + use.owner + " holds " + std::to_string(use.groups) + " groups"
        + (use.windows ? " in " + std::to_string(*use.windows) + " open windows" : std::string()) + " ("
        + std::to_string(use.bytes >> 10) + " KiB).";
    if (!use.largest.empty()) {
        text += " Largest keys:";
        for (const window::KeyUse& key : use.largest)
            text += " '" + key.key + "' (" + std::to_string(key.bytes) + " bytes)";
        text += ".";
    }
    text += " Group by fewer keys, use shorter windows or raise the budget.";
    return {ErrorKind::ResourceLimit, text, {}};
}

} // namespace weir::query
