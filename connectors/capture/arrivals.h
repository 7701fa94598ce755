// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/byte_buffer.h"
#include "connectors/capture/ledger.h"
#include "connectors/record/clock.h"
#include "connectors/record/topic_partition.h"

#include <string>

namespace weir::capture {

/// What an entry of arrivals.log tells.
enum class ArrivalKind : std::uint8_t {
    Partition = 1, ///< from here on, `partition` is the number of this topic and partition
    Batch = 2, ///< offsets [first, end) came, `amount` of them are stored, as one batch; the others for `reason`
    Hole = 3, ///< offsets [first, end) are not there, for `reason`
    Dropped = 4, ///< what was stored before `end` is stored no more
    Past = 5, ///< at the front of a later file: [first, end) of before, `amount` stored
    PastHole = 6, ///< the same, `amount` not there for `reason`
};

/// One entry of arrivals.log, in the order in which things came. Each has its own checksum.
struct ArrivalEntry
{
    ArrivalKind kind = ArrivalKind::Batch;
    GapReason reason = GapReason::NotTold;
    std::uint64_t sequence = 0; ///< grows by one; a number that comes again repeats what was not safe before
    EpochMs receiveTime = 0;
    std::uint32_t partition = 0; ///< a number within the file, declared by a Partition entry
    std::uint32_t front = 0; ///< Batch: frontChecksum() of what is stored
    std::int64_t first = 0;
    std::int64_t end = 0;
    std::int64_t amount = 0;
    TopicPartition name; ///< Partition only

    bool operator==(const ArrivalEntry&) const = default;
};

constexpr std::size_t arrivalEntryBytes = 56; ///< a Partition entry has its topic's name behind that

void appendArrival(ByteBuffer& out, const ArrivalEntry& entry);

/// Entries out of the bytes of a file. Stops at the first one that is not whole or fails its checksum.
class ArrivalReader
{
public:
    explicit ArrivalReader(std::span<const char> bytes) : m_bytes(bytes) { }
    bool next(ArrivalEntry& entry);
    /// Whether bytes are left that are no entry: a torn or damaged end.
    bool isTorn() const { return m_at < m_bytes.size(); }
    std::size_t position() const { return m_at; }

private:
    std::span<const char> m_bytes;
    std::size_t m_at = 0;
};

/// "arrivals.log", "arrivals-2.log", … in the order in which they were written.
std::string arrivalFileName(std::size_t number);
/// 0 when a file is none of them.
std::size_t arrivalFileNumber(std::string_view name);

} // namespace weir::capture
