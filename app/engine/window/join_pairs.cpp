// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/join_pairs.h"

#include <algorithm>

namespace weir::window {

namespace {

EventBatch pairBatch(const JoinSpec& spec, std::span<const Pair> pairs, const JoinPairs::Sides& sides)
{
    EventBatch batch;
    batch.rowCount = pairs.size();
    batch.schema = spec.left;
    batch.schema.insert(batch.schema.end(), spec.right.begin(), spec.right.end());
    for (const RowField& field : batch.schema)
        batch.columns.emplace_back(field.type, 0);
    for (std::size_t i = 0; i < sides.left.size(); ++i) {
        for (const Pair& pair : pairs)
            batch.columns[i].appendCopy(sides.left[i], pair.left);
    }
    for (std::size_t i = 0; i < sides.right.size(); ++i) {
        for (const Pair& pair : pairs)
            batch.columns[sides.left.size() + i].appendCopy(sides.right[i], pair.right);
    }
    return batch;
}

} // namespace

std::vector<Pair> JoinPairs::matching(
    std::span<const Pair> pairs, const Sides& sides, std::vector<std::string>& failures) const
{
    std::vector<Pair> left(pairs.begin(), pairs.end());
    while (m_spec.condition && !left.empty()) {
        EventBatch batch = pairBatch(m_spec, left, sides);
        if (const auto failure = sql::applyFilter(*m_spec.condition, batch, m_spec.context)) {
            failures.push_back(failure->message);
            left.erase(left.begin() + failure->row);
            continue;
        }
        std::vector<Pair> matches;
        batch.forEachSelected([&](std::uint32_t row) { matches.push_back(left[row]); });
        return matches;
    }
    return left;
}

void JoinPairs::appendBoth(const Sides& sides, const Pair& pair, OutputRows& out) const
{
    out.append(sides.left, pair.left);
    out.append(sides.right, pair.right, sides.left.size());
    out.endRow();
}

void JoinPairs::appendLeft(const std::vector<Column>& left, std::uint32_t row, OutputRows& out) const
{
    out.append(left, row);
    out.appendNulls(left.size(), m_spec.right.size());
    out.endRow();
}

void JoinPairs::appendRight(const std::vector<Column>& right, std::uint32_t row, OutputRows& out) const
{
    out.appendNulls(0, m_spec.left.size());
    out.append(right, row, m_spec.left.size());
    out.endRow();
}

bool hasNull(const std::vector<Column>& cells, std::size_t row)
{
    return std::any_of(cells.begin(), cells.end(), [row](const Column& column) { return column.isNull(row); });
}

} // namespace weir::window
