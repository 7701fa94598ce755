// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/latest_rows.h"

#include "app/engine/aggregate/key_hash.h"

#include <algorithm>

namespace weir {

using namespace std::chrono_literals;

namespace {

constexpr auto restTime = 20ms; ///< when there is nothing to look at

} // namespace

LatestRows::LatestRows(std::shared_ptr<const RowStore> all, std::shared_ptr<MemoryBudget> budget)
    : PickedRows(std::move(all), std::move(budget)), m_memory(m_budget, MemoryUse::Rows, 0),
      m_thread([this](const std::stop_token& stopped) { run(stopped); })
{ }

LatestRows::~LatestRows() = default;

void LatestRows::run(const std::stop_token& stopped)
{
    const std::unique_ptr<RowScan> scan = m_all->scan();
    std::int64_t row = 0;
    while (!stopped.stop_requested() && !isFull()) {
        row = std::max(row, m_all->firstRow());
        if (row < m_all->endRow()) {
            setUpToDate(false);
            row = lookAt(*scan, row);
        } else {
            setUpToDate(true);
            std::this_thread::sleep_for(restTime);
        }
    }
}

/// The batch that a row lies in; tells the row behind it.
std::int64_t LatestRows::lookAt(RowScan& scan, std::int64_t row)
{
    const StoredRow found = scan.at(row);
    if (!found.isHere()) {
        note(row + 1, 0);
        return row + 1;
    }
    take(*found.batch, found.index, row);
    return row + static_cast<std::int64_t>(found.batch->size() - found.index);
}

/// The records of a batch from `first` on, which are the rows from `row` on.
void LatestRows::take(const RecordBatch& batch, std::size_t first, std::int64_t row)
{
    Column column(types::bytes(), batch.size());
    std::vector<std::uint32_t> rows;
    for (std::size_t i = first; i < batch.size(); ++i) {
        if (const auto key = batch.key(i)) {
            column.values<std::string_view>()[i] = *key;
            rows.push_back(static_cast<std::uint32_t>(i));
        }
    }
    const Column* const columns[] = {&column};
    std::vector<std::uint64_t> hashes;
    std::vector<std::uint32_t> groups;
    Keys& keys = m_keys[batch.topic()];
    aggregate::hashRows(columns, rows, hashes);
    keys.dictionary.assign(columns, rows, hashes, groups);
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (; keys.places.size() <= groups[i]; m_latest.push_back(0))
                keys.places.push_back(static_cast<std::int64_t>(m_latest.size()));
            m_latest[static_cast<std::size_t>(keys.places[groups[i]])] =
                row + static_cast<std::int64_t>(rows[i] - first);
        }
        m_progress.keys = static_cast<std::int64_t>(m_latest.size());
    }
    std::size_t bytes = m_latest.capacity() * sizeof(std::int64_t);
    for (const auto& [topic, one] : m_keys)
        bytes += one.dictionary.memoryBytes() + one.places.capacity() * sizeof(std::int64_t);
    m_memory.resize(bytes);
    const std::size_t seen = batch.size() - first;
    note(row + static_cast<std::int64_t>(seen), static_cast<std::int64_t>(seen - rows.size()));
}

void LatestRows::note(std::int64_t read, std::int64_t withoutKey)
{
    const std::lock_guard lock(m_mutex);
    m_progress.read = read;
    m_progress.withoutKey += withoutKey;
    ++m_generation;
}

void LatestRows::setUpToDate(bool on)
{
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_progress.upToDate, on) != on)
        ++m_generation;
}

/// Sources stop to read when the budget is full: keys must not be what fills it.
bool LatestRows::isFull()
{
    if (!m_budget || m_memory.bytes() < m_budget->limit() / 4)
        return false;
    const std::lock_guard lock(m_mutex);
    m_progress.trouble = Error{ErrorKind::ResourceLimit,
        std::to_string(m_progress.keys)
            + " keys fill their share of the memory budget: those that came later are not "
              "shown. Give it a larger one, or a filter that fewer keys pass.",
        "latest per key"};
    ++m_generation;
    return true;
}

std::int64_t LatestRows::endRow() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<std::int64_t>(m_latest.size());
}

std::vector<std::int64_t> LatestRows::rowsOf(std::int64_t first, std::size_t count) const
{
    const std::lock_guard lock(m_mutex);
    const auto all = static_cast<std::int64_t>(m_latest.size());
    const std::int64_t end = std::min(all, first + static_cast<std::int64_t>(count));
    if (first < 0 || first >= end)
        return {};
    return {m_latest.begin() + first, m_latest.begin() + end};
}

std::int64_t LatestRows::placeOfRow(std::int64_t row) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find(m_latest.begin(), m_latest.end(), row);
    return found == m_latest.end() ? -1 : found - m_latest.begin();
}

LatestProgress LatestRows::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

} // namespace weir
