// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/frequent_values.h"

#include <algorithm>
#include <functional>

namespace weir::aggregate {

namespace {

constexpr std::size_t trackedPerValue = 10;
constexpr std::size_t leastTracked = 100;
constexpr std::size_t entryBytes = 64; ///< a node of the map, about

} // namespace

FrequentValues::FrequentValues(std::size_t k) : m_k(k), m_capacity(std::max(leastTracked, k * trackedPerValue)) { }

void FrequentValues::add(std::string_view text)
{
    count(text, 1);
    // Every second time only: pruning goes through all of them.
    if (m_counts.size() > 2 * m_capacity)
        prune();
}

void FrequentValues::count(std::string_view text, std::uint64_t by)
{
    const auto [entry, isNew] = m_counts.try_emplace(std::string(text), 0);
    entry->second += by;
    if (isNew)
        m_bytes += entryBytes + text.size();
}

/// Takes the count of the first one that does not fit from all: those that have nothing left go.
void FrequentValues::prune()
{
    std::vector<std::uint64_t> counts;
    counts.reserve(m_counts.size());
    for (const auto& [text, number] : m_counts)
        counts.push_back(number);
    const auto cut = counts.begin() + static_cast<std::ptrdiff_t>(m_capacity);
    std::nth_element(counts.begin(), cut, counts.end(), std::greater<>());
    const std::uint64_t taken = *cut;
    m_error += taken;
    for (auto entry = m_counts.begin(); entry != m_counts.end();) {
        if (entry->second > taken) {
            entry->second -= taken;
            ++entry;
            continue;
        }
        m_bytes -= entryBytes + entry->first.size();
        entry = m_counts.erase(entry);
    }
}

void FrequentValues::merge(const FrequentValues& other)
{
    for (const auto& [text, number] : other.m_counts)
        count(text, number);
    m_error += other.m_error;
    if (m_counts.size() > m_capacity)
        prune();
}

std::vector<FrequentValues::Entry> FrequentValues::top() const
{
    std::vector<Entry> all;
    for (const auto& [text, number] : m_counts)
        all.push_back({text, number});
    const std::size_t count = std::min(m_k, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end(),
        [](const Entry& a, const Entry& b) { return a.count != b.count ? a.count > b.count : a.text < b.text; });
    all.resize(count);
    return all;
}

} // namespace weir::aggregate
