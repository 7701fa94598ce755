// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/states.h"

namespace weir::aggregate {

namespace {

/// Keeps the low bits of a sum, as Java's narrow integers do.
std::int64_t wrapTo(TypeKind kind, std::int64_t value)
{
    switch (kind) {
    case TypeKind::TinyInt:
        return static_cast<std::int8_t>(value);
    case TypeKind::SmallInt:
        return static_cast<std::int16_t>(value);
    case TypeKind::Int:
        return static_cast<std::int32_t>(value);
    default:
        return value;
    }
}

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

    void combine(const AggregateStates& other, std::span<const std::uint32_t> targets) override
    {
        const auto& from = static_cast<const SumStates&>(other);
        for (std::size_t group = 0; group < targets.size(); ++group) {
            m_sums[targets[group]] = add(m_sums[targets[group]], from.m_sums[group]);
            m_seen[targets[group]] |= from.m_seen[group];
        }
    }

    Column finish() const override
    {
        Column column(m_result, m_sums.size());
        auto& values = column.values<T>();
        for (std::size_t group = 0; group < m_sums.size(); ++group) {
            if constexpr (std::is_same_v<T, std::int64_t>)
                values[group] = wrapTo(m_result.kind, m_sums[group]);
            else
                values[group] = m_sums[group];
            if (!m_seen[group])
                column.setNull(group);
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

    void combine(const AggregateStates& other, std::span<const std::uint32_t> targets) override
    {
        const auto& from = static_cast<const DecimalSumStates&>(other);
        for (std::size_t group = 0; group < targets.size(); ++group) {
            if (from.m_marks[group] & seen)
                addTo(targets[group], from.m_sums[group]);
            m_marks[targets[group]] |= from.m_marks[group];
        }
    }

    Column finish() const override
    {
        Column column(m_result, 0);
        column.values<Int128>() = m_sums;
        for (std::size_t group = 0; group < m_sums.size(); ++group) {
            if (m_marks[group] != seen)
                column.setNull(group);
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
