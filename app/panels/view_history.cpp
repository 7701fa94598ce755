// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/view_history.h"

namespace weir {

void ViewHistory::leave(const ViewPlace& now)
{
    m_behind.clear();
    if (!m_before.empty() && m_before.back() == now)
        return;
    m_before.push_back(now);
    if (m_before.size() > mostPlaces)
        m_before.pop_front();
}

std::optional<ViewPlace> ViewHistory::go(std::deque<ViewPlace>& from, std::deque<ViewPlace>& to, const ViewPlace& now)
{
    while (!from.empty() && from.back() == now)
        from.pop_back();
    if (from.empty())
        return std::nullopt;
    to.push_back(now);
    ViewPlace place = std::move(from.back());
    from.pop_back();
    return place;
}

} // namespace weir
