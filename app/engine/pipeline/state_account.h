// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/operator.h"
#include "app/engine/window/slice_store.h"
#include "connectors/record/memory_budget.h"
#include "connectors/record/result.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace weir::query {

/// Books the window state of one owner with the memory budget. One thread at a time.
class StateAccount
{
public:
    explicit StateAccount(std::shared_ptr<MemoryBudget> budget) : m_budget(std::move(budget)) { }
    StateAccount(const StateAccount&) = delete;
    StateAccount& operator=(const StateAccount&) = delete;
    ~StateAccount();

    /// The owner holds `bytes` now. False: the budget has no room for that; nothing was booked.
    bool hold(std::size_t bytes);
    std::size_t bytes() const { return m_bytes; }
    std::size_t limit() const { return m_budget ? m_budget->limit() : 0; }

private:
    std::shared_ptr<MemoryBudget> m_budget;
    std::size_t m_bytes = 0;
};

/// What holds the state of a query when its budget is used up.
struct StateUse
{
    std::string owner; ///< "one worker", "the session step"
    std::size_t groups = 0;
    std::size_t bytes = 0;
    std::optional<std::size_t> windows;
    std::vector<window::KeyUse> largest;
};

/// The slices of one worker; `stores` is by scan, then by partition.
StateUse useOf(const std::vector<std::map<std::size_t, window::SliceStore>>& stores);

/// The words for a budget that is used up: how many groups in how many windows, and the keys that take most.
Error outOfState(const std::string& query, const StateUse& use, std::size_t limit);

} // namespace weir::query
