// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/arrivals_folder.h"

#include "connectors/capture/read_file.h"

#include <filesystem>

namespace weir::capture {

namespace {

constexpr std::size_t largestFile = std::size_t{256} << 20;

/// The files there are, by number.
Result<std::map<std::size_t, std::string>> listFiles(const std::string& root)
{
    std::map<std::size_t, std::string> files;
    std::error_code failed;
    std::filesystem::directory_iterator entry(root, failed);
    for (const std::filesystem::directory_iterator end; !failed && entry != end; entry.increment(failed)) {
        if (const std::size_t number = arrivalFileNumber(entry->path().filename().string()); number > 0)
            files.emplace(number, entry->path().string());
    }
    if (failed)
        return Error{ErrorKind::Io, "cannot be listed: " + failed.message() + ".", root};
    return files;
}

/// Goes through the entries twice: what was dropped later is not stored, and the ledger says so from the start.
class ArrivalsBuilder
{
public:
    explicit ArrivalsBuilder(Arrivals& out) : m_out(out) { }

    void look(const ArrivalEntry& entry)
    {
        declare(entry);
        if (entry.kind == ArrivalKind::Dropped && m_names.contains(entry.partition))
            m_dropped[m_names[entry.partition]] = entry.end;
    }

    void add(const ArrivalEntry& entry, bool firstFile)
    {
        declare(entry);
        const auto name = m_names.find(entry.partition);
        if (name == m_names.end() || entry.first < 0 || entry.end < entry.first || entry.amount < 0
            || entry.amount > entry.end - entry.first || entry.sequence < m_next)
            return;
        m_next = entry.sequence + 1;
        ArrivalsOfPartition& partition = m_out.partitions[name->second];
        switch (entry.kind) {
        case ArrivalKind::Batch:
            addBatch(partition, name->second, entry);
            break;
        case ArrivalKind::Hole:
            explain(partition.ledger, intervalOf(entry));
            break;
        case ArrivalKind::Past:
        case ArrivalKind::PastHole:
            if (firstFile)
                addPast(name->second, entry);
            break;
        case ArrivalKind::Partition:
        case ArrivalKind::Dropped:
            break;
        }
    }

    /// What follows may lack entries in front of it.
    void damaged() { m_afterDamage = true; }
    void endPast()
    {
        for (const auto& [name, intervals] : m_past) {
            for (const auto& [first, interval] : intervals)
                explain(m_out.partitions[name].ledger, interval);
        }
        m_past.clear();
    }

private:
    void declare(const ArrivalEntry& entry)
    {
        if (entry.kind == ArrivalKind::Partition)
            m_names[entry.partition] = entry.name;
    }

    static LedgerInterval intervalOf(const ArrivalEntry& entry)
    {
        LedgerInterval interval;
        interval.first = entry.first;
        interval.end = entry.end;
        interval.hole(entry.reason) = entry.end - entry.first;
        return interval;
    }

    /// Entries that repeat what a preamble told are passed over; what nobody tells is not told.
    static void explain(Ledger& ledger, const LedgerInterval& interval)
    {
        if (!ledger.empty() && interval.first < ledger.end())
            return;
        if (!ledger.empty() && interval.first > ledger.end())
            ledger.addHole(ledger.end(), interval.first, GapReason::NotTold);
        ledger.add(interval);
    }

    void addBatch(ArrivalsOfPartition& partition, const TopicPartition& name, const ArrivalEntry& entry)
    {
        endPast();
        LedgerInterval interval = intervalOf(entry);
        interval.hole(entry.reason) -= entry.amount;
        const auto dropped = m_dropped.find(name);
        const bool isDropped = dropped != m_dropped.end() && entry.end <= dropped->second;
        (isDropped ? interval.hole(GapReason::Dropped) : interval.stored) += entry.amount;
        explain(partition.ledger, interval);
        if (isDropped)
            return;
        KnownBatch known;
        known.first = entry.first;
        known.end = entry.end;
        known.receiveTime = entry.receiveTime;
        known.sequence = entry.sequence;
        known.front = entry.front;
        known.records = static_cast<std::uint32_t>(entry.amount);
        known.afterDamage = m_afterDamage;
        partition.known->add(known);
    }

    void addPast(const TopicPartition& name, const ArrivalEntry& entry)
    {
        LedgerInterval& interval = m_past[name][entry.first];
        interval.first = entry.first;
        interval.end = entry.end;
        if (entry.kind == ArrivalKind::PastHole)
            interval.hole(entry.reason) = entry.amount;
        else
            interval.stored = entry.amount;
    }

    Arrivals& m_out;
    std::map<std::uint32_t, TopicPartition> m_names;
    std::map<TopicPartition, std::int64_t> m_dropped; ///< up to which offset
    std::map<TopicPartition, std::map<std::int64_t, LedgerInterval>> m_past;
    std::uint64_t m_next = 0; ///< sequence
    bool m_afterDamage = false;
};

} // namespace

Result<Arrivals> readArrivals(const std::string& root)
{
    const auto files = listFiles(root);
    if (!files)
        return files.error();
    Arrivals arrivals;
    arrivals.files = files->size();
    std::vector<ByteBuffer> contents;
    ArrivalsBuilder builder(arrivals);
    ArrivalEntry entry;
    for (const auto& [number, path] : *files) {
        auto content = readWhole(path, largestFile);
        if (!content && content.error().kind != ErrorKind::NotFound)
            return content.error();
        contents.push_back(content ? std::move(*content) : ByteBuffer());
        for (ArrivalReader reader(contents.back().bytes()); reader.next(entry);)
            builder.look(entry);
    }
    std::size_t place = 0;
    for (const auto& [number, path] : *files) {
        ArrivalReader reader(contents[place].bytes());
        while (reader.next(entry))
            builder.add(entry, place == 0);
        ++place;
        builder.endPast();
        if (reader.isTorn()) {
            builder.damaged();
            arrivals.damages.push_back(arrivalFileName(number) + ": from byte " + std::to_string(reader.position())
                + " on it is damaged or torn; receive times behind that are lost.");
        }
    }
    return arrivals;
}

} // namespace weir::capture
