// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/batch_holes.h"

#include <algorithm>

namespace weir::capture {

namespace {

bool isDense(const RecordBatch& batch, std::int64_t from)
{
    return batch.gaps().empty() && !batch.empty() && batch.offset(0) == from
        && batch.offset(batch.size() - 1) - from + 1 == static_cast<std::int64_t>(batch.size());
}

/// Explains [from, end) by the gaps told, as far as they go; moves past those.
void explain(std::int64_t from, std::int64_t end, std::span<const Gap>& told, std::vector<Gap>& holes)
{
    while (from < end) {
        while (!told.empty() && told.front().end <= from)
            told = told.subspan(1);
        if (told.empty() || told.front().first >= end) {
            holes.push_back({from, end, GapReason::NotTold});
            return;
        }
        const Gap& gap = told.front();
        if (gap.first > from)
            holes.push_back({from, gap.first, GapReason::NotTold});
        holes.push_back({std::max(from, gap.first), std::min(end, gap.end), gap.reason});
        from = holes.back().end;
    }
}

} // namespace

std::vector<Gap> holesOf(const RecordBatch& batch, std::int64_t from)
{
    std::vector<Gap> holes;
    if (isDense(batch, from))
        return holes;
    std::vector<Gap> sorted(batch.gaps().begin(), batch.gaps().end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const Gap& a, const Gap& b) { return a.first < b.first; });
    std::span<const Gap> told(sorted);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        explain(from, batch.offset(i), told, holes);
        from = batch.offset(i) + 1;
    }
    if (!sorted.empty())
        explain(from, std::max(from, sorted.back().end), told, holes);
    return holes;
}

std::int64_t beginningOf(const RecordBatch& batch, std::int64_t start)
{
    std::int64_t first = start >= 0 ? start : INT64_MAX;
    if (!batch.empty())
        first = std::min(first, batch.offset(0));
    for (const Gap& gap : batch.gaps())
        first = std::min(first, gap.first);
    return first;
}

} // namespace weir::capture
