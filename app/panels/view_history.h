// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/record_place.h"

#include <QJsonObject>

#include <deque>
#include <optional>

namespace weir {

/// Where the user was in a view: what was read and how it was shown, and the record that was looked at.
struct ViewPlace
{
    QJsonObject view;
    std::optional<RecordPlace> record;
    bool operator==(const ViewPlace&) const = default;
};

/// The places of a view, one behind the other; going somewhere from the middle forgets what was in front.
class ViewHistory
{
public:
    static constexpr std::size_t mostPlaces = 200;

    /// Remembers where the user is, before going elsewhere.
    void leave(const ViewPlace& now);
    /// The place before, or behind; `now` is where the user is. nullopt: there is none.
    std::optional<ViewPlace> back(const ViewPlace& now) { return go(m_before, m_behind, now); }
    std::optional<ViewPlace> forward(const ViewPlace& now) { return go(m_behind, m_before, now); }

private:
    static std::optional<ViewPlace> go(std::deque<ViewPlace>& from, std::deque<ViewPlace>& to, const ViewPlace& now);

    std::deque<ViewPlace> m_before; ///< the newest last
    std::deque<ViewPlace> m_behind; ///< the nearest last
};

} // namespace weir
