// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/stored_rows.h"

namespace weir::rows {

namespace {

class IndexScan final : public RowScan
{
public:
    IndexScan(const RowIndex& index, RowLoader::Load load, EntryAbsence absence)
        : m_index(index), m_load(std::move(load)), m_absence(std::move(absence))
    { }

    StoredRow at(std::int64_t row) override
    {
        if (m_batch && m_entry.firstRow <= row && row < m_entry.endRow())
            return {m_batch, static_cast<std::size_t>(row - m_entry.firstRow)};
        const std::vector<RowEntry> entries = m_index.entries(row, 1);
        if (entries.empty())
            return {};
        m_entry = entries.front();
        m_batch = nullptr;
        if (const auto absence = m_absence(m_entry))
            return {nullptr, 0, *absence};
        const auto loaded = m_load(m_entry);
        if (!loaded || !*loaded || (*loaded)->size() != m_entry.rows)
            return {nullptr, 0,
                !loaded && loaded.error().kind == ErrorKind::NotFound ? RowAbsence::Evicted : RowAbsence::Unreadable};
        m_batch = *loaded;
        return {m_batch, static_cast<std::size_t>(row - m_entry.firstRow)};
    }

private:
    const RowIndex& m_index;
    const RowLoader::Load m_load;
    const EntryAbsence m_absence;
    RowEntry m_entry; ///< the newest one read
    RecordBatchPtr m_batch;
};

} // namespace

std::unique_ptr<RowScan> scanRows(const RowIndex& index, RowLoader::Load load, EntryAbsence absence)
{
    return std::make_unique<IndexScan>(index, std::move(load), std::move(absence));
}

bool isMemoryShort(const MemoryBudget* budget)
{
    return budget && budget->used() > budget->limit() - budget->limit() / 8;
}

Result<std::vector<StoredRow>> readRows(
    const RowIndex& index, RowLoader& loader, const RowsWanted& wanted, const EntryAbsence& absence)
{
    if (wanted.first < 0)
        return Error{ErrorKind::InvalidInput, "Rows are numbered from 0.", {}};
    const std::int64_t end = std::min(index.endRow(), wanted.first + static_cast<std::int64_t>(wanted.count));
    std::vector<StoredRow> rows;
    if (end <= wanted.first)
        return rows;
    const std::vector<RowEntry> entries = index.entries(wanted.first, end - wanted.first);
    std::vector<RowEntry> toLoad;
    std::vector<std::optional<RowAbsence>> absences;
    for (const RowEntry& entry : entries) {
        absences.push_back(absence(entry));
        if (!absences.back())
            toLoad.push_back(entry);
    }
    const std::vector<RowLoader::Loaded> loaded = loader.get(toLoad, wanted.patience);
    rows.resize(static_cast<std::size_t>(end - wanted.first)); // what the index forgot was evicted
    std::size_t next = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const RowEntry& entry = entries[i];
        const RowLoader::Loaded one = absences[i] ? RowLoader::Loaded{nullptr, *absences[i]} : loaded[next++];
        for (std::int64_t row = std::max(entry.firstRow, wanted.first); row < std::min(entry.endRow(), end); ++row)
            rows[static_cast<std::size_t>(row - wanted.first)] = {
                one.batch, static_cast<std::size_t>(row - entry.firstRow), one.absence};
    }
    return rows;
}

} // namespace weir::rows
