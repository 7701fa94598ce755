// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/group_dictionary.h"

#include <bit>
#include <cstring>

namespace weir::aggregate {

namespace {

constexpr std::size_t firstSlots = 64;
constexpr std::size_t slotsPerKey = 4; ///< at least

std::uint64_t wordAt(const char* bytes)
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// Keys are short: a few words, without a call.
bool sameText(std::string_view left, std::string_view right)
{
    constexpr std::size_t word = sizeof(std::uint64_t);
    if (left.size() != right.size() || left.size() < word || left.size() > 4 * word)
        return left == right;
    std::uint64_t difference = 0;
    const std::size_t last = left.size() - word;
    for (std::size_t at = 0; at < last; at += word)
        difference |= wordAt(left.data() + at) ^ wordAt(right.data() + at);
    return (difference | (wordAt(left.data() + last) ^ wordAt(right.data() + last))) == 0;
}

template <typename T>
bool same(const T& left, const T& right)
{
    if constexpr (std::is_same_v<T, double>)
        return std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
    else if constexpr (std::is_same_v<T, float>)
        return std::bit_cast<std::uint32_t>(left) == std::bit_cast<std::uint32_t>(right);
    else if constexpr (std::is_same_v<T, std::string_view>)
        return sameText(left, right);
    else
        return left == right;
}

struct Pairs
{
    std::span<const std::uint32_t> rows;
    std::span<const std::uint32_t> groups;
};

/// wrong[i] becomes 1 where the value in row rows[i] is not that of its group.
template <typename T>
void compareColumn(const Column& column, const Column& key, Pairs pairs, std::vector<std::uint8_t>& wrong)
{
    const T* const values = column.values<T>().data();
    const T* const keys = key.values<T>().data();
    const bool allValid = column.validity().allValid() && key.validity().allValid();
    for (std::size_t i = 0; i < pairs.rows.size(); ++i) {
        const std::uint32_t row = pairs.rows[i];
        const std::uint32_t group = pairs.groups[i];
        if (allValid) {
            wrong[i] |= static_cast<std::uint8_t>(!same(values[row], keys[group]));
            continue;
        }
        const bool rowNull = column.isNull(row);
        const bool keyNull = key.isNull(group);
        wrong[i] |= static_cast<std::uint8_t>(rowNull != keyNull || (!rowNull && !same(values[row], keys[group])));
    }
}

void compare(const Column& column, const Column& key, Pairs pairs, std::vector<std::uint8_t>& wrong)
{
    switch (physicalTypeOf(key.type())) {
    case PhysicalType::Bool:
        return compareColumn<std::uint8_t>(column, key, pairs, wrong);
    case PhysicalType::Float32:
        return compareColumn<float>(column, key, pairs, wrong);
    case PhysicalType::Float64:
        return compareColumn<double>(column, key, pairs, wrong);
    case PhysicalType::Int128:
        return compareColumn<Int128>(column, key, pairs, wrong);
    case PhysicalType::String:
        return compareColumn<std::string_view>(column, key, pairs, wrong);
    case PhysicalType::Timestamp:
        return compareColumn<Timestamp>(column, key, pairs, wrong);
    default:
        return compareColumn<std::int64_t>(column, key, pairs, wrong);
    }
}

} // namespace

GroupDictionary::GroupDictionary(const std::vector<LogicalType>& keyTypes) : m_slots(firstSlots)
{
    m_keys.reserve(keyTypes.size());
    for (const LogicalType& type : keyTypes)
        m_keys.emplace_back(type, 0);
}

void GroupDictionary::assign(std::span<const Column* const> keys, std::span<const std::uint32_t> rows,
    std::span<const std::uint64_t> hashes, std::vector<std::uint32_t>& groups)
{
    groups.resize(rows.size());
    if (keys.size() == 1 && keys[0]->validity().allValid() && m_keys[0].validity().allValid()) {
        const PhysicalType type = physicalTypeOf(m_keys[0].type());
        if (type == PhysicalType::Int64)
            return assignOne<std::int64_t>(*keys[0], rows, hashes, groups);
        if (type == PhysicalType::String)
            return assignOne<std::string_view>(*keys[0], rows, hashes, groups);
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        groups[i] = candidate(keys, rows[i], hashes[i]);
    m_wrong.assign(rows.size(), 0);
    for (std::size_t k = 0; k < keys.size(); ++k)
        compare(*keys[k], m_keys[k], {rows, groups}, m_wrong);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (m_wrong[i])
            groups[i] = find(keys, rows[i], hashes[i]);
    }
}

/// One column without NULL, the usual case: compared where it is looked up.
template <typename T>
void GroupDictionary::assignOne(const Column& key, std::span<const std::uint32_t> rows,
    std::span<const std::uint64_t> hashes, std::vector<std::uint32_t>& groups)
{
    const T* const values = key.values<T>().data();
    for (std::size_t i = 0; i < rows.size();) {
        const T* const known = m_keys[0].values<T>().data();
        const Slot* const slots = m_slots.data();
        const std::size_t mask = m_slots.size() - 1;
        std::size_t slot = 0;
        for (; i < rows.size(); ++i) { // until there is a new key
            const auto tag = static_cast<std::uint32_t>(hashes[i] >> 32);
            slot = hashes[i] & mask;
            while (slots[slot].group != empty
                && !(slots[slot].tag == tag && same(values[rows[i]], known[slots[slot].group])))
                slot = (slot + 1) & mask;
            if (slots[slot].group == empty)
                break;
            groups[i] = slots[slot].group;
        }
        if (i < rows.size()) {
            const T& value = values[rows[i]];
            if constexpr (std::is_same_v<T, std::string_view>)
                m_keys[0].values<T>().push_back(m_keys[0].ownHeap().add(value));
            else
                m_keys[0].values<T>().push_back(value);
            groups[i] = number(hashes[i], slot);
            ++i;
        }
    }
}

void GroupDictionary::assign(
    const GroupDictionary& other, std::span<const std::uint32_t> all, std::vector<std::uint32_t>& groups)
{
    std::vector<const Column*> keys;
    for (const Column& key : other.m_keys)
        keys.push_back(&key);
    assign(keys, all, other.m_hashes, groups);
}

/// A group with the row's hash: its own nearly always, never sure.
std::uint32_t GroupDictionary::candidate(std::span<const Column* const> keys, std::uint32_t row, std::uint64_t hash)
{
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    std::size_t slot = hash & (m_slots.size() - 1);
    for (;; slot = (slot + 1) & (m_slots.size() - 1)) {
        const Slot& found = m_slots[slot];
        if (found.group == empty)
            return append(keys, row, hash, slot);
        if (found.tag == tag && m_hashes[found.group] == hash)
            return found.group;
    }
}

/// The exact walk for rows whose candidate was another key with the same 64 bits.
std::uint32_t GroupDictionary::find(std::span<const Column* const> keys, std::uint32_t row, std::uint64_t hash)
{
    std::vector<std::uint8_t> wrong(1);
    std::size_t slot = hash & (m_slots.size() - 1);
    for (;; slot = (slot + 1) & (m_slots.size() - 1)) {
        const std::uint32_t group = m_slots[slot].group;
        if (group == empty)
            return append(keys, row, hash, slot);
        if (m_hashes[group] != hash)
            continue;
        wrong[0] = 0;
        for (std::size_t k = 0; k < keys.size(); ++k)
            compare(*keys[k], m_keys[k], {{&row, 1}, {&group, 1}}, wrong);
        if (!wrong[0])
            return group;
    }
}

std::uint32_t GroupDictionary::append(
    std::span<const Column* const> keys, std::uint32_t row, std::uint64_t hash, std::size_t slot)
{
    for (std::size_t k = 0; k < keys.size(); ++k)
        m_keys[k].appendCopy(*keys[k], row);
    return number(hash, slot);
}

/// The number of a key that has just been kept.
std::uint32_t GroupDictionary::number(std::uint64_t hash, std::size_t slot)
{
    const auto group = static_cast<std::uint32_t>(size());
    m_hashes.push_back(hash);
    m_slots[slot] = {group, static_cast<std::uint32_t>(hash >> 32)};
    if (size() * slotsPerKey > m_slots.size())
        resizeSlots(m_slots.size() * 2);
    return group;
}

void GroupDictionary::reserve(std::size_t count)
{
    if (count * slotsPerKey > m_slots.size())
        resizeSlots(std::bit_ceil(count * slotsPerKey));
    m_hashes.reserve(count);
}

void GroupDictionary::resizeSlots(std::size_t count)
{
    std::vector<Slot> slots(count);
    for (std::uint32_t group = 0; group < size(); ++group) {
        std::size_t slot = m_hashes[group] & (slots.size() - 1);
        while (slots[slot].group != empty)
            slot = (slot + 1) & (slots.size() - 1);
        slots[slot] = {group, static_cast<std::uint32_t>(m_hashes[group] >> 32)};
    }
    m_slots = std::move(slots);
}

std::size_t GroupDictionary::memoryBytes() const
{
    std::size_t bytes = m_slots.capacity() * sizeof(Slot) + m_hashes.capacity() * sizeof(std::uint64_t);
    for (const Column& key : m_keys)
        bytes += key.memoryBytes();
    return bytes;
}

} // namespace weir::aggregate
