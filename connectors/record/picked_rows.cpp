// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/record/picked_rows.h"

#include <algorithm>
#include <numeric>

namespace weir {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t mostKeptBytes = std::size_t{8} << 20; ///< of records: some screens full
constexpr std::size_t largestKept = 64 * 1024; ///< bytes of one; a larger one is read again
constexpr std::size_t mostAhead = 4096; ///< rows that a scan reads together
constexpr std::size_t mostAheadBytes = std::size_t{8} << 20;

StoredRow copied(const StoredRow& record, std::shared_ptr<MemoryBudget> budget)
{
    if (!record.isHere())
        return record;
    const auto index = static_cast<std::uint32_t>(record.index);
    return present(copyOf(*record.batch, std::span(&index, 1), std::move(budget)), 0);
}

/// Reads a stretch of rows in the order in which they lie, and hands them out in the order asked for.
class PickedScan final : public RowScan
{
public:
    PickedScan(const PickedRows& rows, std::unique_ptr<RowScan> all) : m_rows(rows), m_all(std::move(all)) { }

    StoredRow at(std::int64_t row) override
    {
        if (row < m_first || row >= m_first + static_cast<std::int64_t>(m_ahead.size()))
            readFrom(row);
        return m_ahead.empty() ? StoredRow() : m_ahead[static_cast<std::size_t>(row - m_first)];
    }

private:
    void readFrom(std::int64_t first)
    {
        m_first = first;
        const std::vector<std::int64_t> rows = m_rows.rowsOf(first, m_count);
        std::vector<std::size_t> order(rows.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rows[a] < rows[b]; });
        m_ahead.assign(rows.size(), {});
        std::size_t bytes = 0;
        for (const std::size_t one : order) {
            m_ahead[one] = copied(m_all->at(rows[one]), nullptr);
            bytes += m_ahead[one].isHere() ? m_ahead[one].batch->memoryBytes() : 0;
        }
        // Large records are looked at fewer at a time.
        const std::size_t each = std::max<std::size_t>(1, bytes / std::max<std::size_t>(1, rows.size()));
        m_count = std::clamp<std::size_t>(mostAheadBytes / each, 1, mostAhead);
    }

    const PickedRows& m_rows;
    const std::unique_ptr<RowScan> m_all;
    std::int64_t m_first = 0;
    std::size_t m_count = 64; ///< until their size is known
    std::vector<StoredRow> m_ahead;
};

} // namespace

PickedRows::PickedRows(std::shared_ptr<const RowStore> all, std::shared_ptr<MemoryBudget> budget)
    : m_all(std::move(all)), m_budget(std::move(budget))
{ }

std::int64_t PickedRows::rowOf(std::int64_t row) const
{
    const std::vector<std::int64_t> rows = row < 0 ? std::vector<std::int64_t>() : rowsOf(row, 1);
    return rows.empty() ? -1 : rows.front();
}

/// One row after the other; the first that is not at hand ends it, and is asked for again when it has been loaded.
Result<std::vector<StoredRow>> PickedRows::read(
    std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const
{
    if (first < 0)
        return Error{ErrorKind::InvalidInput, "Rows are numbered from 0.", {}};
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::vector<StoredRow> rows;
    bool waiting = false;
    for (const std::int64_t row : rowsOf(first, count)) {
        if (auto here = kept(row)) {
            rows.push_back(*std::move(here));
            continue;
        }
        if (waiting) {
            rows.push_back(absent(RowAbsence::Loading));
            continue;
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        auto read = m_all->read(row, 1, std::max(left, 0ms));
        if (!read)
            return read;
        rows.push_back(read->empty() ? StoredRow() : std::move(read->front()));
        waiting = !rows.back().isHere() && rows.back().absence == RowAbsence::Loading;
        keep(row, rows.back());
    }
    return rows;
}

std::unique_ptr<RowScan> PickedRows::scan() const
{
    return std::make_unique<PickedScan>(*this, m_all->scan());
}

std::optional<StoredRow> PickedRows::kept(std::int64_t row) const
{
    const std::lock_guard lock(m_keptMutex);
    const auto found = m_kept.find(row);
    if (found == m_kept.end())
        return std::nullopt;
    m_uses.splice(m_uses.end(), m_uses, found->second.use);
    return found->second.record;
}

void PickedRows::keep(std::int64_t row, const StoredRow& record) const
{
    if (!record.isHere() || record.batch->recordBytes(record.index) > largestKept)
        return;
    StoredRow alone = copied(record, m_budget);
    const std::lock_guard lock(m_keptMutex);
    if (m_kept.contains(row))
        return;
    m_keptBytes += alone.batch->memoryBytes();
    m_kept.emplace(row, Kept{std::move(alone), m_uses.insert(m_uses.end(), row)});
    while (m_keptBytes > mostKeptBytes) {
        const auto oldest = m_kept.find(m_uses.front());
        m_keptBytes -= oldest->second.record.batch->memoryBytes();
        m_kept.erase(oldest);
        m_uses.pop_front();
    }
}

} // namespace weir
