// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/ordered_rows.h"

#include "connectors/capture/storage.h"

#include <algorithm>

namespace weir::rows {

using namespace std::chrono_literals;

namespace {

constexpr auto restTime = 20ms; ///< when there is nothing to look at
constexpr std::size_t fewest = 64 * 1024; ///< entries that are not merged into the file yet
constexpr std::size_t mostPending = std::size_t{2} << 20; ///< entries in memory
constexpr std::size_t growth = 4; ///< a file is written anew when a quarter of it has come

std::optional<TemporaryFolder> ownFolder(const std::string& path)
{
    return path.empty() || !capture::Storage::disk().makeFolder(path) ? std::nullopt
                                                                      : std::optional<TemporaryFolder>(path);
}

std::shared_ptr<const OrderRun> emptyRun(const OrderKeys& keys)
{
    return *OrderRun::merged({}, {}, keys, {});
}

} // namespace

OrderedRows::OrderedRows(std::shared_ptr<const RowStore> all, OrderSettings settings)
    : PickedRows(std::move(all), settings.budget), m_settings(std::move(settings)),
      m_folder(ownFolder(m_settings.folder)), m_keys(m_folder ? m_folder->path() : std::string()),
      m_memory(m_budget, MemoryUse::Rows, 0),
      m_order(std::make_shared<const Order>(Order{emptyRun(m_keys), emptyRun(m_keys), 0})),
      m_thread([this](const std::stop_token& stopped) { run(stopped); })
{ }

OrderedRows::~OrderedRows() = default;

// --- Ordering: a thread of its own ---

void OrderedRows::run(const std::stop_token& stopped)
{
    const std::unique_ptr<RowScan> scan = m_all->scan();
    std::int64_t row = 0;
    while (!stopped.stop_requested() && !progress().trouble) {
        row = std::max(row, m_all->firstRow());
        if (row < m_all->endRow()) {
            row = lookAt(*scan, row);
            if (isTimeToSettle())
                settle();
            continue;
        }
        settle();
        setUpToDate();
        std::this_thread::sleep_for(restTime);
    }
}

void OrderedRows::setUpToDate()
{
    const std::lock_guard lock(m_mutex);
    if (!std::exchange(m_progress.upToDate, true))
        ++m_generation;
}

/// The batch that a row lies in; tells the row behind it.
std::int64_t OrderedRows::lookAt(RowScan& scan, std::int64_t row)
{
    const StoredRow found = scan.at(row);
    std::int64_t end = row + 1;
    if (found.isHere()) {
        m_settings.keyOf(*found.batch, found.index, m_batchKeys);
        for (std::size_t i = 0; i < m_batchKeys.size(); ++i) {
            auto entry = m_keys.add(m_batchKeys[i], row + static_cast<std::int64_t>(i));
            if (!entry) {
                fail(entry.error());
                return end;
            }
            m_pending.push_back(*entry);
        }
        end = row + static_cast<std::int64_t>(m_batchKeys.size());
    }
    const std::lock_guard lock(m_mutex);
    m_progress.read = end;
    m_progress.upToDate = false;
    return end;
}

bool OrderedRows::isTimeToSettle() const
{
    const std::size_t ordered = order()->size();
    return m_pending.size() >= std::clamp(ordered / growth, fewest, mostPending);
}

/// What was looked at gets its place.
void OrderedRows::settle()
{
    const auto now = order();
    if (m_pending.empty()) {
        publish(now->base, now->recent); // rows may have left
        return;
    }
    std::sort(m_pending.begin(), m_pending.end(),
        [this](const OrderEntry& a, const OrderEntry& b) { return m_keys.isLess(a, b); });
    auto recent = *OrderRun::merged(now->recent->entries(), m_pending, m_keys, {});
    m_pending.clear();
    auto base = now->base;
    if (recent->entries().size() >= std::max(fewest, base->entries().size() / growth)) {
        const std::string path = m_folder ? m_folder->path() + "/order-" + std::to_string(++m_runs) : std::string();
        auto merged = OrderRun::merged(base->entries(), recent->entries(), m_keys, path);
        if (!merged) {
            fail(merged.error());
            return;
        }
        base = std::move(*merged);
        recent = emptyRun(m_keys);
    }
    m_memory.resize(
        base->memoryBytes() + recent->memoryBytes() + m_keys.memoryBytes() + m_pending.capacity() * sizeof(OrderEntry));
    publish(std::move(base), std::move(recent));
}

void OrderedRows::publish(std::shared_ptr<const OrderRun> base, std::shared_ptr<const OrderRun> recent)
{
    const auto before = order();
    auto next = std::make_shared<Order>(Order{std::move(base), std::move(recent), 0});
    const std::int64_t left = m_all->firstRow();
    const auto count = static_cast<std::int64_t>(next->size());
    const bool same = next->base == before->base && next->recent == before->recent;
    next->evicted = same ? before->evicted : 0;
    while (!m_settings.descending && left > 0 && next->evicted < count) {
        if (ascending(*next, static_cast<std::size_t>(next->evicted), 1).front().row >= left)
            break;
        ++next->evicted;
    }
    if (same && next->evicted == before->evicted)
        return;
    std::shared_ptr<const Order> gone = std::move(next); // a large file is let go of outside of the lock
    const std::lock_guard lock(m_mutex);
    std::swap(m_order, gone);
    m_progress.ordered = count;
    ++m_generation;
}

void OrderedRows::fail(const Error& error)
{
    const std::lock_guard lock(m_mutex);
    m_progress.trouble = error;
    ++m_generation;
}

// --- Reading: any thread ---

std::shared_ptr<const OrderedRows::Order> OrderedRows::order() const
{
    const std::lock_guard lock(m_mutex);
    return m_order;
}

OrderProgress OrderedRows::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

std::int64_t OrderedRows::firstRow() const
{
    return order()->evicted;
}

std::int64_t OrderedRows::endRow() const
{
    return static_cast<std::int64_t>(order()->size());
}

/// How many of the first `count` of both lists together stand in the base.
std::size_t OrderedRows::ofBase(const Order& order, std::size_t count) const
{
    const auto base = order.base->entries();
    const auto recent = order.recent->entries();
    std::size_t low = count > recent.size() ? count - recent.size() : 0;
    std::size_t high = std::min(count, base.size());
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (m_keys.isLess(base[middle], recent[count - middle - 1]))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

std::vector<OrderEntry> OrderedRows::ascending(const Order& order, std::size_t first, std::size_t count) const
{
    const std::size_t before = ofBase(order, first);
    auto base = order.base->entries().subspan(before);
    auto recent = order.recent->entries().subspan(first - before);
    std::vector<OrderEntry> entries;
    while (entries.size() < count && (!base.empty() || !recent.empty())) {
        const bool takesRecent = base.empty() || (!recent.empty() && m_keys.isLess(recent.front(), base.front()));
        auto& from = takesRecent ? recent : base;
        entries.push_back(from.front());
        from = from.subspan(1);
    }
    return entries;
}

std::vector<OrderEntry> OrderedRows::entriesAt(std::int64_t first, std::size_t count) const
{
    const auto now = order();
    const auto all = static_cast<std::int64_t>(now->size());
    const std::int64_t end = std::min(all, first + static_cast<std::int64_t>(count));
    if (first < 0 || first >= end)
        return {};
    const auto wanted = static_cast<std::size_t>(end - first);
    if (!m_settings.descending)
        return ascending(*now, static_cast<std::size_t>(first), wanted);
    std::vector<OrderEntry> entries = ascending(*now, static_cast<std::size_t>(all - end), wanted);
    std::reverse(entries.begin(), entries.end());
    return entries;
}

std::vector<std::int64_t> OrderedRows::rowsOf(std::int64_t first, std::size_t count) const
{
    std::vector<std::int64_t> rows;
    for (const OrderEntry& entry : entriesAt(first, count))
        rows.push_back(entry.row);
    return rows;
}

std::optional<OrderEntry> OrderedRows::entryAt(std::int64_t place) const
{
    const std::vector<OrderEntry> entries = entriesAt(place, 1);
    return entries.empty() ? std::nullopt : std::optional(entries.front());
}

std::int64_t OrderedRows::placeOf(const OrderEntry& entry) const
{
    const auto now = order();
    const auto countBefore = [&](std::span<const OrderEntry> entries) {
        const auto at = std::lower_bound(entries.begin(), entries.end(), entry,
            [this](const OrderEntry& a, const OrderEntry& b) { return m_keys.isLess(a, b); });
        return at - entries.begin();
    };
    const std::int64_t place = countBefore(now->base->entries()) + countBefore(now->recent->entries());
    return m_settings.descending ? static_cast<std::int64_t>(now->size()) - 1 - place : place;
}

std::int64_t OrderedRows::placeOfRow(std::int64_t row) const
{
    const auto now = order();
    for (const auto& run : {now->base, now->recent}) {
        const auto entries = run->entries();
        const auto found =
            std::find_if(entries.begin(), entries.end(), [row](const OrderEntry& entry) { return entry.row == row; });
        if (found != entries.end())
            return placeOf(*found);
    }
    return -1;
}

} // namespace weir::rows
