// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/recover.h"

#include "connectors/capture/capture_writer.h"
#include "connectors/capture/log_cursor.h"

namespace weir::capture {

namespace {

Manifest aboutOf(const CaptureFolder& folder)
{
    Manifest about;
    if (folder.manifest)
        about = *folder.manifest;
    about.state = CaptureState::Running;
    about.stoppedAt = 0;
    about.exact = about.exact || !folder.isCapture;
    about.clusterId = folder.clusterId;
    about.settings["recoveredFrom"] = folder.root;
    about.topics.clear();
    for (const auto& [name, partition] : folder.partitions) {
        if (about.topics.empty() || about.topics.back().name != name.topic) {
            const auto& topic = folder.topics.at(name.topic);
            about.topics.push_back({name.topic, topic.id, topic.cleanupPolicy, {}, {}});
        }
        about.topics.back().partitions.push_back({name.partition, {}, {}});
    }
    return about;
}

class Recovery
{
public:
    Recovery(const CaptureFolder& folder, CaptureWriter& writer, RecoverReport& report, const VerifyProgress& progress)
        : m_writer(writer), m_report(report), m_progress(progress)
    {
        for (const auto& [name, partition] : folder.partitions) {
            LogRange range;
            range.start = partition.ledger.empty() ? partition.log->beginOffset() : partition.ledger.begin();
            m_sources.push_back({name, partition,
                LogCursor(
                    partition, range, {std::nullopt, true, SegmentReader::windowOfOne(folder.partitions.size())})});
            m_all += partition.log->totalBytes();
        }
    }

    Result<void> run()
    {
        for (Saved& source : m_sources) {
            if (auto begun = m_writer.begin(source.name, source.cursor.start()); !begun)
                return begun;
        }
        for (Result<Saved*> next = nextInOrder();; next = nextInOrder()) {
            if (!next)
                return next.error();
            if (!*next)
                break;
            if (auto saved = save(**next); !saved)
                return saved;
            if (m_progress && !m_progress(m_report.bytes, m_all))
                return Error{ErrorKind::Cancelled, "stopped before the end.", m_writer.root()};
        }
        for (Saved& source : m_sources) {
            if (auto ended = end(source); !ended)
                return ended;
        }
        return {};
    }

private:
    struct Saved
    {
        TopicPartition name;
        FolderPartition partition;
        LogCursor cursor;
    };

    Result<Saved*> nextInOrder()
    {
        Saved* next = nullptr;
        for (Saved& source : m_sources) {
            const auto found = source.cursor.look();
            if (!found)
                return found.error();
            if (*found && (!next || source.cursor.order() < next->cursor.order()))
                next = &source;
        }
        return next;
    }

    /// What was undecodable from the start is no loss of this capture.
    static bool isNewlyLost(const FolderPartition& partition, const Gap& gap)
    {
        const KnownBatch* const written = partition.known->next(gap.first);
        return (written && written->first < gap.end) || partition.ledger.reasonFor(gap.first) != GapReason::Undecodable;
    }

    Result<void> explain(Saved& source)
    {
        for (const Gap& gap : source.cursor.takeGaps()) {
            if (gap.reason == GapReason::Undecodable && isNewlyLost(source.partition, gap))
                m_report.lost.push_back({source.name, gap.first, gap.end});
            if (auto told = m_writer.addHole(source.name, gap.end, gap.reason); !told)
                return told;
        }
        return {};
    }

    Result<void> save(Saved& source)
    {
        const FoundBatch found = source.cursor.found();
        DecodedRecords decoded{RecordBatchBuilder(nullptr, source.name.partition, {}), {}};
        const auto sound = decodeBatch(found.header, found.bytes, decoded);
        if (!sound) {
            m_report.damages.push_back(source.name.text() + ": " + sound.error().message);
            source.cursor.pass(GapReason::Undecodable);
            return explain(source);
        }
        if (auto told = explain(source); !told)
            return told;
        const GapReason holes =
            source.partition.ledger.reasonFor(found.header.baseOffset).value_or(GapReason::Compacted);
        const std::size_t count = decoded.records.size();
        const auto records = std::move(decoded).finish(source.cursor.receiveTime(), nullptr);
        const RawBatch raw{
            found.bytes, source.cursor.receiveTime(), holes, found.header.isControl() ? nullptr : records.get()};
        if (auto appended = m_writer.appendRaw(source.name, raw); !appended)
            return appended;
        ++m_report.batches;
        m_report.bytes += found.bytes.size();
        m_report.records += found.header.isControl() ? 0 : count;
        source.cursor.pass(std::nullopt);
        return {};
    }

    /// What the old ledger told of offsets behind the last batch still holds; what it counted as stored there is lost.
    Result<void> end(Saved& source)
    {
        if (auto told = explain(source); !told)
            return told;
        const auto& damages = source.cursor.damages();
        m_report.damages.insert(m_report.damages.end(), damages.begin(), damages.end());
        for (const LedgerInterval& interval : source.partition.ledger.intervals()) {
            const std::int64_t first = std::max(interval.first, source.cursor.next());
            if (interval.end <= first)
                continue;
            const auto reason = source.partition.ledger.reasonFor(first);
            const GapReason hole = interval.stored > 0 ? GapReason::Undecodable : reason.value_or(GapReason::NotTold);
            if (hole == GapReason::Undecodable)
                m_report.lost.push_back({source.name, first, interval.end});
            if (auto told = m_writer.addHole(source.name, interval.end, hole); !told)
                return told;
        }
        return {};
    }

    CaptureWriter& m_writer;
    RecoverReport& m_report;
    const VerifyProgress& m_progress;
    std::vector<Saved> m_sources;
    std::uint64_t m_all = 0;
};

} // namespace

Result<RecoverReport> recover(const std::string& from, const std::string& to, const Clock& clock,
    const VerifyProgress& progress, Storage& storage)
{
    const auto folder = CaptureFolder::open(from);
    if (!folder)
        return folder.error();
    auto writer = CaptureWriter::create(to, aboutOf(**folder), {}, clock, storage);
    if (!writer)
        return writer.error();
    RecoverReport report;
    report.damages = (*folder)->damages;
    if ((*folder)->observations) {
        for (const Observation& one : (*folder)->observations->entries)
            (*writer)->observe(one);
    }
    const auto saved = Recovery(**folder, **writer, report, progress).run();
    if (!saved)
        return saved.error();
    if (auto finished = (*writer)->finish("recovered"); !finished)
        return finished.error();
    auto verified = verify(to);
    if (!verified)
        return verified.error();
    report.verified = std::move(*verified);
    return report;
}

} // namespace weir::capture
