// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/slice_assigner.h"

#include "app/engine/event/value_types.h"

#include <algorithm>
#include <cassert>

namespace weir::window {

SliceAssigner SliceAssigner::tumble(std::int64_t sizeMs, std::int64_t offsetMs)
{
    assert(sizeMs > 0);
    return {sizeMs, offsetMs};
}

WindowBounds SliceAssigner::sliceOf(std::int64_t millis) const
{
    const Int128 time = millis;
    Int128 rest = (time - m_offset) % m_size;
    if (rest < 0)
        rest += m_size;
    const Int128 lowest = INT64_MIN;
    const Int128 highest = INT64_MAX;
    const Int128 start = time - rest;
    return {static_cast<std::int64_t>(std::clamp(start, lowest, highest - m_size)),
        static_cast<std::int64_t>(std::clamp(start + m_size, lowest + m_size, highest))};
}

} // namespace weir::window
