// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/batch_header.h"
#include "connectors/record/clock.h"

#include <vector>

namespace weir::capture {

/// What a capture's arrivals tell of one stored batch.
struct KnownBatch
{
    std::int64_t first = 0;
    std::int64_t end = 0;
    EpochMs receiveTime = 0;
    std::uint64_t sequence = 0; ///< in arrival order over all partitions
    std::uint32_t front = 0; ///< frontChecksum()
    std::uint32_t records = 0;
    bool afterDamage = false; ///< entries in front of this one may be missing
};

/// The batches of one partition that arrivals vouch for, by offset. They tell a damaged base offset or leader epoch,
/// which Kafka's checksum does not cover, and where batches begin again behind damage.
class KnownBatches
{
public:
    void add(const KnownBatch& batch);
    /// Batches before `offset` are not there any more.
    void drop(std::int64_t offset);

    bool empty() const { return m_batches.empty(); }
    const std::vector<KnownBatch>& all() const { return m_batches; }
    const KnownBatch* find(std::int64_t first) const;
    /// The first one that begins at or behind `offset`.
    const KnownBatch* next(std::int64_t offset) const;

    enum class Verdict : std::uint8_t {
        Vouched,
        Unknown, ///< nothing speaks against it, nothing for it
        Wrong, ///< its front is not what was written
    };
    /// `front` are the bytes before `checkedFrom`; `expected` is the end of the batch before.
    Verdict judge(const BatchHeader& header, const char* front, std::int64_t expected) const;

private:
    std::vector<KnownBatch> m_batches;
};

} // namespace weir::capture
