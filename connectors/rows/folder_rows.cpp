// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/folder_rows.h"

#include "connectors/capture/storage.h"
#include "connectors/rows/stored_rows.h"

namespace weir::rows {

namespace {

std::optional<RowAbsence> absenceOf(const RowEntry& entry)
{
    return entry.dropped != 0 ? std::optional(RowAbsence::Dropped) : std::nullopt;
}

} // namespace

FolderRows::FolderRows(FolderRowsSettings settings)
    : m_settings(std::move(settings)), m_topic(std::make_shared<const std::string>(m_settings.topic)),
      m_folder(m_settings.indexFolder), m_index(m_settings.indexFolder),
      m_loader([this](const RowEntry& entry) { return load(entry, m_transactions); }, m_settings.cacheBytes)
{ }

Result<std::unique_ptr<FolderRows>> FolderRows::create(FolderRowsSettings settings)
{
    if (auto made = capture::Storage::disk().makeFolder(settings.indexFolder); !made)
        return made.error();
    return std::unique_ptr<FolderRows>(new FolderRows(std::move(settings)));
}

FolderRows::~FolderRows() = default;

bool FolderRows::append(const RecordBatchPtr& batch, std::chrono::milliseconds)
{
    note(*batch, false);
    return true;
}

void FolderRows::drop(const RecordBatch& batch)
{
    note(batch, true);
}

void FolderRows::note(const RecordBatch& batch, bool dropped)
{
    if (batch.empty())
        return;
    RowEntry entry;
    entry.first = batch.offset(0);
    entry.end = batch.offset(batch.size() - 1) + 1;
    entry.receiveTime = batch.receiveTime();
    entry.rows = static_cast<std::uint32_t>(batch.size());
    entry.partition = batch.partition().value;
    entry.dropped = dropped ? 1 : 0;
    const auto added = m_index.add(entry);
    const std::lock_guard lock(m_mutex);
    if (!added || dropped)
        m_state.dropped += batch.size();
    m_state.trouble = added ? std::nullopt : std::optional(added.error());
}

Result<std::vector<StoredRow>> FolderRows::read(
    std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const
{
    return readRows(m_index, m_loader, {first, count, patience}, absenceOf);
}

std::unique_ptr<RowScan> FolderRows::scan() const
{
    return scanRows(
        m_index, [this, known = std::make_shared<Known>()](const RowEntry& entry) { return load(entry, *known); },
        absenceOf);
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
    auto known = transactions.find(log.name().partition);
    if (known == transactions.end() || known->second.firstOpen() < end) {
        auto told = capture::Transactions::of(log);
        if (!told)
            return told.error();
        known = transactions.insert_or_assign(log.name().partition, std::move(*told)).first;
    }
    content.committed = known->second;
    return content;
}

Result<RecordBatchPtr> FolderRows::load(const RowEntry& entry, Known& known) const
{
    const PartitionId partition{entry.partition};
    const auto found = m_settings.folder->partitions.find({*m_topic, partition});
    if (found == m_settings.folder->partitions.end())
        return Error{ErrorKind::NotFound, "there is no such partition.", *m_topic};
    auto content = contentFor(*found->second.log, entry.end, known);
    if (!content)
        return content.error();
    capture::LogCursor cursor(
        {found->second.log, {}, found->second.known}, {entry.first, entry.end, entry.end}, std::move(*content));
    capture::DecodedRecords records{RecordBatchBuilder(m_topic, partition, {}), {}};
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
