// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/filtered_rows.h"
#include "app/session/shown_rows.h"

#include <memory>
#include <optional>
#include <vector>

namespace weir {

/// Where the rows of a view have problems: values that cannot be decoded, and missing ranges. Looks only when it is
/// asked to, since all has to be read once more for it. GUI thread; waits for nothing.
class ProblemMarks
{
public:
    ~ProblemMarks();

    /// Others; what was found is forgotten.
    void setRows(std::shared_ptr<const RowStore> rows, std::shared_ptr<MemoryBudget> budget);
    /// From now on.
    void look();
    bool isLooking() const { return m_found != nullptr; }
    std::uint64_t generation() const { return m_found ? m_found->generation() : 0; } ///< grows with what is found
    bool isUpToDate() const { return !m_found || m_found->progress().upToDate; }

    /// Some hundred of them, evenly chosen where there are more: rows of all.
    std::vector<std::int64_t> sample() const;
    /// When the undecodable ones were, by bins of `widthMs`.
    std::vector<std::int64_t> times(std::int64_t widthMs) const;
    /// What was found, to be asked on any thread; null: nobody looks.
    const std::shared_ptr<FilteredRows>& found() const { return m_found; }

private:
    void forget();

    std::shared_ptr<const RowStore> m_rows;
    std::shared_ptr<MemoryBudget> m_budget;
    std::shared_ptr<FilteredRows> m_found; ///< null: nobody looks
};

/// Of problems among all rows, the row shown for the next one behind `from` (a row of all), or before it; those that
/// are not shown are passed over. -1: there is none. May take a while.
std::int64_t nextProblem(const FilteredRows& problems, const ShownRows& shown, std::int64_t from, bool forward);

} // namespace weir
