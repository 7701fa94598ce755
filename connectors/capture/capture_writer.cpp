// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/capture_writer.h"

#include "connectors/capture/batch_holes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <numeric>
#include <sys/file.h>
#include <unistd.h>

namespace weir::capture {

namespace {

constexpr std::size_t mostUnsynced = std::size_t{256} << 20; ///< of all partitions
constexpr std::size_t leastUnsynced = std::size_t{1} << 20; ///< of one
constexpr int segmentsPerRing = 16;
constexpr std::uint64_t leastSegment = std::uint64_t{1} << 16;
constexpr std::size_t reserveBytes = std::size_t{1} << 20;
constexpr const char* reserveName = "reserve";

Error unknown(const TopicPartition& partition)
{
    return {ErrorKind::Internal, "the capture does not know this partition.", partition.text()};
}

} // namespace

CaptureWriter::CaptureWriter(
    std::string root, Manifest about, const CaptureSettings& settings, const Clock& clock, Storage& storage)
    : m_root(std::move(root)), m_settings(settings), m_ringBytes(settings.ringBytes), m_clock(clock),
      m_storage(storage), m_manifest(std::move(about)), m_arrivals(storage, m_root, settings.segments.durable),
      m_observations(storage, m_root)
{
    m_arrivals.setPreamble([this] { return preamble(); });
}

CaptureWriter::~CaptureWriter()
{
    if (m_lock >= 0)
        ::close(m_lock);
}

void CaptureSettings::setRing(std::uint64_t bytes, std::chrono::milliseconds age)
{
    ringBytes = bytes;
    ringAge = age;
    if (age > std::chrono::milliseconds(0))
        segments.age = std::min(segments.age, age / segmentsPerRing);
    if (bytes > 0)
        segments.bytes =
            static_cast<std::size_t>(std::clamp<std::uint64_t>(bytes / segmentsPerRing, leastSegment, segments.bytes));
}

Result<std::unique_ptr<CaptureWriter>> CaptureWriter::create(
    std::string root, Manifest about, const CaptureSettings& settings, const Clock& clock, Storage& storage)
{
    std::unique_ptr<CaptureWriter> writer(
        new CaptureWriter(std::move(root), std::move(about), settings, clock, storage));
    if (auto made = writer->makeFolders(); !made)
        return made.error();
    return writer;
}

Result<void> CaptureWriter::makeFolders()
{
    std::error_code failed;
    if (!std::filesystem::exists(m_root, failed)) {
        if (auto made = m_storage.makeFolder(m_root); !made)
            return made;
    } else if (!std::filesystem::is_directory(m_root, failed) || !std::filesystem::is_empty(m_root, failed)) {
        return Error{ErrorKind::InvalidInput, "there is something already. Name a new folder for the capture.", m_root};
    }
    if (auto locked = lockRoot(); !locked)
        return locked;
    for (TopicEntry& topic : m_manifest.topics) {
        for (PartitionEntry& entry : topic.partitions) {
            const TopicPartition name{topic.name, entry.id};
            entry.folder = folderOf(name);
            const std::string path = m_root + "/" + entry.folder;
            if (auto made = m_storage.makeFolder(path); !made)
                return made;
            auto partition = std::make_unique<Partition>(m_storage, path, m_settings, m_clock);
            partition->name = name;
            partition->number = static_cast<std::uint32_t>(m_partitions.size());
            m_partitions.emplace(name, std::move(partition));
        }
    }
    m_manifest.startedAt = m_clock.wallMs();
    const auto made = m_settings.segments.durable ? makeReserve() : Result<void>();
    return made ? writeManifest() : made;
}

/// Held as long as this process lives: who finds the capture running but the lock free knows that it was killed.
Result<void> CaptureWriter::lockRoot()
{
    const std::string path = m_root + "/lock";
    m_lock = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (m_lock < 0 || ::flock(m_lock, LOCK_EX | LOCK_NB) != 0)
        return Error{ErrorKind::Io, std::string("cannot be locked: ") + std::strerror(errno) + ".", path};
    return {};
}

/// Room for the ending, should the disk be full by then.
Result<void> CaptureWriter::makeReserve()
{
    auto file = m_storage.create(m_root + "/" + reserveName);
    if (!file)
        return file.error();
    m_reserve = true;
    const std::vector<char> room(reserveBytes, 1);
    return (*file)->append(room);
}

Result<void> CaptureWriter::releaseReserve()
{
    if (!m_reserve.exchange(false))
        return {};
    return m_storage.remove(m_root + "/" + reserveName);
}

void CaptureWriter::setCleanupPolicy(const std::string& topic, std::string policy)
{
    const std::lock_guard lock(m_manifestMutex);
    for (TopicEntry& entry : m_manifest.topics) {
        if (entry.name == topic)
            entry.cleanupPolicy = std::move(policy);
    }
}

/// Of a capture that ends.
void CaptureWriter::tellSchemas()
{
    for (TopicEntry& topic : m_manifest.topics) {
        for (const PartitionEntry& entry : topic.partitions)
            find({topic.name, entry.id})->schemas.tell(topic.schemas);
    }
}

Result<void> CaptureWriter::writeManifest()
{
    for (TopicEntry& topic : m_manifest.topics) {
        for (PartitionEntry& entry : topic.partitions) {
            const Partition& partition = *find({topic.name, entry.id});
            const std::lock_guard lock(partition.ledgerMutex);
            entry.ledger = partition.ledger;
        }
    }
    const std::string json = toJson(m_manifest);
    return replaceFile(m_storage, m_root + "/" + std::string(manifestName), json);
}

std::optional<std::int64_t> CaptureWriter::Partition::explainedEnd() const
{
    const std::lock_guard lock(ledgerMutex);
    return ledger.empty() ? std::nullopt : std::optional(ledger.end());
}

CaptureWriter::Partition* CaptureWriter::find(const TopicPartition& partition)
{
    const auto found = m_partitions.find(partition);
    return found == m_partitions.end() ? nullptr : found->second.get();
}

std::vector<ArrivalEntry> CaptureWriter::preamble() const
{
    std::vector<ArrivalEntry> entries;
    for (const auto& [name, partition] : m_partitions) {
        ArrivalEntry entry;
        entry.partition = partition->number;
        entry.kind = ArrivalKind::Partition;
        entry.name = name;
        entries.push_back(entry);
        entry.name = {};
        const std::lock_guard lock(partition->ledgerMutex);
        for (const LedgerInterval& interval : partition->ledger.intervals()) {
            entry.kind = ArrivalKind::Past;
            entry.first = interval.first;
            entry.end = interval.end;
            entry.amount = interval.stored;
            entries.push_back(entry);
            entry.kind = ArrivalKind::PastHole;
            for (std::size_t i = 0; i < gapReasonCount; ++i) {
                entry.reason = static_cast<GapReason>(i);
                entry.amount = interval.holes[i];
                if (entry.amount > 0)
                    entries.push_back(entry);
            }
        }
    }
    return entries;
}

Result<void> CaptureWriter::begin(const TopicPartition& partition, std::int64_t offset)
{
    Partition* const to = find(partition);
    if (!to)
        return unknown(partition);
    to->start = offset;
    return {};
}

Result<void> CaptureWriter::append(const RecordBatch& batch, const std::optional<std::vector<std::uint32_t>>& rows)
{
    Partition* const to = find({batch.topic(), batch.partition()});
    if (!to)
        return unknown({batch.topic(), batch.partition()});
    if (auto before = failure(); !before)
        return before;
    if (batch.empty() && batch.gaps().empty())
        return {};
    const std::optional<std::int64_t> explained = to->explainedEnd();
    const std::int64_t from = explained.value_or(beginningOf(batch, to->start));
    if (!batch.empty() && batch.offset(0) < from)
        return Error{ErrorKind::OutOfRange,
            "offset " + std::to_string(batch.offset(0)) + " came after " + std::to_string(from - 1)
                + ": the topic was made anew. What was captured of the old one stays.",
            to->name.text()};
    if (!explained)
        to->start = from;
    const std::span<const std::uint32_t> kept =
        rows ? std::span<const std::uint32_t>(*rows) : std::span<const std::uint32_t>();
    Group group;
    group.filtered = rows.has_value();
    group.holes = rows ? GapReason::Filtered : m_settings.holes;
    for (const Gap& gap : holesOf(batch, from)) {
        while (group.end < batch.size() && batch.offset(group.end) < gap.first)
            ++group.end;
        const bool within = group.end > group.first && group.end < batch.size();
        const GapReason reason = !rows && gap.reason == GapReason::NotTold ? group.holes : gap.reason;
        if (within && reason == group.holes)
            continue; // one batch goes over it, and this is what its holes are
        if (auto stored = storeGroup(*to, batch, kept, group); !stored)
            return stored;
        group.first = group.end;
        if (auto told = hole(*to, gap.end, reason); !told)
            return told;
    }
    group.end = batch.size();
    return storeGroup(*to, batch, kept, group);
}

Result<void> CaptureWriter::storeGroup(
    Partition& to, const RecordBatch& batch, std::span<const std::uint32_t> kept, Group group)
{
    if (group.first == group.end)
        return {};
    to.rows.clear();
    if (group.filtered) {
        const auto first = std::lower_bound(kept.begin(), kept.end(), group.first);
        to.rows.assign(first, std::lower_bound(first, kept.end(), group.end));
        m_filtered += group.end - group.first - to.rows.size();
    } else {
        to.rows.resize(group.end - group.first);
        std::iota(to.rows.begin(), to.rows.end(), static_cast<std::uint32_t>(group.first));
    }
    if (!to.rows.empty()) {
        if (auto stored = storeRows(to, batch, to.rows, group.holes); !stored)
            return stored;
    }
    return hole(to, batch.offset(group.end - 1) + 1, group.holes);
}

Result<void> CaptureWriter::storeRows(
    Partition& to, const RecordBatch& batch, std::span<const std::uint32_t> rows, GapReason holes)
{
    while (!rows.empty()) {
        const std::size_t count = BatchEncoder::rowsOfNext(batch, rows);
        Chunk chunk{to.writer.takeBuffer(), {}};
        auto header = to.encoder.encode(batch, rows.first(count), chunk.bytes, &to.schemas);
        if (!header)
            return fail(header.error());
        chunk.header = *header;
        if (auto stored = store(to, std::move(chunk), holes, batch.receiveTime()); !stored)
            return stored;
        rows = rows.subspan(count);
    }
    return {};
}

Result<void> CaptureWriter::appendRaw(const TopicPartition& partition, const RawBatch& batch)
{
    Partition* const to = find(partition);
    if (!to)
        return unknown(partition);
    if (auto before = failure(); !before)
        return before;
    Chunk chunk{to->writer.takeBuffer(), loadHeader(batch.bytes.data())};
    const std::int64_t base = chunk.header.baseOffset;
    const std::optional<std::int64_t> explained = to->explainedEnd();
    if (base < explained.value_or(0))
        return Error{ErrorKind::OutOfRange, "batches are out of order.", partition.text()};
    if (!explained && (to->start < 0 || to->start > base))
        to->start = base;
    chunk.bytes.append(batch.bytes);
    for (std::size_t row = 0; batch.records && row < batch.records->size(); ++row)
        to->schemas.add(*batch.records, row);
    return store(*to, std::move(chunk), batch.holes, batch.receiveTime);
}

Result<void> CaptureWriter::store(Partition& to, Chunk chunk, GapReason holes, EpochMs receiveTime)
{
    const BatchHeader header = chunk.header;
    if (auto told = hole(to, header.baseOffset, holes); !told)
        return told;
    ArrivalEntry entry;
    entry.partition = to.number;
    entry.receiveTime = receiveTime;
    entry.reason = header.isControl() ? GapReason::Control : holes;
    entry.front = frontChecksum(chunk.bytes.data());
    entry.first = header.baseOffset;
    entry.end = header.endOffset();
    entry.amount = header.isControl() ? 0 : header.recordCount;
    const std::size_t bytes = chunk.bytes.size();
    // The segment first: what arrivals tell of is there.
    const auto place = to.writer.append(std::move(chunk), m_arrivals.nextSequence());
    if (!place)
        return fail(place.error());
    {
        const std::lock_guard lock(to.ledgerMutex);
        if (const std::uint64_t begun = to.writer.segmentsBegun(); begun != to.segmentsBegun) {
            to.ledger.cut();
            to.segmentsBegun = begun;
        }
        LedgerInterval interval;
        interval.first = entry.first;
        interval.end = entry.end;
        interval.stored = entry.amount;
        interval.hole(entry.reason) = entry.end - entry.first - entry.amount;
        to.ledger.add(interval);
    }
    m_records += static_cast<std::uint64_t>(entry.amount);
    m_bytes += bytes;
    if (auto told = tell(entry); !told)
        return told;
    if (m_listener)
        m_listener->stored(
            {to.number, *place, entry.first, entry.end, static_cast<std::uint32_t>(entry.amount), receiveTime});
    const MemoryBudget* const budget = m_settings.segments.budget.get();
    const std::size_t all = budget ? std::min(mostUnsynced, budget->limit() / 4) : mostUnsynced;
    const std::size_t share = std::max(leastUnsynced, all / m_partitions.size());
    if (to.writer.unsyncedBytes() > share) {
        if (auto synced = to.writer.sync(); !synced)
            return fail(synced.error());
    }
    return isOverRing() ? evict() : Result<void>();
}

Result<void> CaptureWriter::hole(Partition& to, std::int64_t end, GapReason reason)
{
    ArrivalEntry entry;
    {
        const std::lock_guard lock(to.ledgerMutex);
        entry.first = to.ledger.empty() ? to.start : to.ledger.end();
        if (entry.first < 0 || end <= entry.first)
            return {};
        to.ledger.addHole(entry.first, end, reason);
    }
    entry.kind = ArrivalKind::Hole;
    entry.partition = to.number;
    entry.reason = reason;
    entry.receiveTime = m_clock.wallMs();
    entry.end = end;
    return tell(entry);
}

Result<void> CaptureWriter::tell(const ArrivalEntry& entry)
{
    auto told = m_arrivals.append(entry);
    if (!told && told.error().kind == ErrorKind::ResourceLimit && releaseReserve())
        told = m_arrivals.append(entry);
    return told ? Result<void>() : fail(told.error());
}

Result<void> CaptureWriter::addHole(const TopicPartition& partition, std::int64_t end, GapReason reason)
{
    Partition* const to = find(partition);
    if (!to)
        return unknown(partition);
    if (auto before = failure(); !before)
        return before;
    return hole(*to, end, reason);
}

/// Where the oldest segments end that can leave: a condemned one ends amid an interval of the ledger, and leaves with
/// the next. Nothing while there is only the one that is written to.
std::optional<std::int64_t> CaptureWriter::Partition::oldestEnd() const
{
    const auto segments = writer.segments();
    for (std::size_t i = 1; i < segments.size(); ++i) {
        const std::lock_guard lock(ledgerMutex);
        if (ledger.isCutAt(segments[i].baseOffset))
            return segments[i].baseOffset;
    }
    return std::nullopt;
}

/// The partition whose oldest segment came first, if that has to leave; null when none has one to spare.
CaptureWriter::Partition* CaptureWriter::nextToEvict()
{
    Partition* oldest = nullptr;
    std::uint64_t sequence = UINT64_MAX;
    auto newestAt = std::chrono::steady_clock::time_point::max();
    for (const auto& [name, partition] : m_partitions) {
        const auto segments = partition->writer.segments();
        if (segments.empty() || segments.front().firstSequence >= sequence)
            continue;
        if (partition->leaving || partition->oldestEnd()) {
            sequence = segments.front().firstSequence;
            newestAt = segments.front().newestAt;
            oldest = partition.get();
        }
    }
    const bool isOld = m_settings.ringAge.count() > 0 && oldest && m_clock.steady() - newestAt > m_settings.ringAge;
    if (!isOld && !isOverRing())
        return nullptr;
    if (oldest && !oldest->leaving)
        oldest->leaving = oldest->oldestEnd();
    return oldest;
}

Result<void> CaptureWriter::evict()
{
    const std::unique_lock evicting(m_evicting, std::try_to_lock);
    if (!evicting)
        return {};
    bool removed = false;
    while (Partition* const from = nextToEvict()) {
        if (!removeLeaving(*from))
            return {}; // the next batch tries again
        removed = true;
        if (auto told = tellDropped(*from); !told)
            return told;
    }
    if (!removed)
        return {};
    return m_arrivals.forgetBefore(oldestSequence());
}

/// An Error when some are still there.
Result<void> CaptureWriter::removeLeaving(Partition& from)
{
    for (auto segments = from.writer.segments(); !segments.empty() && segments.front().baseOffset < *from.leaving;
         segments = from.writer.segments()) {
        if (auto removed = from.writer.removeOldest(); !removed)
            return removed;
        m_evicted += segments.front().bytes;
    }
    return {};
}

Result<void> CaptureWriter::tellDropped(Partition& from)
{
    ArrivalEntry entry;
    entry.kind = ArrivalKind::Dropped;
    entry.reason = GapReason::Dropped;
    entry.partition = from.number;
    entry.receiveTime = m_clock.wallMs();
    entry.end = *std::exchange(from.leaving, std::nullopt);
    {
        const std::lock_guard lock(from.ledgerMutex);
        from.ledger.drop(entry.end);
    }
    if (m_listener)
        m_listener->dropped(from.number, entry.end);
    return tell(entry);
}

std::uint64_t CaptureWriter::oldestSequence() const
{
    std::uint64_t oldest = UINT64_MAX;
    for (const auto& [name, partition] : m_partitions) {
        if (const auto segments = partition->writer.segments(); !segments.empty())
            oldest = std::min(oldest, segments.front().firstSequence);
    }
    return oldest;
}

Result<void> CaptureWriter::sync()
{
    if (auto before = failure(); !before)
        return before;
    for (const auto& [name, partition] : m_partitions) {
        if (auto synced = partition->writer.sync(); !synced)
            return fail(synced.error());
    }
    if (auto synced = m_arrivals.sync(); !synced)
        return fail(synced.error());
    m_observations.sync();
    return {};
}

Result<void> CaptureWriter::finish(const std::string& reason)
{
    if (auto released = releaseReserve(); !released)
        return released;
    for (const auto& [name, partition] : m_partitions) {
        if (partition->leaving) { // some of them may be gone already
            if (auto removed = removeLeaving(*partition); !removed)
                return removed;
            if (auto told = tellDropped(*partition); !told)
                return told;
        }
        if (auto closed = partition->writer.close(); !closed)
            return closed;
    }
    if (auto closed = m_arrivals.close(); !closed)
        return closed;
    const std::optional<Error> unobserved = m_observations.close();
    const std::lock_guard lock(m_manifestMutex);
    if (unobserved)
        m_manifest.settings["observationsEndedBy"] = unobserved->text();
    m_manifest.state = CaptureState::Complete;
    m_manifest.stoppedAt = m_clock.wallMs();
    m_manifest.stopReason = reason;
    tellSchemas();
    if (auto written = writeManifest(); !written)
        return written;
    static_cast<void>(m_storage.remove(m_root + "/lock").ok());
    return {};
}

std::uint64_t CaptureWriter::unsyncedBytes() const
{
    std::uint64_t bytes = 0;
    for (const auto& [name, partition] : m_partitions)
        bytes += partition->writer.unsyncedBytes();
    return bytes;
}

CaptureCounters CaptureWriter::counters() const
{
    return {m_records, m_bytes, m_filtered, m_evicted};
}

Result<void> CaptureWriter::fail(const Error& error)
{
    const std::lock_guard lock(m_failureMutex);
    if (!m_failure)
        m_failure = error;
    return *m_failure;
}

Result<void> CaptureWriter::failure() const
{
    const std::lock_guard lock(m_failureMutex);
    return m_failure ? Result<void>(*m_failure) : Result<void>();
}

} // namespace weir::capture
