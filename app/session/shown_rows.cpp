// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/shown_rows.h"

#include "app/engine/pipeline/reaper.h"

namespace weir {

namespace {

std::shared_ptr<rows::OrderedRows> orderedRows(
    std::shared_ptr<const RowStore> rows, const search::RowOrder& order, const RowsNeed& need)
{
    rows::OrderSettings settings;
    settings.keyOf = [keys = std::make_shared<search::RowOrderKeys>(order)](const RecordBatch& batch, std::size_t first,
                         std::vector<std::string>& out) { keys->make(batch, first, out); };
    settings.descending = order.descending;
    settings.budget = need.budget;
    if (need.buffers) {
        if (auto folder = need.buffers->newFolder())
            settings.folder = *folder;
    }
    return std::make_shared<rows::OrderedRows>(std::move(rows), std::move(settings));
}

} // namespace

ShownRows::ShownRows(std::shared_ptr<const RowStore> all, const ShownChoice& choice, const RowsNeed& need)
    : m_all(std::move(all)), m_shown(m_all)
{
    if (choice.filter) {
        m_filtered = std::make_shared<FilteredRows>(m_shown, choice.filter, need.budget);
        m_shown = m_filtered;
    }
    if (choice.latestPerKey) {
        m_latest = std::make_shared<LatestRows>(m_shown, need.budget);
        m_shown = m_latest;
    } else if (choice.order) {
        m_ordered = orderedRows(m_shown, *choice.order, need);
        m_shown = m_ordered;
    }
}

/// Ending one waits for the batch that it looks at, and each before those that it looks into.
ShownRows::~ShownRows()
{
    m_shown.reset();
    if (m_ordered)
        Reaper::instance().take(std::move(m_ordered));
    if (m_latest)
        Reaper::instance().take(std::move(m_latest));
    if (m_filtered)
        Reaper::instance().take(std::move(m_filtered));
}

std::uint64_t ShownRows::generation() const
{
    return (m_filtered ? m_filtered->generation() : 0) + (m_latest ? m_latest->generation() : 0)
        + (m_ordered ? m_ordered->generation() : 0);
}

bool ShownRows::isUpToDate() const
{
    if (m_filtered && !m_filtered->progress().upToDate)
        return false;
    const std::int64_t end = (m_filtered ? static_cast<const RowStore*>(m_filtered.get()) : m_all.get())->endRow();
    if (m_latest)
        return m_latest->progress().upToDate && m_latest->progress().read >= end;
    return !m_ordered || (m_ordered->progress().upToDate && m_ordered->progress().read >= end);
}

std::optional<Error> ShownRows::trouble() const
{
    return m_latest ? m_latest->progress().trouble : m_ordered ? m_ordered->progress().trouble : std::nullopt;
}

std::int64_t ShownRows::toAll(std::int64_t shown) const
{
    for (const PickedRows* picked : {static_cast<const PickedRows*>(m_ordered.get()),
             static_cast<const PickedRows*>(m_latest.get()), static_cast<const PickedRows*>(m_filtered.get())}) {
        if (picked && shown >= 0)
            shown = picked->rowOf(shown);
    }
    return shown;
}

std::int64_t ShownRows::fromAll(std::int64_t row) const
{
    if (m_filtered) {
        const std::int64_t matching = m_filtered->matchingFrom(row);
        row = m_filtered->rowOf(matching) == row ? matching : -1;
    }
    if (m_latest && row >= 0)
        row = m_latest->placeOfRow(row);
    if (m_ordered && row >= 0)
        row = m_ordered->placeOfRow(row);
    return row;
}

} // namespace weir
