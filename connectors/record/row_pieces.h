// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <optional>
#include <vector>

namespace weir {

/// Part of a batch as rows show it: records, or what is missing in front of those that follow.
struct RowPiece
{
    std::size_t first = 0; ///< records [first, end)
    std::size_t end = 0;
    std::optional<Gap> gap; ///< then there are no records
    std::int64_t missing = 0; ///< offsets of the gap without a record

    std::size_t size() const { return gap ? 1 : end - first; } ///< rows
};

/// The rows of a batch, in the order of its offsets. A batch with a gap behind almost every record, as a compacted
/// topic has, is not cut to pieces: one piece in front of it tells of all its gaps together.
std::vector<RowPiece> piecesOf(const RecordBatch& batch);

/// The records of a piece as a batch of their own: the batch itself where that is all of it. `budget` may be null.
RecordBatchPtr cutOut(const RecordBatchPtr& batch, const RowPiece& piece, std::shared_ptr<MemoryBudget> budget);

} // namespace weir
