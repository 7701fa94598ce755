// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/record/row_pieces.h"

#include <algorithm>
#include <numeric>

namespace weir {

namespace {

constexpr std::size_t recordsPerGap = 8; ///< fewer, and the gaps are told together
constexpr std::size_t gapsTold = 4; ///< so many always have a row each

/// What a topic view does not leave out by itself.
bool isShown(const Gap& gap)
{
    return gap.reason != GapReason::Filtered && gap.reason != GapReason::Dropped && gap.end > gap.first;
}

RowPiece together(const std::vector<Gap>& gaps)
{
    RowPiece piece;
    piece.gap = gaps.front();
    for (const Gap& gap : gaps) {
        piece.gap->end = gap.end;
        piece.missing += gap.end - gap.first;
        if (gap.reason != piece.gap->reason)
            piece.gap->reason = GapReason::NotTold;
    }
    return piece;
}

} // namespace

std::vector<RowPiece> piecesOf(const RecordBatch& batch)
{
    std::vector<Gap> gaps;
    for (const Gap& gap : batch.gaps()) {
        if (isShown(gap))
            gaps.push_back(gap);
    }
    std::vector<RowPiece> pieces;
    const bool each = gaps.size() <= std::max(gapsTold, batch.size() / recordsPerGap);
    if (!each)
        pieces.push_back(together(gaps));
    std::size_t row = 0;
    for (const Gap& gap : each ? gaps : std::vector<Gap>()) {
        const std::size_t before = row;
        while (row < batch.size() && batch.offset(row) < gap.first)
            ++row;
        if (row > before)
            pieces.push_back({before, row, std::nullopt, 0});
        pieces.push_back({0, 0, gap, gap.end - gap.first});
    }
    if (row < batch.size())
        pieces.push_back({row, batch.size(), std::nullopt, 0});
    return pieces;
}

RecordBatchPtr cutOut(const RecordBatchPtr& batch, const RowPiece& piece, std::shared_ptr<MemoryBudget> budget)
{
    if (piece.size() == batch->size())
        return batch;
    std::vector<std::uint32_t> rows(piece.size());
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(piece.first));
    return copyOf(*batch, rows, std::move(budget));
}

} // namespace weir
