// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/verify.h"

#include "connectors/capture/batch_decoder.h"
#include "connectors/capture/capture_folder.h"

namespace weir::capture {

namespace {

constexpr std::size_t mostFindings = 1000;
constexpr std::size_t largestIndex = std::size_t{64} << 20;
constexpr std::size_t offsetEntryBytes = 8;
constexpr std::size_t timeEntryBytes = 12;

std::string rangeText(std::int64_t first, std::int64_t end)
{
    return end - first == 1 ? "offset " + std::to_string(first)
                            : "offsets " + std::to_string(first) + " to " + std::to_string(end - 1);
}

/// What a pass over a folder shares.
struct Pass
{
    const CaptureFolder& folder;
    VerifyReport& report;
    const VerifyProgress& progress;
    std::uint64_t done = 0;
    std::uint64_t all = 0;

    void find(std::string where, std::string what, bool isWrong = true)
    {
        if (report.findings.size() < mostFindings)
            report.findings.push_back({std::move(where), std::move(what), isWrong});
        else
            ++report.findingsLeftOut;
    }
    bool goesOn(std::uint64_t bytes)
    {
        done += bytes;
        return !progress || progress(done, all);
    }
};

/// Compares a segment's indexes with its batches as they pass.
class IndexCheck
{
public:
    IndexCheck(Pass& pass, const PartitionLog& log, const LogSegment& segment, bool mayGrow)
        : m_pass(pass), m_log(log), m_base(segment.base), m_mayGrow(mayGrow)
    {
        m_offsets = load("index", offsetEntryBytes,
            [&](std::span<const char> bytes) { return parseOffsetFile(bytes, segment.base, segment.bytes); });
        m_times = load("timeindex", timeEntryBytes,
            [&](std::span<const char> bytes) { return parseTimeFile(bytes, segment.base); });
    }

    void see(const FoundBatch& found)
    {
        const BatchHeader& header = found.header;
        while (m_offset < m_offsets.size() && m_offsets[m_offset].position < found.position)
            wrongOffset(m_offsets[m_offset++]);
        if (m_offset < m_offsets.size() && m_offsets[m_offset].position == found.position) {
            if (m_offsets[m_offset].lastOffset != header.lastOffset())
                wrongOffset(m_offsets[m_offset]);
            ++m_offset;
        }
        if (header.maxTimestamp > m_highest.timestamp)
            m_highest = {header.maxTimestamp, header.lastOffset()};
        for (; m_time < m_times.size() && m_times[m_time].lastOffset <= header.lastOffset(); ++m_time) {
            const TimeEntry& entry = m_times[m_time];
            // Brokers name the record or its batch, by version; a capture names the batch.
            if (m_pass.folder.isCapture ? entry != m_highest : entry.timestamp != m_highest.timestamp)
                m_pass.find(m_log.pathOf(m_base, "timeindex"),
                    "the entry for offset " + std::to_string(entry.lastOffset) + " has another time than the log.");
        }
    }

    void end()
    {
        while (m_offset < m_offsets.size())
            wrongOffset(m_offsets[m_offset++]);
        if (m_time < m_times.size())
            m_pass.find(m_log.pathOf(m_base, "timeindex"),
                "the entry for offset " + std::to_string(m_times[m_time].lastOffset) + " is behind the log's end.");
    }

private:
    template <typename Parse>
    auto load(const char* ending, std::size_t entryBytes, Parse parse) -> decltype(parse(std::span<const char>()))
    {
        const std::string path = m_log.pathOf(m_base, ending);
        const auto file = readWhole(path, largestIndex);
        if (!file) {
            if (!m_mayGrow)
                m_pass.find(path, "is missing or cannot be read; readers make do without it.", false);
            return {};
        }
        auto entries = parse(file->bytes());
        if (!m_mayGrow && entries.size() * entryBytes != file->size())
            m_pass.find(
                path, "entries from number " + std::to_string(entries.size() + 1) + " on are out of order or cut.");
        return entries;
    }

    void wrongOffset(const OffsetEntry& entry)
    {
        m_pass.find(m_log.pathOf(m_base, "index"),
            "the entry for offset " + std::to_string(entry.lastOffset) + " points to byte "
                + std::to_string(entry.position) + ", where no such batch begins.");
    }

    Pass& m_pass;
    const PartitionLog& m_log;
    const std::int64_t m_base;
    const bool m_mayGrow;
    std::vector<OffsetEntry> m_offsets;
    std::vector<TimeEntry> m_times;
    std::size_t m_offset = 0;
    std::size_t m_time = 0;
    TimeEntry m_highest{-1, 0}; ///< of the batches so far
};

/// Counts records by the ledger's intervals.
class LedgerCheck
{
public:
    explicit LedgerCheck(const Ledger& ledger) : m_intervals(ledger.intervals()), m_counted(m_intervals.size()) { }

