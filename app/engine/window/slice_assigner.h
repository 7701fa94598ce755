// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace weir::window {

/// A window [start, end), milliseconds.
struct WindowBounds
{
    std::int64_t start = 0;
    std::int64_t end = 0;

    bool holds(std::int64_t millis) const { return millis >= start && millis < end; }
};

enum class SliceKind : std::uint8_t { Tumble, Hop, Cumulate };

/// Time to slice, and slices to windows. Slices and windows are named by their ends, on one grid: a slice has
/// the length of TUMBLE's size, HOP's slide, CUMULATE's step. A row belongs to one slice, a slice to the windows that
/// end with it or later, up to lastWindowEnd(). Times at the edge of 64 bits are cut to it instead of wrapping.
class SliceAssigner
{
public:
    static SliceAssigner tumble(std::int64_t sizeMs, std::int64_t offsetMs);
    /// `stepMs` divides `sizeMs`. `onlyUpdated`: windows show only keys that had rows in their last slice.
    static SliceAssigner hop(std::int64_t sizeMs, std::int64_t stepMs, std::int64_t offsetMs);
    static SliceAssigner cumulate(
        std::int64_t sizeMs, std::int64_t stepMs, std::int64_t offsetMs, bool onlyUpdated = false);

    /// The slice that holds `millis`.
    WindowBounds sliceOf(std::int64_t millis) const;
    /// The last window that contains a slice: rows of a slice are late when this one has fired.
    std::int64_t lastWindowEnd(std::int64_t sliceEnd) const;
    /// The window that a fired slice closes.
    WindowBounds windowOf(std::int64_t windowEnd) const;
    SliceKind kind() const { return m_kind; }
    bool onlyUpdated() const { return m_onlyUpdated; }
    std::int64_t size() const { return m_size; }
    std::int64_t step() const { return m_step; } ///< from one slice or window end to the next

private:
    SliceAssigner(SliceKind kind, std::int64_t size, std::int64_t step, std::int64_t offset)
        : m_size(size), m_step(step), m_offset(offset), m_kind(kind)
    { }

    WindowBounds boundsOf(std::int64_t millis, std::int64_t length) const;

    std::int64_t m_size;
    std::int64_t m_step;
    std::int64_t m_offset;
    SliceKind m_kind;
    bool m_onlyUpdated = false;
};

/// A window fires when the watermark reaches its last millisecond.
inline bool hasFired(std::int64_t windowEnd, std::int64_t watermark)
{
    return windowEnd != INT64_MIN && watermark >= windowEnd - 1;
}

} // namespace weir::window
