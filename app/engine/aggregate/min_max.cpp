// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/states.h"

#include <string>

namespace weir::aggregate {

namespace {

/// What a state keeps of a value: strings own their bytes, since batches come and go.
template <typename T>
struct Kept
{
    using type = T;
    static std::size_t extra(const T&) { return 0; }
};
template <>
struct Kept<std::string_view>
{
    using type = std::string;
    static std::size_t extra(const std::string& value)
    {
        return value.capacity() > std::string().capacity() ? value.capacity() + 1 : 0;
    }
};

/// Strings compare by bytes, which is the order of code points; Java's `Double.compare` puts NaN above all.
template <typename T>
bool less(const T& left, const T& right)
{
    if constexpr (std::is_floating_point_v<T>) {
        if (left != left || right != right)
            return left == left && right != right;
    }
    return left < right;
}

template <typename T, bool Max>
class ExtremeStates final : public AggregateStates
{
public:
    explicit ExtremeStates(const AggregateSpec& spec) : m_result(spec.result) { }

    void resize(std::size_t count) override
    {
        m_values.resize(count);
        m_seen.resize(count);
    }

    void update(const Column* argument, const GroupedRows& in) override
    {
        const T* const values = argument->values<T>().data();
        forEachValid(*argument, in,
            [values, offer = offerer()](std::uint32_t row, std::uint32_t group) { offer(group, values[row]); });
    }

    std::size_t size() const override { return m_values.size(); }

    void combine(const AggregateStates& other, const GroupPairs& pairs) override
    {
        const auto& from = static_cast<const ExtremeStates&>(other);
        const auto* const values = from.m_values.data();
        const std::uint8_t* const seen = from.m_seen.data();
        const auto offer = offerer();
        for (std::size_t i = 0; i < pairs.into.size(); ++i) {
            if (seen[pairs.from[i]])
                offer(pairs.into[i], T(values[pairs.from[i]]));
        }
    }

    void clear(std::span<const std::uint32_t> groups) override
    {
        for (const std::uint32_t group : groups)
            m_extra -= Kept<T>::extra(m_values[group]);
        clearGroups(m_values, groups);
        clearGroups(m_seen, groups);
    }

    Column finish(std::span<const std::uint32_t> groups) const override
    {
        Column column(m_result, groups.size());
        auto& values = column.values<T>();
        for (std::size_t i = 0; i < groups.size(); ++i) {
            const auto& kept = m_values[groups[i]];
            if (!m_seen[groups[i]])
                column.setNull(i);
            else if constexpr (std::is_same_v<T, std::string_view>)
                values[i] = column.ownHeap().add(kept);
            else
                values[i] = kept;
        }
        return column;
    }

    std::size_t memoryBytes() const override { return bytesOf(m_values) + bytesOf(m_seen) + m_extra; }

private:
    /// What takes a value for a group, without a look at members between two values.
    auto offerer()
    {
        auto* const values = m_values.data();
        std::uint8_t* const seen = m_seen.data();
        if constexpr (std::is_integral_v<T>) { // without a jump that nobody could foretell
            return [values, seen](std::uint32_t group, T value) {
                const T better = Max ? std::max(values[group], value) : std::min(values[group], value);
                values[group] = seen[group] ? better : value;
                seen[group] = 1;
            };
        } else {
            return [values, seen, this](std::uint32_t group, const T& value) {
                auto& kept = values[group];
                if (seen[group] && !(Max ? less(T(kept), value) : less(value, T(kept))))
                    return;
                seen[group] = 1;
                m_extra -= Kept<T>::extra(kept);
                kept = value;
                m_extra += Kept<T>::extra(kept);
            };
        }
    }

    LogicalType m_result;
    std::vector<typename Kept<T>::type> m_values;
    std::vector<std::uint8_t> m_seen;
    std::size_t m_extra = 0; ///< bytes of strings outside m_values
};

template <typename T>
std::unique_ptr<AggregateStates> makeFor(const AggregateSpec& spec)
{
    if (spec.function == AggregateFunction::Max)
        return std::make_unique<ExtremeStates<T, true>>(spec);
    return std::make_unique<ExtremeStates<T, false>>(spec);
}

} // namespace

std::unique_ptr<AggregateStates> makeMinMax(const AggregateSpec& spec)
{
    switch (physicalTypeOf(spec.argument)) {
    case PhysicalType::Bool:
        return makeFor<std::uint8_t>(spec);
    case PhysicalType::Float32:
        return makeFor<float>(spec);
    case PhysicalType::Float64:
        return makeFor<double>(spec);
    case PhysicalType::Int128:
        return makeFor<Int128>(spec);
    case PhysicalType::String:
        return makeFor<std::string_view>(spec);
    case PhysicalType::Timestamp:
        return makeFor<Timestamp>(spec);
    default:
        return makeFor<std::int64_t>(spec);
    }
}

} // namespace weir::aggregate
