// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/capture_writer.h"
#include "connectors/capture/segment_reader.h"
#include "connectors/record/row_pieces.h"
#include "connectors/record/row_store.h"
#include "connectors/rows/row_index.h"
#include "connectors/rows/row_loader.h"
#include "connectors/rows/temporary_folder.h"

#include <condition_variable>
#include <functional>
#include <thread>

namespace weir::rows {

struct LiveLogSettings
{
    std::string folder; ///< of its own: is made, and removed with all in it
    capture::Manifest about; ///< topics with their partitions
    /// Asked now and then: how many bytes of disk the log may hold, given how many it holds. Called on its thread.
    std::function<std::uint64_t(std::uint64_t held)> allowance;
    GapReason holes = GapReason::NotTold; ///< what offsets between records are that nobody told of
    std::uint64_t firstAllowance = std::uint64_t{8} << 30;
    std::chrono::milliseconds age{0}; ///< what came before that leaves; 0: only the allowance counts
    std::size_t queueBytes = std::size_t{32} << 20; ///< waiting for the disk
    std::size_t cacheBytes = std::size_t{64} << 20; ///< of what is being looked at
    std::shared_ptr<MemoryBudget> budget; ///< may be null
};

/// The live buffer of a topic view: what is read goes to a capture in a temporary folder, as a ring, and rows are read
/// back from there; what batches tell to be missing is a row too. Writing has a thread of its own with a bounded queue.
/// When the disk fails, or a topic is made anew, a new capture is begun beside the old one. The folder can be opened as
/// a capture at any time.
class LiveLog final : public RowBuffer
{
public:
    static Result<std::unique_ptr<LiveLog>> create(
        LiveLogSettings settings, const Clock& clock, capture::Storage& storage = capture::Storage::disk());
    /// Waits for a write that is under way; what is queued is lost. Removes the folder.
    ~LiveLog() override;

    std::int64_t firstRow() const override;
    std::int64_t endRow() const override { return m_index.endRow(); }
    Result<std::vector<StoredRow>> read(
        std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const override;
    std::unique_ptr<RowScan> scan() const override;
    std::optional<std::int64_t> rowNear(const TopicPartition& partition, std::int64_t offset) const override;
    std::uint64_t loads() const override { return m_loader.loads(); }
    std::string folder() const override; ///< of the newest of its captures

    bool append(const RecordBatchPtr& batch, std::chrono::milliseconds patience) override;
    void drop(const RecordBatch& batch) override;
    bool isStuck() const override;
    void trim() override;
    RowBufferState state() const override;

    std::uint64_t bytes() const; ///< on disk
    /// Waits until all that was appended has its rows; false when `timeout` passed first.
    bool flush(std::chrono::milliseconds timeout) const;

private:
    /// Records that were not kept.
    struct Loss
    {
        std::int64_t first = 0; ///< offsets
        std::int64_t end = 0;
        std::uint64_t rows = 0;
    };
    struct Item
    {
        TopicPartition partition;
        std::optional<Loss> loss; ///< before the batch
        RecordBatchPtr batch; ///< may be null
    };
    /// Hears of what goes into one of the logs, and out of it.
    class Listener;
    /// A partition by the number of its topic.
    struct Place
    {
        std::uint16_t topic = 0;
        PartitionId partition;
        auto operator<=>(const Place&) const = default;
    };
    /// One capture of those that the log consists of.
    struct Log
    {
        std::string root;
        std::vector<Place> partitions; ///< by number, ascending
        std::vector<std::int64_t> evictedBefore; ///< by number: offsets
        std::unique_ptr<Listener> listener;
        std::unique_ptr<capture::CaptureWriter> writer;
        std::uint64_t held() const;
    };
    struct OpenSegment
    {
        std::string path;
        std::unique_ptr<capture::SegmentReader> reader;
    };
    /// Segments open for one reading thread: by log and partition.
    using OpenSegments = std::map<std::pair<std::uint32_t, Place>, OpenSegment>;

    LiveLog(LiveLogSettings settings, const Clock& clock, capture::Storage& storage);
    void run(const std::stop_token& stopped);
    std::optional<Item> next(const std::stop_token& stopped);
    void store(const Item& item);
    void storeBatch(const RecordBatchPtr& batch);
    void storeRecords(const RecordBatch& batch);
    void noteMissing(const TopicPartition& partition, const RowPiece& piece);
    void lose(const TopicPartition& partition, const Loss& loss);
    RowEntry entryFor(const TopicPartition& partition, RowKind kind) const;
    Result<void> beginLog();
    void know(const TopicPartition& partition);
    std::uint16_t numberOf(const std::string& topic) const;
    void fitIfDue();
    void fit(std::uint64_t allowed);
    void removeOldestLog();
    void moveFirstRow();
    bool isEvicted(const RowEntry& entry) const;
    void fail(std::optional<Error> error);
    void stored(std::uint32_t log, const capture::StoredBatch& batch);
    void dropped(std::uint32_t log, std::uint32_t partition, std::int64_t end);
    const Log& newest() const { return m_logs.rbegin()->second; }

    std::optional<StoredRow> standIn(const RowEntry& entry) const;
    Result<RecordBatchPtr> load(const RowEntry& entry, OpenSegments& open) const;
    Result<capture::SegmentReader*> readerOf(const RowEntry& entry, OpenSegments& open) const;

    LiveLogSettings m_settings;
    const Clock& m_clock;
    capture::Storage& m_storage;
    std::vector<std::shared_ptr<const std::string>> m_topics; ///< by number; never changed
    const TemporaryFolder m_folder; ///< goes last
    RowIndex m_index;

    // The writing thread's own.
    std::uint32_t m_number = 0; ///< of the newest log
    std::uint64_t m_storedRows = 0; ///< of the batch at hand
    std::chrono::steady_clock::time_point m_retryAt; ///< after a failure
    std::chrono::steady_clock::time_point m_fittedAt;
    OpenSegments m_open; ///< the loading thread's own

    mutable std::mutex m_logsMutex; ///< guards what follows
    std::map<std::uint32_t, Log> m_logs; ///< by number; the newest one is written to
    std::int64_t m_firstRow = 0;
    std::optional<Error> m_trouble;
    std::uint64_t m_missing = 0; ///< rows

    mutable std::mutex m_queueMutex; ///< guards what follows
    mutable std::condition_variable_any m_changed;
    std::deque<Item> m_queue;
    std::map<TopicPartition, Loss> m_losses; ///< not yet queued
    std::size_t m_queuedBytes = 0;
    bool m_busy = false;
    std::uint64_t m_droppedRows = 0;
    std::chrono::steady_clock::time_point m_progressAt; ///< when something was stored, or the queue was empty

    mutable RowLoader m_loader;
    std::jthread m_writing;
};

} // namespace weir::rows
