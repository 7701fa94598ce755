// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/stored_rows.h"

namespace weir::rows {

namespace {

class IndexScan final : public RowScan
{
public:
    IndexScan(const RowIndex& index, RowLoader::Load load, StandIn standIn)
        : m_index(index), m_load(std::move(load)), m_standIn(std::move(standIn))
    { }

    StoredRow at(std::int64_t row) override
    {
        if (m_batch && m_entry.firstRow <= row && row < m_entry.endRow())
            return present(m_batch, static_cast<std::size_t>(row - m_entry.firstRow));
        const std::vector<RowEntry> entries = m_index.entries(row, 1);
        if (entries.empty())
            return {};
        m_entry = entries.front();
        m_batch = nullptr;
        if (auto instead = m_standIn(m_entry))
            return *std::move(instead);
        const auto loaded = m_load(m_entry);
        if (!loaded || !*loaded || (*loaded)->size() != m_entry.rows)
            return absent(
                !loaded && loaded.error().kind == ErrorKind::NotFound ? RowAbsence::Evicted : RowAbsence::Unreadable);
        m_batch = *loaded;
        return present(m_batch, static_cast<std::size_t>(row - m_entry.firstRow));
    }

private:
    const RowIndex& m_index;
    const RowLoader::Load m_load;
    const StandIn m_standIn;
    RowEntry m_entry; ///< the newest one read
    RecordBatchPtr m_batch;
};

} // namespace

std::unique_ptr<RowScan> scanRows(const RowIndex& index, RowLoader::Load load, StandIn standIn)
{
    return std::make_unique<IndexScan>(index, std::move(load), std::move(standIn));
}

StoredRow missingRow(const RowEntry& entry, std::shared_ptr<const std::string> topic)
{
    StoredRow row = absent(RowAbsence::Missing);
    row.missing = std::make_shared<const MissingRange>(MissingRange{
        std::move(topic), PartitionId{entry.partition}, {entry.first, entry.end, entry.reason}, entry.position});
    return row;
}

bool isMemoryShort(const MemoryBudget* budget)
{
    return budget && budget->used() > budget->limit() - budget->limit() / 8;
}

Result<std::vector<StoredRow>> readRows(
    const RowIndex& index, RowLoader& loader, const RowsWanted& wanted, const StandIn& standIn)
{
    if (wanted.first < 0)
        return Error{ErrorKind::InvalidInput, "Rows are numbered from 0.", {}};
    const std::int64_t end = std::min(index.endRow(), wanted.first + static_cast<std::int64_t>(wanted.count));
    std::vector<StoredRow> rows;
    if (end <= wanted.first)
        return rows;
    const std::vector<RowEntry> entries = index.entries(wanted.first, end - wanted.first);
    std::vector<RowEntry> toLoad;
    std::vector<std::optional<StoredRow>> instead;
    for (const RowEntry& entry : entries) {
        instead.push_back(standIn(entry));
        if (!instead.back())
            toLoad.push_back(entry);
    }
    const std::vector<RowLoader::Loaded> loaded = loader.get(toLoad, wanted.patience);
    rows.resize(static_cast<std::size_t>(end - wanted.first)); // what the index forgot was evicted
    std::size_t next = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const RowEntry& entry = entries[i];
        StoredRow one = instead[i] ? *std::move(instead[i]) : absent(loaded[next].absence);
        if (!instead[i])
            one.batch = loaded[next++].batch;
        for (std::int64_t row = std::max(entry.firstRow, wanted.first); row < std::min(entry.endRow(), end); ++row) {
            one.index = static_cast<std::size_t>(row - entry.firstRow);
            rows[static_cast<std::size_t>(row - wanted.first)] = one;
        }
    }
    return rows;
}

} // namespace weir::rows
