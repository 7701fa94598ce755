// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/column.h"

#include <algorithm>
#include <cstring>

namespace weir {

namespace {

Column::Values makeValues(PhysicalType type, std::size_t size)
{
    switch (type) {
    case PhysicalType::Bool:
        return std::vector<std::uint8_t>(size);
    case PhysicalType::Int64:
        return std::vector<std::int64_t>(size);
    case PhysicalType::Float32:
        return std::vector<float>(size);
    case PhysicalType::Float64:
        return std::vector<double>(size);
    case PhysicalType::Int128:
        return std::vector<Int128>(size);
    case PhysicalType::Timestamp:
        return std::vector<Timestamp>(size);
    case PhysicalType::String:
        break;
    }
    return std::vector<std::string_view>(size);
}

} // namespace

std::string_view StringHeap::add(std::string_view bytes)
{
    if (bytes.empty())
        return {};
    char* room = allocate(bytes.size());
    std::memcpy(room, bytes.data(), bytes.size());
    return {room, bytes.size()};
}

char* StringHeap::allocate(std::size_t size)
{
    if (size > m_left) {
        const std::size_t block = std::max(blockSize, size);
        m_blocks.emplace_back(new char[block]);
        m_next = m_blocks.back().get();
        m_left = block;
        m_bytes += block;
    }
    char* room = m_next;
    m_next += size;
    m_left -= size;
    return room;
}

Column::Column(const LogicalType& type, std::size_t size)
    : m_type(type), m_values(makeValues(physicalTypeOf(type), size))
{ }

std::size_t Column::size() const
{
    return std::visit([](const auto& values) { return values.size(); }, m_values);
}

void Column::resize(std::size_t size)
{
    std::visit([size](auto& values) { values.resize(size); }, m_values);
}

StringHeap& Column::ownHeap()
{
    if (!m_heap)
        m_heap = std::make_shared<StringHeap>();
    return *m_heap;
}

void Column::appendCopy(const Column& from, std::size_t row)
{
    const std::size_t target = size();
    if (const auto* strings = std::get_if<std::vector<std::string_view>>(&from.m_values)) {
        const std::string_view value = from.isNull(row) ? std::string_view() : (*strings)[row];
        values<std::string_view>().push_back(ownHeap().add(value));
    } else {
        std::visit(
            [&](auto& values) { values.push_back(std::get<std::decay_t<decltype(values)>>(from.m_values)[row]); },
            m_values);
    }
    if (from.isNull(row))
        m_validity.setNull(target, target + 1);
    else
        m_validity.appendValid(target);
}

std::size_t Column::memoryBytes() const
{
    const std::size_t values = std::visit(
        [](const auto& v) { return v.capacity() * sizeof(typename std::decay_t<decltype(v)>::value_type); }, m_values);
    return values + (m_heap ? m_heap->bytes() : 0) + size() / 8;
}

} // namespace weir
