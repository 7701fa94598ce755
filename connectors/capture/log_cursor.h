// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/batch_decoder.h"
#include "connectors/capture/capture_folder.h"
#include "connectors/capture/transactions.h"
#include "connectors/record/source.h"

#include <optional>

namespace weir::capture {

/// What of a partition is to be read.
struct LogRange
{
    std::int64_t start = 0;
    std::int64_t stop = INT64_MAX; ///< exclusive
    std::int64_t end = 0; ///< of the log, when it was opened
};

/// Which batches of a log are looked at.
struct LogContent
{
    std::optional<Transactions> committed; ///< set: nothing that was aborted or is not decided yet
    bool control = false; ///< control batches too; they have no records
    std::size_t windowBytes = SegmentReader::usualWindow; ///< read at a time
};

/// Where two batches stand in the order of a folder: by arrival where that was written down, else by (highest timestamp
/// so far in the partition, partition, offset).
struct ReadingOrder
{
    std::uint64_t sequence = 0; ///< 0 without arrivals
    EpochMs highest = 0;
    PartitionId partition;
    std::int64_t offset = 0;
    auto operator<=>(const ReadingOrder&) const = default;
};

/// Reads one partition of a folder forward, over segments and damage. One thread.
class LogCursor
{
public:
    LogCursor(FolderPartition partition, LogRange range, LogContent content);

    /// Moves to the next batch with records; false where there is none (now). Error: the log cannot be read.
    Result<bool> look();
    ReadingOrder order() const; ///< of the batch that look() found
    EpochMs receiveTime() const; ///< 0: unknown
    /// When it came: receiveTime(), or where that is unknown the highest timestamp of the partition so far.
    EpochMs arrival() const;

    /// Takes the batch that look() found, and those behind it as long as they come next, arrived together and memory
    /// for a batch lasts. `before`: who comes next of the other partitions. Null: what was found could not be decoded.
    Result<RecordBatchPtr> take(std::shared_ptr<const std::string> topic, const std::optional<ReadingOrder>& before,
        const std::shared_ptr<MemoryBudget>& budget);

    /// Instead of take(), for those who want the bytes: the batch that look() found, and how to go on behind it; with a
    /// reason its offsets are a gap.
    const FoundBatch& found() const { return m_open->reader->batch(); }
    void pass(std::optional<GapReason> reason);

    PartitionId partition() const { return m_log->name().partition; }
    std::int64_t begin() const { return m_log->beginOffset(); } ///< of the log
    std::int64_t start() const { return m_range.start; }
    std::int64_t next() const { return m_next; }
    std::int64_t end() const { return std::max(m_range.end, m_next); }
    /// The stop was reached.
    bool isDone() const { return m_next >= m_range.stop; }
    /// Sees what was written since; the log may have grown.
    Result<void> refresh();
    /// Holes that no batch could be given, as behind the last one.
    std::vector<Gap> takeGaps() { return std::exchange(m_gaps, {}); }
    /// Damage met so far, in words.
    const std::vector<std::string>& damages() const { return m_damages; }

private:
    Result<bool> openAt(std::int64_t offset);
    bool skip(const BatchHeader& header);
    void explainRest();
    bool isAborted(const BatchHeader& header) const;
    void passOver(std::int64_t end, GapReason reason);
    void noteDamage(const std::string& what, std::int64_t from);
    GapReason holeReason(std::int64_t offset, GapReason otherwise) const;
    const KnownBatch* known() const;
    SegmentReader& reader() { return *m_open->reader; }
    const BatchHeader& header() const { return m_open->reader->batch().header; }
    Result<void> decodeInto(DecodedRecords& out, bool& inWindow);
    void addGapsWithin(const BatchHeader& header, std::size_t from, RecordBatchBuilder& records);
    void step();

    const std::shared_ptr<PartitionLog> m_log;
    const Ledger m_ledger;
    const std::shared_ptr<const KnownBatches> m_known;
    const LogRange m_range;
    const LogContent m_content;
    std::optional<PartitionLog::OpenSegment> m_open;
    std::int64_t m_next = 0; ///< first offset that has been neither handed out nor explained
    EpochMs m_highest = INT64_MIN;
    bool m_afterDamage = false;
    bool m_removed = false; ///< segments went away under the reader
    std::vector<Gap> m_gaps; ///< not yet handed out
    std::vector<std::string> m_damages;
};

} // namespace weir::capture
