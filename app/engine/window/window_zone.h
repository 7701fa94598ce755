// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/time_zone.h"

namespace weir::window {

/// The zone in which windows over TIMESTAMP_LTZ lie: their bounds are local times, rows and watermarks are instants.
/// Without a zone, and in UTC, the two are the same. Milliseconds.
class WindowZone
{
public:
    WindowZone() = default;
    explicit WindowZone(TimeZonePtr zone) : m_zone(zone && !zone->isUtc() ? std::move(zone) : nullptr) { }

    bool shifts() const { return m_zone != nullptr; }
    std::int64_t localOf(std::int64_t instant) const { return m_zone ? m_zone->localOf(instant) : instant; }
    /// Of a bound that comes twice, the first one.
    std::int64_t instantOf(std::int64_t local) const { return m_zone ? m_zone->instantOf(local) : local; }
    /// The local time up to which windows have fired. While clocks go through an hour for the first time that comes
    /// twice, nothing of it has: a window ends with the second time. Never goes back as watermarks do not.
    std::int64_t progressOf(std::int64_t watermark) const
    {
        if (!m_zone || watermark == INT64_MIN || watermark == INT64_MAX)
            return watermark;
        const std::int64_t local = m_zone->localOf(watermark);
        const LocalInstants instants = m_zone->instantsOf(local);
        if (instants.count == 2 && watermark < instants.second)
            return m_zone->localOf(instants.transition) - 1;
        return local;
    }

private:
    TimeZonePtr m_zone; ///< null: nothing to do
};

} // namespace weir::window
