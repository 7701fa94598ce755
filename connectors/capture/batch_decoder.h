// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/batch_header.h"
#include "connectors/record/record_batch.h"

namespace weir::capture {

/// What becomes of the records of one or more batches of a partition: entries in `records` and, compressed or not,
/// their bytes in `arena`.
struct DecodedRecords
{
    RecordBatchBuilder records;
    ByteBuffer arena;

    RecordBatchPtr finish(EpochMs receiveTime, std::shared_ptr<MemoryBudget> budget) &&;
};

/// Offsets [first, end): records outside are passed over.
struct OffsetRange
{
    std::int64_t first = 0;
    std::int64_t end = INT64_MAX;
};

/// Appends the records of one whole batch whose checksum holds, copied or unpacked into `out.arena`. Broken ones:
/// ErrorKind::Corrupt, and `out` has none of them.
Result<void> decodeBatch(
    const BatchHeader& header, std::span<const char> batch, DecodedRecords& out, OffsetRange range = {});

/// The same without a copy, for an uncompressed batch that stands in what will be the arena, at `place`.
Result<void> placeRecords(
    std::span<const char> arena, std::size_t place, RecordBatchBuilder& records, OffsetRange range = {});

/// What a control batch says.
enum class ControlType : std::uint8_t { Abort, Commit, Other };
ControlType controlTypeOf(const BatchHeader& header, std::span<const char> body);

} // namespace weir::capture
