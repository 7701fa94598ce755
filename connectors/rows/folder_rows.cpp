// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/folder_rows.h"

#include "connectors/capture/storage.h"
#include "connectors/rows/stored_rows.h"

#include <algorithm>

namespace weir::rows {

FolderRows::FolderRows(FolderRowsSettings settings)
    : m_settings(std::move(settings)), m_folder(m_settings.indexFolder), m_index(m_settings.indexFolder),
      m_loader([this](const RowEntry& entry) { return load(entry, m_transactions); }, m_settings.cacheBytes)
{
    for (const std::string& topic : m_settings.topics)
        m_topics.push_back(std::make_shared<const std::string>(topic));
}

Result<std::unique_ptr<FolderRows>> FolderRows::create(FolderRowsSettings settings)
{
    if (auto made = capture::Storage::disk().makeFolder(settings.indexFolder); !made)
        return made.error();
    return std::unique_ptr<FolderRows>(new FolderRows(std::move(settings)));
}

FolderRows::~FolderRows() = default;

bool FolderRows::append(const RecordBatchPtr& batch, std::chrono::milliseconds)
{
    for (const RowPiece& piece : piecesOf(*batch))
        add(entryOf(*batch, piece));
    return true;
}

void FolderRows::drop(const RecordBatch& batch)
{
    RowEntry entry = entryFor(batch, RowKind::Dropped);
    if (batch.empty())
        return;
    entry.first = batch.offset(0);
    entry.end = batch.offset(batch.size() - 1) + 1;
    entry.rows = static_cast<std::uint32_t>(batch.size());
    add(entry);
}

RowEntry FolderRows::entryFor(const RecordBatch& batch, RowKind kind) const
{
    RowEntry entry;
    entry.topic = numberOf(batch.topic());
    entry.partition = batch.partition().value;
    entry.receiveTime = batch.receiveTime();
    entry.kind = kind;
    return entry;
}

RowEntry FolderRows::entryOf(const RecordBatch& batch, const RowPiece& piece) const
{
    RowEntry entry = entryFor(batch, piece.gap ? RowKind::Missing : RowKind::Records);
    entry.rows = static_cast<std::uint32_t>(piece.size());
    if (piece.gap) {
        entry.first = piece.gap->first;
        entry.end = piece.gap->end;
        entry.reason = piece.gap->reason;
        entry.position = piece.missing;
    } else {
        entry.first = batch.offset(piece.first);
        entry.end = batch.offset(piece.end - 1) + 1;
    }
    return entry;
}

void FolderRows::add(const RowEntry& entry)
{
    const auto added = m_index.add(entry);
    const std::lock_guard lock(m_mutex);
    if (!added || entry.kind == RowKind::Dropped)
        m_state.dropped += entry.rows;
    else if (entry.kind == RowKind::Missing)
        ++m_state.missing;
    m_state.trouble = added ? std::nullopt : std::optional(added.error());
}

std::uint16_t FolderRows::numberOf(const std::string& topic) const
{
    const auto found = std::find(m_settings.topics.begin(), m_settings.topics.end(), topic);
    return static_cast<std::uint16_t>(found - m_settings.topics.begin());
}

std::optional<StoredRow> FolderRows::standIn(const RowEntry& entry) const
{
    if (entry.kind == RowKind::Missing)
        return missingRow(entry, m_topics[entry.topic]);
    return entry.kind == RowKind::Dropped ? std::optional(absent(RowAbsence::Dropped)) : std::nullopt;
}

std::optional<std::int64_t> FolderRows::rowNear(const TopicPartition& partition, std::int64_t offset) const
{
    const auto entry = m_index.find(numberOf(partition.topic), partition.partition, offset);
    return entry ? std::optional(entry->firstRow) : std::nullopt;
}

Result<std::vector<StoredRow>> FolderRows::read(
    std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const
{
    return readRows(
        m_index, m_loader, {first, count, patience}, [this](const RowEntry& entry) { return standIn(entry); });
}

std::unique_ptr<RowScan> FolderRows::scan() const
{
    return scanRows(
        m_index, [this, known = std::make_shared<Known>()](const RowEntry& entry) { return load(entry, *known); },
        [this](const RowEntry& entry) { return standIn(entry); });
}

void FolderRows::trim()
{
    if (isMemoryShort(m_settings.budget.get()))
        m_loader.trim();
}

RowBufferState FolderRows::state() const
{
    const std::lock_guard lock(m_mutex);
    return m_state;
}

/// What the source that gave the entry was allowed to see.
Result<capture::LogContent> FolderRows::contentFor(
    const capture::PartitionLog& log, std::int64_t end, Known& transactions) const
{
    capture::LogContent content;
    if (m_settings.isolation == IsolationLevel::ReadUncommitted)
        return content;
    auto known = transactions.find(log.name());
    if (known == transactions.end() || known->second.firstOpen() < end) {
        auto told = capture::Transactions::of(log);
        if (!told)
            return told.error();
        known = transactions.insert_or_assign(log.name(), std::move(*told)).first;
    }
    content.committed = known->second;
    return content;
}

Result<RecordBatchPtr> FolderRows::load(const RowEntry& entry, Known& known) const
{
    const PartitionId partition{entry.partition};
    const std::shared_ptr<const std::string>& topic = m_topics[entry.topic];
    const auto found = m_settings.folder->partitions.find({*topic, partition});
    if (found == m_settings.folder->partitions.end())
        return Error{ErrorKind::NotFound, "there is no such partition.", *topic};
    auto content = contentFor(*found->second.log, entry.end, known);
    if (!content)
        return content.error();
    capture::LogCursor cursor(
        {found->second.log, {}, found->second.known}, {entry.first, entry.end, entry.end}, std::move(*content));
    capture::DecodedRecords records{RecordBatchBuilder(topic, partition, {}), {}};
    records.records.reserve(entry.rows);
    for (;;) {
        const auto there = cursor.look();
        if (!there)
            return there.error();
        if (!*there)
            break;
        const capture::FoundBatch& batch = cursor.found();
        // Broken ones have no records; whoever read the entry first met them too.
        const auto decoded = capture::decodeBatch(batch.header, batch.bytes, records, {entry.first, entry.end});
        cursor.pass(decoded ? std::nullopt : std::optional(GapReason::Undecodable));
    }
    return std::move(records).finish(entry.receiveTime, m_settings.budget);
}

} // namespace weir::rows
