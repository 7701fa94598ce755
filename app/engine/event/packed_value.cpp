// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/packed_value.h"

#include <cassert>
#include <cstring>

namespace weir {

namespace {

constexpr std::size_t entryBytes = sizeof(std::uint32_t);

template <typename T>
std::string_view bytesIn(ElementRoom& room, const T& value)
{
    static_assert(sizeof value <= sizeof room);
    std::memcpy(room.data(), &value, sizeof value);
    return {room.data(), sizeof value};
}

template <typename T>
T valueOf(std::string_view bytes)
{
    assert(bytes.size() == sizeof(T));
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

/// Timestamp has unused bytes at its end, which would tell equal ones apart.
constexpr std::size_t millisBytes = sizeof Timestamp::millis;
constexpr std::size_t timestampBytes = millisBytes + sizeof Timestamp::nanos;

} // namespace

PackedView::PackedView(std::string_view bytes) : m_bytes(bytes)
{
    assert(bytes.size() >= entryBytes);
    m_size = valueOf<std::uint32_t>(bytes.substr(0, entryBytes));
}

std::uint32_t PackedView::entry(std::size_t element) const
{
    assert(element < m_size);
    return valueOf<std::uint32_t>(m_bytes.substr((element + 1) * entryBytes, entryBytes));
}

std::string_view PackedView::at(std::size_t element) const
{
    const std::size_t begin = element == 0 ? 0 : entry(element - 1) & ~nullBit;
    const std::size_t end = entry(element) & ~nullBit;
    return m_bytes.substr((m_size + 1) * entryBytes + begin, end - begin);
}

void PackedBuilder::clear()
{
    m_entries.clear();
    m_elements.clear();
    m_fits = true;
}

void PackedBuilder::addNull()
{
    m_entries.push_back(static_cast<std::uint32_t>(m_elements.size()) | PackedView::nullBit);
}

void PackedBuilder::add(std::string_view element)
{
    const std::size_t end = m_elements.size() + element.size();
    m_fits = m_fits && end + (m_entries.size() + 2) * entryBytes < PackedView::nullBit;
    if (m_fits)
        m_elements.append(element);
    m_entries.push_back(static_cast<std::uint32_t>(m_elements.size()));
}

void PackedBuilder::add(const Column& column, std::size_t row)
{
    ElementRoom room;
    if (column.isNull(row))
        addNull();
    else
        add(elementBytes(column, row, room));
}

std::size_t PackedBuilder::byteCount() const
{
    return (m_entries.size() + 1) * entryBytes + m_elements.size();
}

void PackedBuilder::writeTo(char* out) const
{
    const auto count = static_cast<std::uint32_t>(m_entries.size());
    std::memcpy(out, &count, entryBytes);
    if (count > 0)
        std::memcpy(out + entryBytes, m_entries.data(), count * entryBytes);
    if (!m_elements.empty())
        std::memcpy(out + (count + 1) * entryBytes, m_elements.data(), m_elements.size());
}

std::string PackedBuilder::bytes() const
{
    std::string all(byteCount(), '\0');
    writeTo(all.data());
    return all;
}

std::string_view PackedBuilder::bytesIn(StringHeap& heap) const
{
    const std::size_t count = byteCount();
    char* room = heap.allocate(count);
    writeTo(room);
    return {room, count};
}

std::string_view elementBytes(const Column& column, std::size_t row, ElementRoom& room)
{
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::Bool:
        return bytesIn(room, column.values<std::uint8_t>()[row]);
    case PhysicalType::Int64:
        return bytesIn(room, column.values<std::int64_t>()[row]);
    case PhysicalType::Float32:
        return bytesIn(room, column.values<float>()[row]);
    case PhysicalType::Float64:
        return bytesIn(room, column.values<double>()[row]);
    case PhysicalType::Int128:
        return bytesIn(room, column.values<Int128>()[row]);
    case PhysicalType::String:
        return column.values<std::string_view>()[row];
    case PhysicalType::Timestamp:
        break;
    }
    const Timestamp& time = column.values<Timestamp>()[row];
    std::memcpy(room.data(), &time.millis, millisBytes);
    std::memcpy(room.data() + millisBytes, &time.nanos, sizeof time.nanos);
    return {room.data(), timestampBytes};
}

void storeElement(const PackedView& list, std::size_t element, Column& to, std::size_t row)
{
    if (list.isNull(element) || to.type().kind == TypeKind::Null) {
        to.setNull(row);
        return;
    }
    const std::string_view bytes = list.at(element);
    switch (physicalTypeOf(to.type())) {
    case PhysicalType::Bool:
        to.values<std::uint8_t>()[row] = valueOf<std::uint8_t>(bytes);
        break;
    case PhysicalType::Int64:
        to.values<std::int64_t>()[row] = valueOf<std::int64_t>(bytes);
        break;
    case PhysicalType::Float32:
        to.values<float>()[row] = valueOf<float>(bytes);
        break;
    case PhysicalType::Float64:
        to.values<double>()[row] = valueOf<double>(bytes);
        break;
    case PhysicalType::Int128:
        to.values<Int128>()[row] = valueOf<Int128>(bytes);
        break;
    case PhysicalType::String:
        to.values<std::string_view>()[row] = bytes;
        break;
    case PhysicalType::Timestamp:
        to.values<Timestamp>()[row] = {
            valueOf<std::int64_t>(bytes.substr(0, millisBytes)), valueOf<std::int32_t>(bytes.substr(millisBytes))};
        break;
    }
}

Column elementColumn(const PackedView& list, std::size_t element, const LogicalType& type)
{
    Column column(type, 1);
    storeElement(list, element, column, 0);
    return column;
}

const LogicalType& elementType(const LogicalType& type, std::size_t element)
{
    static const LogicalType count = types::integer().notNull();
    switch (type.kind) {
    case TypeKind::Row:
        return (*type.children)[element].type;
    case TypeKind::Map:
        return (*type.children)[element % 2].type;
    case TypeKind::Multiset:
        return element % 2 == 0 ? type.children->front().type : count;
    default:
        return type.children->front().type;
    }
}

} // namespace weir
