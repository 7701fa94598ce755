// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/slice_assigner.h"

#include "app/engine/event/value_types.h"

#include <algorithm>
#include <cassert>

namespace weir::window {

SliceAssigner SliceAssigner::tumble(std::int64_t sizeMs, std::int64_t offsetMs)
{
    assert(sizeMs > 0);
    return {SliceKind::Tumble, sizeMs, sizeMs, offsetMs};
}

SliceAssigner SliceAssigner::hop(std::int64_t sizeMs, std::int64_t stepMs, std::int64_t offsetMs)
{
    assert(stepMs > 0 && sizeMs % stepMs == 0);
    return {SliceKind::Hop, sizeMs, stepMs, offsetMs};
}

SliceAssigner SliceAssigner::cumulate(std::int64_t sizeMs, std::int64_t stepMs, std::int64_t offsetMs, bool onlyUpdated)
{
    assert(stepMs > 0 && sizeMs % stepMs == 0);
    SliceAssigner slices(SliceKind::Cumulate, sizeMs, stepMs, offsetMs);
    slices.m_onlyUpdated = onlyUpdated;
    return slices;
}

/// The interval of `length` that holds `millis`, on the grid that begins at the offset.
WindowBounds SliceAssigner::boundsOf(std::int64_t millis, std::int64_t length) const
{
    const Int128 time = millis;
    Int128 rest = (time - m_offset) % length;
    if (rest < 0)
        rest += length;
    const Int128 lowest = INT64_MIN;
    const Int128 highest = INT64_MAX;
    const Int128 start = time - rest;
    return {static_cast<std::int64_t>(std::clamp(start, lowest, highest - length)),
        static_cast<std::int64_t>(std::clamp(start + length, lowest + length, highest))};
}

WindowBounds SliceAssigner::sliceOf(std::int64_t millis) const
{
    return boundsOf(millis, m_step);
}

std::int64_t SliceAssigner::lastWindowEnd(std::int64_t sliceEnd) const
{
    if (m_kind == SliceKind::Tumble)
        return sliceEnd;
    if (m_kind == SliceKind::Cumulate)
        return boundsOf(sliceEnd - 1, m_size).end;
    const std::int64_t more = m_size - m_step;
    return sliceEnd > INT64_MAX - more ? INT64_MAX : sliceEnd + more;
}

WindowBounds SliceAssigner::windowOf(std::int64_t windowEnd) const
{
    if (m_kind == SliceKind::Cumulate)
        return {boundsOf(windowEnd - 1, m_size).start, windowEnd};
    return {windowEnd - m_size, windowEnd};
}

} // namespace weir::window
