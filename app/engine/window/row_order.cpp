// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/row_order.h"

namespace weir::window {

namespace {

template <typename T>
int compare(const T& left, const T& right)
{
    if constexpr (std::is_floating_point_v<T>) {
        if (left != left || right != right)
            return (left != left ? 1 : 0) - (right != right ? 1 : 0);
    }
    return left < right ? -1 : right < left ? 1 : 0;
}

template <typename Visit>
decltype(auto) visitValues(const Column& column, Visit&& visit)
{
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::Bool:
        return visit(column.values<std::uint8_t>());
    case PhysicalType::Float32:
        return visit(column.values<float>());
    case PhysicalType::Float64:
        return visit(column.values<double>());
    case PhysicalType::Int128:
        return visit(column.values<Int128>());
    case PhysicalType::String:
        return visit(column.values<std::string_view>());
    case PhysicalType::Timestamp:
        return visit(column.values<Timestamp>());
    default:
        return visit(column.values<std::int64_t>());
    }
}

} // namespace

int compareCells(const Column& column, std::size_t left, std::size_t right)
{
    return visitValues(column, [&](const auto& values) { return compare(values[left], values[right]); });
}

bool sameCells(const Column& left, std::size_t leftRow, const Column& right, std::size_t rightRow)
{
    if (left.isNull(leftRow) || right.isNull(rightRow))
        return left.isNull(leftRow) == right.isNull(rightRow);
    return visitValues(left, [&](const auto& values) {
        const auto& others = right.values<typename std::decay_t<decltype(values)>::value_type>();
        return compare(values[leftRow], others[rightRow]) == 0;
    });
}

bool standsBefore(
    const std::vector<Column>& columns, const std::vector<OrderColumn>& order, std::size_t left, std::size_t right)
{
    for (const OrderColumn& one : order) {
        const Column& column = columns[one.column];
        const bool leftNull = column.isNull(left);
        const bool rightNull = column.isNull(right);
        if (leftNull && rightNull)
            continue;
        if (leftNull || rightNull)
            return leftNull == one.nullsFirst;
        const int compared = compareCells(column, left, right);
        if (compared != 0)
            return (compared < 0) != one.descending;
    }
    return false;
}

} // namespace weir::window
