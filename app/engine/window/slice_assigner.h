// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace weir::window {

/// A window [start, end), milliseconds.
struct WindowBounds
{
    std::int64_t start = 0;
    std::int64_t end = 0;
};

/// Time to slice. Slices are named by their end. TUMBLE: a window is one slice, [start, end) with
/// start = ts - floorMod(ts - offset, size).
class SliceAssigner
{
public:
    static SliceAssigner tumble(std::int64_t sizeMs, std::int64_t offsetMs);

    /// The slice that holds `millis`. Times at the edge of 64 bits are cut to it instead of wrapping.
    WindowBounds sliceOf(std::int64_t millis) const;
    /// The last window that contains a slice: rows of a slice are late when this one has fired.
    std::int64_t lastWindowEnd(std::int64_t sliceEnd) const { return sliceEnd; }
    /// The window that a fired slice closes.
    WindowBounds windowOf(std::int64_t sliceEnd) const { return {sliceEnd - m_size, sliceEnd}; }
    std::int64_t size() const { return m_size; }

private:
    SliceAssigner(std::int64_t size, std::int64_t offset) : m_size(size), m_offset(offset) { }

    std::int64_t m_size;
    std::int64_t m_offset;
};

/// A window fires when the watermark reaches its last millisecond.
inline bool hasFired(std::int64_t windowEnd, std::int64_t watermark)
{
    return windowEnd != INT64_MIN && watermark >= windowEnd - 1;
}

} // namespace weir::window
