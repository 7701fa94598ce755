// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/distinct_sketch.h"
#include "app/engine/aggregate/frequent_values.h"
#include "app/engine/aggregate/key_hash.h"
#include "app/engine/aggregate/states.h"
#include "app/engine/event/row_text.h"
#include "connectors/record/text_encoding.h"

#include <array>

namespace weir::aggregate {

namespace {

constexpr std::uint64_t sketchSeed = 0x5bf03635dcd2c3a1ULL;

/// APPROX_COUNT_DISTINCT.
class DistinctSketchStates final : public StructStates<DistinctSketch>
{
public:
    explicit DistinctSketchStates(const AggregateSpec& spec) : StructStates(spec.result) { }

    void update(const Column* argument, const GroupedRows& in) override
    {
        const std::array<const Column*, 1> columns{argument};
        hashRows(columns, in.rows, sketchSeed, m_hashes);
        for (std::size_t i = 0; i < in.rows.size(); ++i) {
            if (!argument->isNull(in.rows[i]))
                change(in.groups[i], [&](DistinctSketch& sketch) { sketch.add(m_hashes[i]); });
        }
    }

private:
    void merge(DistinctSketch& into, const DistinctSketch& from) const override { into.merge(from); }
    void give(const DistinctSketch& sketch, Column& column, std::size_t row) const override
    {
        column.values<std::int64_t>()[row] = sketch.estimate();
    }
    std::size_t extraBytes(const DistinctSketch& sketch) const override { return sketch.memoryBytes(); }

    std::vector<std::uint64_t> m_hashes; ///< scratch
};

/// APPROX_TOP_K: the text of a JSON object from value to count, the most frequent first.
class TopKStates final : public StructStates<FrequentValues>
{
public:
    explicit TopKStates(const AggregateSpec& spec)
        : StructStates(spec.result, FrequentValues(static_cast<std::size_t>(spec.count)))
    { }

    void update(const Column* argument, const GroupedRows& in) override
    {
        forEachValid(*argument, in, [&](std::uint32_t row, std::uint32_t group) {
            change(group, [&](FrequentValues& values) { values.add(cellText(*argument, row)); });
        });
    }

private:
    void merge(FrequentValues& into, const FrequentValues& from) const override { into.merge(from); }

    void give(const FrequentValues& values, Column& column, std::size_t row) const override
    {
        std::string text = "{";
        for (const FrequentValues::Entry& entry : values.top()) {
            if (text.size() > 1)
                text += ',';
            appendJsonString(text, entry.text);
            text += ':' + std::to_string(entry.count);
        }
        column.values<std::string_view>()[row] = column.ownHeap().add(text + "}");
    }

    std::size_t extraBytes(const FrequentValues& values) const override { return values.memoryBytes(); }
};

} // namespace

std::unique_ptr<AggregateStates> makeDistinctSketch(const AggregateSpec& spec)
{
    return std::make_unique<DistinctSketchStates>(spec);
}

std::unique_ptr<AggregateStates> makeTopK(const AggregateSpec& spec)
{
    return std::make_unique<TopKStates>(spec);
}

} // namespace weir::aggregate
