// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/states.h"

#include <string>
#include <type_traits>

namespace weir::aggregate {

namespace {

/// A value that owns its bytes.
template <typename T>
struct Held
{
    std::conditional_t<std::is_same_v<T, std::string_view>, std::string, T> value{};
    bool seen = false;
};

/// FIRST_VALUE and LAST_VALUE of what is not NULL, in the order of the rows.
template <typename T>
class FirstLastStates final : public StructStates<Held<T>>
{
public:
    explicit FirstLastStates(const AggregateSpec& spec)
        : StructStates<Held<T>>(spec.result), m_keepsFirst(spec.function == AggregateFunction::FirstValue)
    { }

    void update(const Column* argument, const GroupedRows& in) override
    {
        const auto& values = argument->values<T>();
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) {
            this->change(group, [&](Held<T>& held) {
                if (!held.seen || !m_keepsFirst)
                    held.value = values[row];
                held.seen = true;
            });
        });
    }

private:
    void merge(Held<T>& into, const Held<T>& from) const override
    {
        if (from.seen && !(into.seen && m_keepsFirst))
            into = from;
    }

    void give(const Held<T>& held, Column& column, std::size_t row) const override
    {
        if (!held.seen)
            return column.setNull(row);
        if constexpr (std::is_same_v<T, std::string_view>)
            column.values<T>()[row] = column.ownHeap().add(held.value);
        else
            column.values<T>()[row] = held.value;
    }

    std::size_t extraBytes(const Held<T>& held) const override
    {
        if constexpr (std::is_same_v<T, std::string_view>)
            return held.value.capacity();
        else
            return 0;
    }

    bool m_keepsFirst;
};

/// LISTAGG: texts that are not NULL, joined in the order of the rows.
class ListAggStates final : public StructStates<Held<std::string_view>>
{
public:
    explicit ListAggStates(const AggregateSpec& spec) : StructStates(spec.result), m_separator(spec.separator) { }

    void update(const Column* argument, const GroupedRows& in) override
    {
        const auto& values = argument->values<std::string_view>();
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) {
            change(group, [&](Held<std::string_view>& list) { append(list, values[row]); });
        });
    }

private:
    void append(Held<std::string_view>& list, std::string_view text) const
    {
        if (list.seen)
            list.value += m_separator;
        list.value += text;
        list.seen = true;
    }

    void merge(Held<std::string_view>& into, const Held<std::string_view>& from) const override
    {
        if (from.seen)
            append(into, from.value);
    }

    void give(const Held<std::string_view>& list, Column& column, std::size_t row) const override
    {
        if (list.seen)
            column.values<std::string_view>()[row] = column.ownHeap().add(list.value);
        else
            column.setNull(row);
    }

    std::size_t extraBytes(const Held<std::string_view>& list) const override { return list.value.capacity(); }

    std::string m_separator;
};

} // namespace

std::unique_ptr<AggregateStates> makeFirstLast(const AggregateSpec& spec)
{
    switch (physicalTypeOf(spec.argument)) {
    case PhysicalType::Bool:
        return std::make_unique<FirstLastStates<std::uint8_t>>(spec);
    case PhysicalType::Float32:
        return std::make_unique<FirstLastStates<float>>(spec);
    case PhysicalType::Float64:
        return std::make_unique<FirstLastStates<double>>(spec);
    case PhysicalType::Int128:
        return std::make_unique<FirstLastStates<Int128>>(spec);
    case PhysicalType::String:
        return std::make_unique<FirstLastStates<std::string_view>>(spec);
    case PhysicalType::Timestamp:
        return std::make_unique<FirstLastStates<Timestamp>>(spec);
    default:
        return std::make_unique<FirstLastStates<std::int64_t>>(spec);
    }
}

std::unique_ptr<AggregateStates> makeListAgg(const AggregateSpec& spec)
{
    return std::make_unique<ListAggStates>(spec);
}

} // namespace weir::aggregate
