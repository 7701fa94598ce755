// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/arrivals_writer.h"
#include "connectors/capture/batch_encoder.h"
#include "connectors/capture/manifest.h"
#include "connectors/capture/observations.h"
#include "connectors/capture/partition_writer.h"

#include <atomic>
#include <optional>

namespace weir::capture {

struct CaptureSettings
{
    Codec codec = Codec::None;
    SegmentSettings segments;
    std::uint64_t ringBytes = 0; ///< keep about so many newest bytes; 0: all
    std::chrono::milliseconds ringAge{0}; ///< keep about what came within that time; 0: all
    GapReason holes = GapReason::NotTold; ///< what offsets between records are that nobody told of

    /// Whole segments leave a ring: makes them small enough that some fit into it.
    void setRing(std::uint64_t bytes, std::chrono::milliseconds age = std::chrono::milliseconds(0));
};

struct CaptureCounters
{
    std::uint64_t records = 0; ///< stored
    std::uint64_t bytes = 0; ///< of segments, written
    std::uint64_t filtered = 0; ///< records that the user's filter kept out
    std::uint64_t evicted = 0; ///< bytes that the ring gave up
};

/// A batch as it was stored.
struct StoredBatch
{
    std::uint32_t partition = 0; ///< number in the order of the manifest's topics and partitions
    LogPlace place;
    std::int64_t first = 0; ///< offsets
    std::int64_t end = 0;
    std::uint32_t records = 0;
    EpochMs receiveTime = 0;
};

/// Hears of what comes into a capture and what leaves it again. Called on the threads that append.
class StoredListener
{
public:
    virtual ~StoredListener() = default;
    virtual void stored(const StoredBatch& batch) = 0;
    /// What was stored before offset `end` is stored no more.
    virtual void dropped(std::uint32_t partition, std::int64_t end) = 0;
};

/// A batch of another log.
struct RawBatch
{
    std::span<const char> bytes; ///< its checksum holds
    EpochMs receiveTime = 0; ///< 0: unknown
    GapReason holes = GapReason::Compacted; ///< why it has fewer records than offsets, if it has
    const RecordBatch* records = nullptr; ///< what is in it; null: the schemas they name are not told
};

/// Writes a capture: a folder that Kafka's tools understand, with manifest, arrivals and ledger. append() and its kin
/// may run on several threads, each partition on one at a time; sync() on one of its own; the rest before and after.
class CaptureWriter
{
public:
    /// `about` names topics and their partitions; folders and ledgers in it are made here. `root` must not exist, or be
    /// an empty folder.
    static Result<std::unique_ptr<CaptureWriter>> create(std::string root, Manifest about,
        const CaptureSettings& settings, const Clock& clock, Storage& storage = Storage::disk());
    ~CaptureWriter();

    /// Stores a batch: of its records those in `rows` (ascending), all where it is nullopt. Gaps it tells of, and
    /// offsets that it jumps over, go to the ledger. Its offsets must lie behind those before (ErrorKind::OutOfRange).
    Result<void> append(const RecordBatch& batch, const std::optional<std::vector<std::uint32_t>>& rows);
    /// Stores a batch as it stands in another log, byte for byte.
    Result<void> appendRaw(const TopicPartition& partition, const RawBatch& batch);
    /// Offsets up to `end` are not there.
    Result<void> addHole(const TopicPartition& partition, std::int64_t end, GapReason reason);
    /// The range asked for begins here; for a partition of which nothing was written yet.
    Result<void> begin(const TopicPartition& partition, std::int64_t offset);

    /// Set before the first append(); outlives the writer.
    void setListener(StoredListener* listener) { m_listener = listener; }

    /// Another size for the ring; evict() holds on to it.
    void setRingBytes(std::uint64_t bytes) { m_ringBytes = bytes; }
    /// Lets go of whole segments, oldest first, until the rest fits into the ring. append() does the same, but for what
    /// has become too old: call this now and then.
    Result<void> evict();

    /// What was seen of the cluster meanwhile. Any thread; nothing after finish().
    void observe(const Observation& observation) { m_observations.add(observation); }

