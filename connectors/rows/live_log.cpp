// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/live_log.h"

#include "connectors/capture/batch_decoder.h"
#include "connectors/rows/stored_rows.h"

#include <algorithm>
#include <filesystem>

namespace weir::rows {

using namespace std::chrono_literals;

namespace {

constexpr auto fitInterval = 250ms;
constexpr auto retryInterval = 1s; ///< after a failure of the disk
constexpr auto stuckAfter = 2s;
constexpr std::size_t mostOpen = 16; ///< segments that are being read
constexpr std::uint64_t largestSegment = std::uint64_t{128} << 20;
constexpr std::uint64_t leastSegment = std::uint64_t{1} << 20;
constexpr std::size_t leastSegments = 16; ///< that the allowance should make

/// Whole segments leave, and each partition keeps the one that is written to.
std::size_t segmentBytesFor(std::uint64_t allowance, std::size_t partitions)
{
    const std::uint64_t fitting = allowance / std::max(leastSegments, 4 * partitions);
    return static_cast<std::size_t>(std::clamp(fitting, leastSegment, largestSegment));
}

} // namespace

class LiveLog::Listener final : public capture::StoredListener
{
public:
    Listener(LiveLog& owner, std::uint32_t log) : m_owner(owner), m_log(log) { }
    void stored(const capture::StoredBatch& batch) override { m_owner.stored(m_log, batch); }
    void dropped(std::uint32_t partition, std::int64_t end) override { m_owner.dropped(m_log, partition, end); }

private:
    LiveLog& m_owner;
    const std::uint32_t m_log;
};

std::uint64_t LiveLog::Log::held() const
{
    const capture::CaptureCounters counters = writer->counters();
    return counters.bytes - counters.evicted;
}

LiveLog::LiveLog(LiveLogSettings settings, const Clock& clock, capture::Storage& storage)
    : m_settings(std::move(settings)), m_clock(clock), m_storage(storage), m_folder(m_settings.folder),
      m_index(m_settings.folder), m_retryAt(clock.steady()), m_fittedAt(clock.steady()), m_progressAt(clock.steady()),
      m_loader([this](const RowEntry& entry) { return load(entry, m_open); }, m_settings.cacheBytes)
{
    auto& topics = m_settings.about.topics; // by name, so that their numbers ascend with it in every log
    std::sort(topics.begin(), topics.end(),
        [](const capture::TopicEntry& a, const capture::TopicEntry& b) { return a.name < b.name; });
    for (const capture::TopicEntry& topic : topics)
        m_topics.push_back(std::make_shared<const std::string>(topic.name));
}

Result<std::unique_ptr<LiveLog>> LiveLog::create(
    LiveLogSettings settings, const Clock& clock, capture::Storage& storage)
{
    if (auto made = storage.makeFolder(settings.folder); !made)
        return made.error();
    std::unique_ptr<LiveLog> log(new LiveLog(std::move(settings), clock, storage));
    if (auto begun = log->beginLog(); !begun)
        return begun.error();
    log->m_writing = std::jthread([raw = log.get()](const std::stop_token& stopped) { raw->run(stopped); });
    return log;
}

LiveLog::~LiveLog() = default;

std::string LiveLog::folder() const
{
    const std::lock_guard lock(m_logsMutex);
    return newest().root;
}

std::uint64_t LiveLog::bytes() const
{
    std::uint64_t bytes = m_index.bytes();
    const std::lock_guard lock(m_logsMutex);
    for (const auto& [number, log] : m_logs)
        bytes += log.held();
    return bytes;
}

RowBufferState LiveLog::state() const
{
    RowBufferState state;
    {
        const std::lock_guard lock(m_queueMutex);
        state.dropped = m_droppedRows;
    }
    const std::lock_guard lock(m_logsMutex);
    state.trouble = m_trouble;
    state.missing = m_missing;
    return state;
}

/// Nothing: it is over.
void LiveLog::fail(std::optional<Error> error)
{
    const std::lock_guard lock(m_logsMutex);
    m_trouble = std::move(error);
}

// --- The queue: any thread ---

bool LiveLog::append(const RecordBatchPtr& batch, std::chrono::milliseconds patience)
{
    if (batch->empty() && batch->gaps().empty())
        return true;
    const std::size_t bytes = batch->memoryBytes();
    const TopicPartition partition{batch->topic(), batch->partition()};
    std::unique_lock lock(m_queueMutex);
    const auto hasRoom = [&] { return m_queuedBytes == 0 || m_queuedBytes + bytes <= m_settings.queueBytes; };
    if (!hasRoom() && (patience == 0ms || !m_changed.wait_for(lock, patience, hasRoom)))
        return false;
    Item item{partition, {}, batch};
    if (const auto loss = m_losses.find(partition); loss != m_losses.end()) {
        item.loss = loss->second;
        m_losses.erase(loss);
    }
    m_queuedBytes += bytes;
    m_queue.push_back(std::move(item));
    m_changed.notify_all();
    return true;
}

void LiveLog::drop(const RecordBatch& batch)
{
    if (batch.empty())
        return;
    const std::lock_guard lock(m_queueMutex);
    const auto [loss, isFirst] = m_losses.try_emplace({batch.topic(), batch.partition()});
    if (isFirst)
        loss->second.first = batch.offset(0);
    loss->second.end = batch.offset(batch.size() - 1) + 1;
    loss->second.rows += batch.size();
    m_droppedRows += batch.size();
}

bool LiveLog::isStuck() const
{
    const std::lock_guard lock(m_queueMutex);
    return (m_busy || !m_queue.empty()) && m_clock.steady() - m_progressAt > stuckAfter;
}

void LiveLog::trim()
{
    if (isMemoryShort(m_settings.budget.get()))
        m_loader.trim();
}

bool LiveLog::flush(std::chrono::milliseconds timeout) const
{
    std::unique_lock lock(m_queueMutex);
    return m_changed.wait_for(lock, timeout, [this] { return m_queue.empty() && m_losses.empty() && !m_busy; });
}

// --- Writing: a thread of its own ---

void LiveLog::run(const std::stop_token& stopped)
{
    while (!stopped.stop_requested()) {
        if (const std::optional<Item> item = next(stopped)) {
            store(*item);
            const std::lock_guard lock(m_queueMutex);
            m_busy = false;
            m_queuedBytes -= item->batch ? item->batch->memoryBytes() : 0;
            m_progressAt = m_clock.steady();
            m_changed.notify_all();
        }
        fitIfDue();
    }
}

/// The oldest of the queue; where it is empty, what was dropped meanwhile.
std::optional<LiveLog::Item> LiveLog::next(const std::stop_token& stopped)
{
    std::unique_lock lock(m_queueMutex);
    m_changed.wait_for(lock, stopped, fitInterval, [this] { return !m_queue.empty() || !m_losses.empty(); });
    if (stopped.stop_requested())
        return std::nullopt;
    std::optional<Item> item;
    if (!m_queue.empty()) {
        item = std::move(m_queue.front());
        m_queue.pop_front();
    } else if (!m_losses.empty()) {
        item = Item{m_losses.begin()->first, m_losses.begin()->second, nullptr};
        m_losses.erase(m_losses.begin());
    }
    m_busy = item.has_value();
    m_progressAt = m_clock.steady();
    return item;
}

void LiveLog::store(const Item& item)
{
    if (item.loss)
        lose(item.partition, *item.loss);
    if (item.batch)
        storeBatch(item.batch);
}

/// Cut where something is missing, so that rows come in the order of offsets.
void LiveLog::storeBatch(const RecordBatchPtr& batch)
{
    const TopicPartition partition{batch->topic(), batch->partition()};
    know(partition);
    for (const RowPiece& piece : piecesOf(*batch)) {
        if (piece.gap)
            noteMissing(partition, piece);
        else
            storeRecords(*cutOut(batch, piece, nullptr));
    }
}

RowEntry LiveLog::entryFor(const TopicPartition& partition, RowKind kind) const
{
    RowEntry entry;
    entry.topic = numberOf(partition.topic);
    entry.partition = partition.partition.value;
    entry.log = m_number;
    entry.kind = kind;
    return entry;
}

/// The log itself hears of it from the records behind it, which jump over it.
void LiveLog::noteMissing(const TopicPartition& partition, const RowPiece& piece)
{
    RowEntry entry = entryFor(partition, RowKind::Missing);
    entry.first = piece.gap->first;
    entry.end = piece.gap->end;
    entry.reason = piece.gap->reason;
    entry.position = piece.missing;
    entry.rows = 1;
    if (auto added = m_index.add(entry); !added) {
        fail(added.error());
        return;
    }
    const std::lock_guard lock(m_logsMutex);
    ++m_missing;
}

/// Tries a second time in a new log: a topic that was made anew counts its offsets from the start, and a log that
/// failed stays as it is.
void LiveLog::storeRecords(const RecordBatch& batch)
{
    m_storedRows = 0;
    Result<void> appended = newest().writer->append(batch, std::nullopt);
    const bool anew = !appended && appended.error().kind == ErrorKind::OutOfRange;
    if (!appended && m_storedRows == 0 && (anew || m_clock.steady() >= m_retryAt)) {
        if (!anew)
            m_retryAt = m_clock.steady() + retryInterval;
        appended = beginLog();
        if (appended)
            appended = newest().writer->append(batch, std::nullopt);
    }
    fail(appended ? std::nullopt : std::optional(appended.error()));
    if (appended)
        return;
    Loss loss;
    loss.first = batch.offset(m_storedRows);
    loss.end = batch.offset(batch.size() - 1) + 1;
    loss.rows = batch.size() - m_storedRows;
    {
        const std::lock_guard lock(m_queueMutex);
        m_droppedRows += loss.rows;
    }
    lose({batch.topic(), batch.partition()}, loss);
}

/// The ledger and the rows tell of it, as far as the disk lets them.
void LiveLog::lose(const TopicPartition& partition, const Loss& loss)
{
    know(partition);
    static_cast<void>(newest().writer->addHole(partition, loss.end, GapReason::Dropped).ok());
    RowEntry entry = entryFor(partition, RowKind::Dropped);
    entry.first = loss.first;
    entry.end = loss.end;
    entry.rows = static_cast<std::uint32_t>(std::min<std::uint64_t>(loss.rows, UINT32_MAX));
    if (auto added = m_index.add(entry); !added)
        fail(added.error());
}

std::uint16_t LiveLog::numberOf(const std::string& topic) const
{
    const auto found = std::find_if(m_topics.begin(), m_topics.end(), [&](const auto& name) { return *name == topic; });
    return static_cast<std::uint16_t>(found - m_topics.begin());
}

/// A partition that the topic got meanwhile goes to a log that knows it.
void LiveLog::know(const TopicPartition& partition)
{
    auto& partitions = m_settings.about.topics[numberOf(partition.topic)].partitions;
    const auto at = std::lower_bound(partitions.begin(), partitions.end(), partition.partition,
        [](const capture::PartitionEntry& entry, PartitionId id) { return entry.id < id; });
    if (at != partitions.end() && at->id == partition.partition)
        return;
    partitions.insert(at, {partition.partition, {}, {}});
    if (auto begun = beginLog(); !begun)
        fail(begun.error());
}

Result<void> LiveLog::beginLog()
{
    const std::uint32_t number = m_number + 1;
    capture::CaptureSettings settings;
    Log log;
    log.root = m_settings.folder + "/" + std::to_string(number);
    for (const capture::TopicEntry& topic : m_settings.about.topics) {
        for (const capture::PartitionEntry& entry : topic.partitions)
            log.partitions.push_back({numberOf(topic.name), entry.id});
    }
    log.evictedBefore.resize(log.partitions.size());
    settings.setRing(m_settings.firstAllowance, m_settings.age);
    settings.segments.bytes = segmentBytesFor(m_settings.firstAllowance, log.partitions.size());
    settings.segments.durable = false;
    settings.holes = m_settings.holes;
    auto writer = capture::CaptureWriter::create(log.root, m_settings.about, settings, m_clock, m_storage);
    if (!writer)
        return writer.error();
    log.writer = std::move(*writer);
    log.listener = std::make_unique<Listener>(*this, number);
    log.writer->setListener(log.listener.get());
    const std::lock_guard lock(m_logsMutex);
    m_number = number;
    m_logs.emplace(number, std::move(log));
    return {};
}

void LiveLog::stored(std::uint32_t log, const capture::StoredBatch& batch)
{
    RowEntry entry;
    entry.first = batch.first;
    entry.end = batch.end;
    entry.segment = batch.place.segment;
    entry.position = static_cast<std::int64_t>(batch.place.position);
    entry.receiveTime = batch.receiveTime;
    entry.rows = batch.records;
    entry.topic = newest().partitions[batch.partition].topic;
    entry.partition = newest().partitions[batch.partition].partition.value;
    entry.log = log;
    m_storedRows += batch.records;
    if (auto added = m_index.add(entry); !added) {
        fail(added.error());
        const std::lock_guard lock(m_queueMutex);
        m_droppedRows += batch.records;
    }
}

// --- Eviction: the writing thread ---

void LiveLog::fitIfDue()
{
    const auto now = m_clock.steady();
    if (now - m_fittedAt < fitInterval)
        return;
    m_fittedAt = now;
    if (m_settings.allowance)
        fit(m_settings.allowance(bytes()));
    else
        fit(m_settings.firstAllowance);
}

/// Older logs give way first, each segment by segment, and go altogether when what is left of them is too much.
void LiveLog::fit(std::uint64_t allowed)
{
    while (true) {
        std::uint64_t newer = m_index.bytes();
        for (auto log = std::next(m_logs.begin()); log != m_logs.end(); ++log)
            newer += log->second.held();
        Log& oldest = m_logs.begin()->second;
        oldest.writer->setRingBytes(allowed > newer ? allowed - newer : 1);
        if (const auto evicted = oldest.writer->evict(); !evicted && m_logs.size() == 1)
            fail(evicted.error());
        if (m_logs.size() == 1 || newer + oldest.held() <= allowed)
            return;
        removeOldestLog();
    }
}

void LiveLog::removeOldestLog()
{
    Log gone;
    {
        const std::lock_guard lock(m_logsMutex);
        gone = std::move(m_logs.begin()->second);
        m_logs.erase(m_logs.begin());
        moveFirstRow();
    }
    m_index.forgetBefore(firstRow());
    gone.writer.reset();
    std::error_code failed;
    std::filesystem::remove_all(gone.root, failed);
}

void LiveLog::dropped(std::uint32_t log, std::uint32_t partition, std::int64_t end)
{
    {
        const std::lock_guard lock(m_logsMutex);
        m_logs.at(log).evictedBefore[partition] = end;
        moveFirstRow();
    }
    m_index.forgetBefore(firstRow());
}

/// To the first row that is still there. The caller holds m_logsMutex.
void LiveLog::moveFirstRow()
{
    for (bool found = false; !found && m_firstRow < m_index.endRow();) {
        for (const RowEntry& entry : m_index.entries(m_firstRow, 1)) {
            found = entry.kind == RowKind::Records && !isEvicted(entry);
            if (!found)
                m_firstRow = entry.endRow();
        }
    }
}

/// The caller holds m_logsMutex.
bool LiveLog::isEvicted(const RowEntry& entry) const
{
    const auto log = m_logs.find(entry.log);
    if (log == m_logs.end())
        return true;
    const auto& partitions = log->second.partitions;
    const auto at =
        std::lower_bound(partitions.begin(), partitions.end(), Place{entry.topic, PartitionId{entry.partition}});
    return entry.first < log->second.evictedBefore[static_cast<std::size_t>(at - partitions.begin())];
}

// --- Reading: any thread, and the loader's ---

std::int64_t LiveLog::firstRow() const
{
    const std::lock_guard lock(m_logsMutex);
    return m_firstRow;
}

Result<std::vector<StoredRow>> LiveLog::read(
    std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const
{
    return readRows(
        m_index, m_loader, {first, count, patience}, [this](const RowEntry& entry) { return standIn(entry); });
}

std::unique_ptr<RowScan> LiveLog::scan() const
{
    return scanRows(
        m_index, [this, open = std::make_shared<OpenSegments>()](const RowEntry& entry) { return load(entry, *open); },
        [this](const RowEntry& entry) { return standIn(entry); });
}

std::optional<std::int64_t> LiveLog::rowNear(const TopicPartition& partition, std::int64_t offset) const
{
    const auto entry = m_index.find(numberOf(partition.topic), partition.partition, offset);
    return entry ? std::optional(entry->firstRow) : std::nullopt;
}

std::optional<StoredRow> LiveLog::standIn(const RowEntry& entry) const
{
    if (entry.kind == RowKind::Missing)
        return missingRow(entry, m_topics[entry.topic]);
    if (entry.kind == RowKind::Dropped)
        return absent(RowAbsence::Dropped);
    const std::lock_guard lock(m_logsMutex);
    return isEvicted(entry) ? std::optional(absent(RowAbsence::Evicted)) : std::nullopt;
}

Result<RecordBatchPtr> LiveLog::load(const RowEntry& entry, OpenSegments& open) const
{
    const auto reader = readerOf(entry, open);
    if (!reader)
        return reader.error();
    (*reader)->seek(static_cast<std::size_t>(entry.position), entry.first);
    const auto step = (*reader)->look();
    if (!step)
        return step.error();
    if (*step != capture::SegmentReader::Step::Batch || (*reader)->batch().header.baseOffset != entry.first)
        return Error{ErrorKind::Corrupt, "what was written there is not there.", m_settings.folder};
    const capture::FoundBatch& found = (*reader)->batch();
    capture::DecodedRecords records{RecordBatchBuilder(m_topics[entry.topic], PartitionId{entry.partition}, {}), {}};
    records.records.reserve(entry.rows);
    if (auto decoded = capture::decodeBatch(found.header, found.bytes, records); !decoded)
        return decoded.error();
    return std::move(records).finish(entry.receiveTime, m_settings.budget);
}

Result<capture::SegmentReader*> LiveLog::readerOf(const RowEntry& entry, OpenSegments& all) const
{
    std::string path;
    {
        const std::lock_guard lock(m_logsMutex);
        const auto log = m_logs.find(entry.log);
        if (log == m_logs.end())
            return Error{ErrorKind::NotFound, "the log was given up.", m_settings.folder};
        path = log->second.root;
    }
    path += "/" + capture::folderOf({*m_topics[entry.topic], PartitionId{entry.partition}}) + "/"
        + capture::segmentFileName(entry.segment, "log");
    OpenSegment& open = all[{entry.log, Place{entry.topic, PartitionId{entry.partition}}}];
    if (open.path != path) {
        auto file = capture::ReadFile::open(path);
        if (!file)
            return file.error();
        open.path = path;
        open.reader = std::make_unique<capture::SegmentReader>(
            std::move(*file), capture::SegmentBounds{entry.segment, INT64_MAX}, nullptr, nullptr);
    }
    capture::SegmentReader* const reader = open.reader.get();
    if (all.size() > mostOpen)
        std::erase_if(all, [reader](const auto& one) { return one.second.reader.get() != reader; });
    return reader;
}

} // namespace weir::rows
