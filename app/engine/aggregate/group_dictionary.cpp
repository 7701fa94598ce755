// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/group_dictionary.h"

#include <bit>
#include <numeric>

namespace weir::aggregate {

namespace {

constexpr std::size_t firstSlots = 64;

template <typename T>
bool same(const T& left, const T& right)
{
    if constexpr (std::is_same_v<T, double>)
        return std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
    else if constexpr (std::is_same_v<T, float>)
        return std::bit_cast<std::uint32_t>(left) == std::bit_cast<std::uint32_t>(right);
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

void GroupDictionary::assign(const GroupDictionary& other, std::vector<std::uint32_t>& groups)
{
    std::vector<const Column*> keys;
    for (const Column& key : other.m_keys)
        keys.push_back(&key);
    std::vector<std::uint32_t> rows(other.size());
    std::iota(rows.begin(), rows.end(), 0U);
    assign(keys, rows, other.m_hashes, groups);
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
    const auto group = static_cast<std::uint32_t>(size());
    for (std::size_t k = 0; k < keys.size(); ++k)
        m_keys[k].appendCopy(*keys[k], row);
    m_hashes.push_back(hash);
    m_slots[slot] = {group, static_cast<std::uint32_t>(hash >> 32)};
    if (size() * 2 > m_slots.size())
        grow();
    return group;
}

void GroupDictionary::grow()
{
    std::vector<Slot> slots(m_slots.size() * 2);
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
