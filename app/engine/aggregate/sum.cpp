// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/states.h"

namespace weir::aggregate {

namespace {

std::int64_t add(std::int64_t left, std::int64_t right)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) + static_cast<std::uint64_t>(right));
}

template <typename T>
T add(T left, T right)
{
    return left + right;
}

/// Sums of integers (wrapping: the low bits of a wide sum are those of a narrow one), FLOAT and DOUBLE.
template <typename T>
class SumStates final : public AggregateStates
{
public:
    explicit SumStates(const AggregateSpec& spec) : m_result(spec.result) { }

    void resize(std::size_t count) override
    {
        m_sums.resize(count);
        m_seen.resize(count);
    }

    void update(const Column* argument, const GroupedRows& in) override
    {
        const T* const values = argument->values<T>().data();
        T* const sums = m_sums.data();
        std::uint8_t* const seen = m_seen.data();
        forEachValid(*argument, in, [=](std::uint32_t row, std::uint32_t group) {
            sums[group] = add(sums[group], values[row]);
            seen[group] = 1;
        });
    }

    std::size_t size() const override { return m_sums.size(); }

    void combine(const AggregateStates& other, const GroupPairs& pairs) override
    {
        const auto& from = static_cast<const SumStates&>(other);
        const T* const theirs = from.m_sums.data();
        const std::uint8_t* const theirSeen = from.m_seen.data();
        T* const sums = m_sums.data();
        std::uint8_t* const seen = m_seen.data();
        for (std::size_t i = 0; i < pairs.into.size(); ++i) {
            const std::uint32_t group = pairs.into[i];
            sums[group] = add(sums[group], theirs[pairs.from[i]]);
            seen[group] |= theirSeen[pairs.from[i]];
        }
    }

    void clear(std::span<const std::uint32_t> groups) override
    {
        clearGroups(m_sums, groups);
        clearGroups(m_seen, groups);
    }

    Column finish(std::span<const std::uint32_t> groups) const override
    {
        Column column(m_result, groups.size());
        auto& values = column.values<T>();
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if constexpr (std::is_same_v<T, std::int64_t>)
                values[i] = wrapTo(m_result.kind, m_sums[groups[i]]);
            else
                values[i] = m_sums[groups[i]];
            if (!m_seen[groups[i]])
                column.setNull(i);
        }
        return column;
    }

    std::size_t memoryBytes() const override { return bytesOf(m_sums) + bytesOf(m_seen); }

private:
    LogicalType m_result;
    std::vector<T> m_sums;
    std::vector<std::uint8_t> m_seen;
};

/// Sums of DECIMAL; a sum beyond 38 digits makes the group NULL.
class DecimalSumStates final : public AggregateStates
{
public:
    explicit DecimalSumStates(const AggregateSpec& spec) : m_result(spec.result) { }

    void resize(std::size_t count) override
    {
        m_sums.resize(count);
        m_marks.resize(count);
    }

    void update(const Column* argument, const GroupedRows& in) override
    {
        const Int128* const values = argument->values<Int128>().data();
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) { addTo(group, values[row]); });
    }

    std::size_t size() const override { return m_sums.size(); }

    void combine(const AggregateStates& other, const GroupPairs& pairs) override
    {
        const auto& from = static_cast<const DecimalSumStates&>(other);
        for (std::size_t i = 0; i < pairs.into.size(); ++i) {
            const std::uint8_t marks = from.m_marks[pairs.from[i]];
            if (marks & seen)
                addTo(pairs.into[i], from.m_sums[pairs.from[i]]);
            m_marks[pairs.into[i]] |= marks;
        }
    }

    void clear(std::span<const std::uint32_t> groups) override
    {
        clearGroups(m_sums, groups);
        clearGroups(m_marks, groups);
    }

    Column finish(std::span<const std::uint32_t> groups) const override
    {
        Column column(m_result, groups.size());
        auto& values = column.values<Int128>();
        for (std::size_t i = 0; i < groups.size(); ++i) {
            values[i] = m_sums[groups[i]];
            if (m_marks[groups[i]] != seen)
                column.setNull(i);
        }
        return column;
    }

    std::size_t memoryBytes() const override { return bytesOf(m_sums) + bytesOf(m_marks); }

private:
    static constexpr std::uint8_t seen = 1;
    static constexpr std::uint8_t overflowed = 2;

    void addTo(std::uint32_t group, Int128 value)
    {
        static const Int128 limit = decimalLimit();
        Int128& sum = m_sums[group];
        m_marks[group] |= seen;
        if (__builtin_add_overflow(sum, value, &sum) || sum >= limit || sum <= -limit) {
            m_marks[group] |= overflowed;
            sum = 0;
        }
    }

    LogicalType m_result;
    std::vector<Int128> m_sums;
    std::vector<std::uint8_t> m_marks;
};

} // namespace

std::unique_ptr<AggregateStates> makeSum(const AggregateSpec& spec)
{
    switch (physicalTypeOf(spec.argument)) {
    case PhysicalType::Float32:
        return std::make_unique<SumStates<float>>(spec);
    case PhysicalType::Float64:
        return std::make_unique<SumStates<double>>(spec);
    case PhysicalType::Int128:
        return std::make_unique<DecimalSumStates>(spec);
    default:
        return std::make_unique<SumStates<std::int64_t>>(spec);
    }
}

} // namespace weir::aggregate