    /// Known later than the rest; goes into the manifest with finish(). Any thread.
    void setCleanupPolicy(const std::string& topic, std::string policy);

    /// Brings to the disk what was written: once a second is often enough, or when much is kept until then.
    Result<void> sync();
    /// What is kept in memory until it is synced.
    std::uint64_t unsyncedBytes() const;
    /// Ends the capture: it is complete and valid if this succeeds, whatever happened before.
    Result<void> finish(const std::string& reason);

    CaptureCounters counters() const;
    const std::string& root() const { return m_root; }

private:
    struct Partition
    {
        Partition(Storage& storage, const std::string& folder, const CaptureSettings& settings, const Clock& clock)
            : writer(storage, folder, settings.segments, clock), encoder(settings.codec)
        { }
        /// Nothing while no offset is explained.
        std::optional<std::int64_t> explainedEnd() const;
        std::optional<std::int64_t> oldestEnd() const;

        TopicPartition name;
        std::uint32_t number = 0;
        PartitionWriter writer;
        BatchEncoder encoder;
        SchemaIds schemas;
        mutable std::mutex ledgerMutex;
        Ledger ledger; ///< guarded
        std::int64_t start = -1; ///< first offset asked for, -1 not known yet
        std::vector<std::uint32_t> rows; ///< of the group that is being stored
        std::uint64_t segmentsBegun = 0;
        std::optional<std::int64_t> leaving; ///< segments before this offset are being removed; guarded by m_evicting
    };
    /// Records of a batch, [first, end) in it, without a hole that would have to be told by itself.
    struct Group
    {
        std::size_t first = 0;
        std::size_t end = 0;
        GapReason holes = GapReason::NotTold;
        bool filtered = false; ///< only some of its rows are kept
    };

    CaptureWriter(
        std::string root, Manifest about, const CaptureSettings& settings, const Clock& clock, Storage& storage);
    Result<void> makeFolders();
    void tellSchemas();
    Result<void> writeManifest();
    Result<void> lockRoot();
    Result<void> makeReserve();
    Result<void> releaseReserve();
    Partition* find(const TopicPartition& partition);
    std::vector<ArrivalEntry> preamble() const;

    Result<void> storeGroup(Partition& to, const RecordBatch& batch, std::span<const std::uint32_t> rows, Group group);
    Result<void> storeRows(
        Partition& to, const RecordBatch& batch, std::span<const std::uint32_t> rows, GapReason holes);
    Result<void> store(Partition& to, Chunk chunk, GapReason holes, EpochMs receiveTime);
    Result<void> hole(Partition& to, std::int64_t end, GapReason reason);
    Result<void> tell(const ArrivalEntry& entry);
    bool isOverRing() const { return m_ringBytes > 0 && m_bytes - m_evicted > m_ringBytes; }
    Partition* nextToEvict();
    Result<void> removeLeaving(Partition& from);
    Result<void> tellDropped(Partition& from);
    std::uint64_t oldestSequence() const;
    Result<void> fail(const Error& error);
    Result<void> failure() const;

    const std::string m_root;
    const CaptureSettings m_settings;
    std::atomic<std::uint64_t> m_ringBytes;
    const Clock& m_clock;
    StoredListener* m_listener = nullptr;
    Storage& m_storage;
    std::mutex m_manifestMutex;
    Manifest m_manifest; ///< guarded
    ArrivalsWriter m_arrivals;
    ObservationsWriter m_observations;
    std::map<TopicPartition, std::unique_ptr<Partition>> m_partitions;
    int m_lock = -1; ///< descriptor of the lock file
    std::atomic<std::uint64_t> m_records{0};
    std::atomic<std::uint64_t> m_bytes{0};
    std::atomic<std::uint64_t> m_filtered{0};
    std::atomic<std::uint64_t> m_evicted{0};
    std::mutex m_evicting;
    std::atomic<bool> m_reserve{false}; ///< the file that keeps room for the ending is there
    mutable std::mutex m_failureMutex;
    std::optional<Error> m_failure; ///< nothing is written after it but the end
};

} // namespace weir::capture
