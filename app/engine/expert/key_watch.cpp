// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/expert/key_watch.h"

#include <algorithm>

namespace weir::expert {

namespace {

constexpr std::size_t longestText = 80; ///< bytes of a key that are kept

} // namespace

/// By the upper bits: a table goes by the lower ones.
bool KeyWatch::isSampled(std::uint64_t hash) const
{
    return m_halvings == 0 || hash >> (64 - m_halvings) == 0;
}

void KeyWatch::add(const RecordBatch& batch, std::size_t row)
{
    const auto key = batch.key(row);
    if (!key)
        return;
    const std::uint64_t hash = std::hash<std::string_view>()(*key);
    if (!isSampled(hash))
        return;
    Key& known = m_keys[hash];
    const std::string_view text = key->substr(0, longestText);
    if (known.partitions.empty())
        known.text = text;
    else if (known.text != text) // two keys with one hash: the first is watched
        return;
    known.partitions.try_emplace(batch.partition(), First{batch.timestamp(row), batch.offset(row)});
    if (m_keys.size() > mostKeys)
        halve();
}

void KeyWatch::halve()
{
    ++m_halvings;
    std::erase_if(m_keys, [this](const auto& one) { return !isSampled(one.first); });
}

void KeyWatch::merge(const KeyWatch& other)
{
    while (m_halvings < other.m_halvings)
        halve();
    for (const auto& [hash, key] : other.m_keys) {
        if (!isSampled(hash))
            continue;
        Key& known = m_keys[hash];
        if (known.partitions.empty())
            known.text = key.text;
        else if (known.text != key.text)
            continue;
        for (const auto& [partition, first] : key.partitions) {
            First& mine = known.partitions.try_emplace(partition, first).first->second;
            if (first.offset < mine.offset)
                mine = first;
        }
    }
    while (m_keys.size() > mostKeys)
        halve();
}

std::vector<KeyWatch::Spread> KeyWatch::spread() const
{
    std::vector<Spread> spread;
    for (const auto& [hash, key] : m_keys) {
        if (key.partitions.size() < 2)
            continue;
        Spread one;
        one.key = key.text;
        std::vector<std::pair<EpochMs, PartitionId>> byTime;
        for (const auto& [partition, first] : key.partitions) {
            one.partitions.push_back(partition);
            byTime.emplace_back(first.time, partition);
        }
        std::sort(byTime.begin(), byTime.end());
        one.partition = byTime[1].second;
        one.offset = key.partitions.at(one.partition).offset;
        spread.push_back(std::move(one));
    }
    std::sort(spread.begin(), spread.end(), [](const Spread& a, const Spread& b) {
        return std::pair(a.partition, a.offset) < std::pair(b.partition, b.offset);
    });
    return spread;
}

} // namespace weir::expert