    void see(const RecordBatch& records)
    {
        for (std::size_t i = 0; i < records.size() && !m_intervals.empty(); ++i) {
            const std::int64_t offset = records.offset(i);
            while (m_at < m_intervals.size() && m_intervals[m_at].end <= offset)
                ++m_at;
            if (m_at < m_intervals.size() && m_intervals[m_at].first <= offset)
                ++m_counted[m_at];
            else
                ++m_outside;
        }
    }

    /// `tellsAll`: the ledger was written when everything was.
    void end(Pass& pass, const std::string& where, bool tellsAll) const
    {
        for (std::size_t i = 0; i < m_intervals.size(); ++i) {
            const LedgerInterval& interval = m_intervals[i];
            if (interval.stored != m_counted[i])
                pass.find(where,
                    "the ledger counts " + std::to_string(interval.stored) + " records at "
                        + rangeText(interval.first, interval.end) + ", the log has " + std::to_string(m_counted[i])
                        + ".");
        }
        if (m_outside > 0)
            pass.find(
                where, "the ledger does not tell of " + std::to_string(m_outside) + " records in the log.", tellsAll);
    }

private:
    const std::vector<LedgerInterval>& m_intervals;
    std::vector<std::int64_t> m_counted;
    std::size_t m_at = 0;
    std::int64_t m_outside = 0;
};

class PartitionCheck
{
public:
    PartitionCheck(Pass& pass, const FolderPartition& partition, VerifiedPartition& out)
        : m_pass(pass), m_partition(partition), m_log(*partition.log), m_out(out), m_ledger(partition.ledger)
    {
        // Without a complete manifest the end may be torn: that is what a killed writer leaves.
        m_ended =
            pass.folder.isCapture && (!pass.folder.manifest || pass.folder.manifest->state == CaptureState::Complete);
    }

    Result<void> run()
    {
        const auto segments = m_log.segments();
        m_out.segments = segments.size();
        m_out.begin = m_out.end = m_log.beginOffset();
        for (std::size_t i = 0; i < segments.size(); ++i) {
            auto open = m_log.openAt(segments[i].base);
            if (!open)
                return open.error();
            if (!*open || (*open)->base != segments[i].base) {
                m_pass.find(m_log.pathOf(segments[i].base, "log"), "holds no batch.", m_ended);
                continue;
            }
            (*open)->reader->seek(0, segments[i].base);
            IndexCheck index(m_pass, m_log, segments[i], i + 1 == segments.size() && !m_ended);
            if (auto checked = segment(*(*open)->reader, segments[i], i + 1 == segments.size(), index); !checked)
                return checked;
            index.end();
        }
        lost(INT64_MAX);
        m_ledger.end(m_pass, m_log.name().text(), m_ended);
        m_out.ledger = m_partition.ledger.total();
        return {};
    }

private:
    Result<void> segment(SegmentReader& reader, const LogSegment& segment, bool last, IndexCheck& index)
    {
        const std::string path = m_log.pathOf(segment.base, "log");
        for (;;) {
            const auto step = reader.look();
            if (!step)
                return step.error();
            if (*step == SegmentReader::Step::End)
                break;
            if (*step == SegmentReader::Step::Damage) {
                const Damage& damage = reader.damage();
                m_pass.find(path,
                    "at byte " + std::to_string(damage.position) + ", " + std::to_string(damage.bytes)
                        + " bytes: " + damage.what + ".");
            } else {
                see(reader.batch(), path);
                index.see(reader.batch());
                if (!m_pass.goesOn(reader.batch().header.totalBytes()))
                    return Error{ErrorKind::Cancelled, "stopped before the end.", m_pass.folder.root};
            }
            reader.advance();
        }
        m_out.bytes += reader.position();
        if (reader.tornBytes() > 0)
            m_pass.find(path,
                std::to_string(reader.tornBytes()) + " bytes behind byte " + std::to_string(reader.position())
                    + " are no whole batch" + (last && !m_ended ? ": the torn end of what was being written." : "."),
                !last || m_ended);
        return {};
    }

    void see(const FoundBatch& found, const std::string& path)
    {
        const BatchHeader& header = found.header;
        lost(header.baseOffset);
        m_next = header.endOffset();
        if (const KnownBatches* known = m_log.known(); known && !known->empty() && !known->find(header.baseOffset))
            m_pass.find(path, "arrivals do not tell of the batch at offset " + std::to_string(header.baseOffset) + ".",
                m_ended);
        ++m_out.batches;
        m_out.end = header.endOffset();
        if (header.isTransactional())
            ++m_out.transactionalBatches;
        if (header.isControl()) {
            ++m_out.controlBatches;
            return;
        }
        DecodedRecords decoded{RecordBatchBuilder(nullptr, m_log.name().partition, {}), std::move(m_arena)};
        decoded.arena.clear();
        if (auto read = decodeBatch(header, found.bytes, decoded); !read) {
            m_pass.find(path, read.error().message);
            m_arena = std::move(decoded.arena);
            return;
        }
        const auto records = std::move(decoded).finish(0, nullptr);
        m_out.records += records->size();
        m_ledger.see(*records);
    }

