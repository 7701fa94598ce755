// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/operator.h"
#include "app/engine/window/slice_assigner.h"
#include "app/engine/window/window_zone.h"

namespace weir::window {

/// A window table function on its own: a row for each window that holds it, with window_start, window_end and
/// window_time behind its columns. Keeps nothing.
class WindowRows final : public Operator
{
public:
    WindowRows(const SliceAssigner& slices, std::size_t timeColumn, WindowZone zone)
        : m_slices(slices), m_timeColumn(timeColumn), m_zone(std::move(zone))
    { }

    void process(std::size_t port, const InputRows& in, OutputRows& out) override;
    std::size_t memoryBytes() const override { return sizeof(*this); }
    std::size_t groupCount() const override { return 0; }
    std::vector<KeyUse> largestKeys(std::size_t) const override { return {}; }

private:
    SliceAssigner m_slices;
    std::size_t m_timeColumn;
    WindowZone m_zone;
};

} // namespace weir::window
