// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/state_account.h"

#include "app/engine/event/row_text.h"

#include <algorithm>
#include <set>

namespace weir::query {

namespace {

constexpr std::size_t keysNamed = 3;
constexpr std::size_t shownBytes = 40;

struct KeySize
{
    std::size_t bytes = 0;
    std::string text;
    bool operator<(const KeySize& other) const { return std::tie(other.bytes, text) < std::tie(bytes, other.text); }
};

std::size_t keyBytes(const std::vector<Column>& keys, std::size_t group)
{
    std::size_t bytes = 0;
    for (const Column& key : keys) {
        const bool text = physicalTypeOf(key.type()) == PhysicalType::String;
        bytes += text && !key.isNull(group) ? key.values<std::string_view>()[group].size() : sizeof(std::int64_t);
    }
    return bytes;
}

std::string keyText(const std::vector<Column>& keys, std::size_t group)
{
    std::string text;
    for (const Column& key : keys)
        text += (text.empty() ? "" : ", ") + cellText(key, group);
    if (text.size() <= shownBytes)
        return text;
    std::size_t cut = shownBytes;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
        --cut; // not within a character
    return text.substr(0, cut) + "…";
}

/// The largest keys, each named once. Keys are only turned into text when they are among the largest so far.
void noteLargest(const window::SliceState& slice, std::set<KeySize>& largest)
{
    const std::vector<Column>& keys = slice.groups().keys();
    for (std::size_t group = 0; !keys.empty() && group < slice.groupCount(); ++group) {
        const std::size_t bytes = keyBytes(keys, group);
        if (largest.size() == keysNamed && bytes <= largest.rbegin()->bytes)
            continue;
        largest.insert({bytes, keyText(keys, group)});
        if (largest.size() > keysNamed)
            largest.erase(std::prev(largest.end()));
    }
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

Error outOfState(const std::string& query, const std::map<std::size_t, window::SliceStore>& stores, std::size_t limit)
{
    std::size_t groups = 0;
    std::size_t bytes = 0;
    std::set<std::int64_t> windows;
    std::set<KeySize> largest;
    for (const auto& [partition, store] : stores) {
        bytes += store.memoryBytes();
        for (const auto& [end, slice] : store.slices()) {
            groups += slice->groupCount();
            windows.insert(end);
            noteLargest(*slice, largest);
        }
    }
    std::string text = query + " needs more memory than the budget of " + std::to_string(limit >> 20)
        + " MiB has left: one worker holds " + std::to_string(groups) + " groups in " + std::to_string(windows.size())
        + " open windows (" + std::to_string(bytes >> 10) + " KiB).";
    if (!largest.empty()) {
        text += " Largest keys:";
        for (const KeySize& key : largest)
            text += " '" + key.text + "' (" + std::to_string(key.bytes) + " bytes)";
        text += ".";
    }
    text += " Group by fewer keys, use shorter windows or raise the budget.";
    return {ErrorKind::ResourceLimit, text, {}};
}

} // namespace weir::query
