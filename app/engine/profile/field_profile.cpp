// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/profile/field_profile.h"

#include "app/engine/aggregate/key_hash.h"
#include "app/engine/event/decimal_math.h"
#include "app/engine/event/value_text.h"

#include <algorithm>
#include <cmath>

namespace weir::profile {

namespace {

constexpr std::uint64_t seed = 0x7765'6972; // sketches of several threads are merged
constexpr std::size_t longestText = 200; ///< bytes of a text that is kept

/// -1, 0, 1; rows of two columns of one type.
int compared(const Column& left, std::size_t leftRow, const Column& right, std::size_t rightRow)
{
    const auto order = [&]<typename T>(const std::vector<T>& values) {
        const T& a = values[leftRow];
        const T& b = right.values<T>()[rightRow];
        return a < b ? -1 : b < a ? 1 : 0;
    };
    switch (physicalTypeOf(left.type())) {
    case PhysicalType::Bool:
        return order(left.values<std::uint8_t>());
    case PhysicalType::Int64:
        return order(left.values<std::int64_t>());
    case PhysicalType::Float32:
        return order(left.values<float>());
    case PhysicalType::Float64:
        return order(left.values<double>());
    case PhysicalType::Int128:
        return order(left.values<Int128>());
    case PhysicalType::String:
        return order(left.values<std::string_view>());
    case PhysicalType::Timestamp:
        return order(left.values<Timestamp>());
    }
    return 0;
}

std::optional<double> numberOf(const Column& column, std::size_t row)
{
    if (!column.type().isNumeric())
        return std::nullopt;
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::Int64:
        return static_cast<double>(column.values<std::int64_t>()[row]);
    case PhysicalType::Float32:
        return column.values<float>()[row];
    case PhysicalType::Float64:
        return column.values<double>()[row];
    case PhysicalType::Int128:
        return static_cast<double>(column.values<Int128>()[row]) / std::pow(10.0, column.type().scale);
    default:
        return std::nullopt;
    }
}

} // namespace

void FieldProfile::add(const Column& column, std::span<const std::uint32_t> rows)
{
    m_valid.clear();
    for (const std::uint32_t row : rows) {
        if (!column.isNull(row))
            m_valid.push_back(row);
    }
    m_nulls += rows.size() - m_valid.size();
    m_present += m_valid.size();
    const Column* const columns[] = {&column};
    aggregate::hashRows(columns, m_valid, seed, m_hashes);
    for (const std::uint64_t hash : m_hashes)
        m_distinct.add(hash);
    for (const std::uint32_t row : m_valid)
        take(column, row);
}

void FieldProfile::take(const Column& column, std::uint32_t row)
{
    if (const auto number = numberOf(column, row); number && std::isfinite(*number))
        m_sum += *number;
    if (m_type.kind == TypeKind::Boolean)
        m_top.add(column.values<std::uint8_t>()[row] != 0 ? "true" : "false");
    else if (m_type.isString())
        m_top.add(column.values<std::string_view>()[row].substr(0, longestText));
    widen(column, row);
}

void FieldProfile::widen(const Column& column, std::uint32_t row)
{
    const auto keep = [&](Column& kept) {
        kept = Column(column.type(), 0);
        kept.appendCopy(column, row);
    };
    if (m_least.size() == 0 || compared(column, row, m_least, 0) < 0)
        keep(m_least);
    if (m_most.size() == 0 || compared(column, row, m_most, 0) > 0)
        keep(m_most);
}

void FieldProfile::merge(const FieldProfile& other)
{
    m_nulls += other.m_nulls;
    m_present += other.m_present;
    m_sum += other.m_sum;
    m_distinct.merge(other.m_distinct);
    m_top.merge(other.m_top);
    if (other.m_least.size() > 0) {
        widen(other.m_least, 0);
        widen(other.m_most, 0);
    }
}

std::optional<double> FieldProfile::mean() const
{
    return m_type.isNumeric() && m_present > 0 ? std::optional(m_sum / static_cast<double>(m_present)) : std::nullopt;
}

std::optional<std::string> FieldProfile::textOf(const Column& one)
{
    if (one.size() == 0)
        return std::nullopt;
    std::string text;
    appendScalar(text, one, 0);
    if (text.size() > longestText)
        text.resize(longestText);
    return text;
}

} // namespace weir::profile