    /// Batches between the last one and `next` that arrivals tell of are not there any more.
    void lost(std::int64_t next)
    {
        const KnownBatches* known = m_log.known();
        const KnownBatch* gone = known ? known->next(m_next) : nullptr;
        if (!gone || gone->first >= next)
            return;
        std::int64_t end = gone->end;
        std::uint64_t records = 0;
        for (const KnownBatch* one = gone; one && one->first < next; one = known->next(one->end)) {
            end = one->end;
            records += one->records;
        }
        m_pass.find(m_log.name().text(),
            std::to_string(records) + " records at " + rangeText(gone->first, end)
                + " were written and are not there any more.");
    }

    Pass& m_pass;
    const FolderPartition& m_partition;
    const PartitionLog& m_log;
    VerifiedPartition& m_out;
    LedgerCheck m_ledger;
    ByteBuffer m_arena;
    std::int64_t m_next = 0;
    bool m_ended = false;
};

void tellState(Pass& pass)
{
    const CaptureFolder& folder = pass.folder;
    if (folder.manifest && folder.manifest->state == CaptureState::Running)
        pass.find(folder.root,
            folder.grows ? "is being written: what follows is how it stands now."
                         : "was not ended in order: its writer was killed. The ledger is what arrivals tell.",
            false);
    for (const std::string& damage : folder.damages)
        pass.find(folder.root, damage, !folder.manifest || folder.manifest->state == CaptureState::Complete);
    if (folder.manifest && !folder.arrivalFiles)
        for (const VerifiedPartition& partition : pass.report.partitions) {
            if (partition.batches > 0) {
                pass.find(folder.root, "there is no arrivals.log: nothing vouches for offsets and order.");
                break;
            }
        }
}

/// Ids only: what a schema says, its registry knows.
void tellSchemas(Pass& pass)
{
    for (const auto& [name, topic] : pass.folder.topics) {
        std::string ids;
        for (const auto& [id, use] : topic.schemas) {
            const std::string keys = use.keys > 0 ? std::to_string(use.keys) + " keys" : "";
            const std::string values = use.values > 0 ? std::to_string(use.values) + " values" : "";
            ids += (ids.empty() ? "" : ", ") + std::to_string(id) + " (" + keys
                + (keys.empty() || values.empty() ? "" : ", ") + values + ")";
        }
        if (!ids.empty())
            pass.find(name, "records are framed with ids of a schema registry: " + ids + ".", false);
    }
}

/// Holes of which only the topic's policy says what they probably are.
std::string policyNote(const CaptureFolder& folder, const VerifyReport& report)
{
    std::string note;
    for (const VerifiedPartition& partition : report.partitions) {
        const std::int64_t holes = partition.ledger.hole(GapReason::NotTold);
        const auto topic = folder.topics.find(partition.name.topic);
        if (holes == 0 || topic == folder.topics.end())
            continue;
        const std::string& policy = topic->second.cleanupPolicy;
        const std::string meaning = policy.empty() ? "nobody told its cleanup.policy"
            : policy.find("compact") != std::string::npos
            ? "cleanup.policy=" + policy + ": compacted or control records, as far as the policy tells"
            : "cleanup.policy=" + policy + ": control records of transactions, as far as the policy tells";
        note += (note.empty() ? "" : "; ") + partition.name.text() + ": " + std::to_string(holes)
            + " offsets that the source did not tell of (" + meaning + ")";
    }
    return note;
}

} // namespace

bool VerifyReport::isIntact() const
{
    return findingsLeftOut == 0
        && std::none_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.isWrong; });
}

Result<VerifyReport> verify(const std::string& root, const VerifyProgress& progress)
{
    const auto folder = CaptureFolder::open(root);
    if (!folder)
        return folder.error();
    VerifyReport report;
    report.isCapture = (*folder)->isCapture;
    report.isOpen = (*folder)->grows;
    Pass pass{**folder, report, progress};
    for (const auto& [name, partition] : (*folder)->partitions)
        pass.all += partition.log->totalBytes();
    for (const auto& [name, partition] : (*folder)->partitions) {
        VerifiedPartition& out = report.partitions.emplace_back();
        out.name = name;
        if (auto checked = PartitionCheck(pass, partition, out).run(); !checked)
            return checked.error();
    }
    tellState(pass);
    tellSchemas(pass);
    report.cleanupNote = policyNote(**folder, report);
    return report;
}

} // namespace weir::capture
