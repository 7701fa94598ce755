// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <vector>

namespace weir {

/// All values of one stretch of time. Empty bins have count 0 and are a gap in a curve.
struct Bin
{
    std::uint64_t count = 0;
    double sum = 0;
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();
    double first = 0;
    double last = 0;

    void add(double value);
    void merge(const Bin& later); ///< `later` lies behind this one in time
    bool operator==(const Bin&) const = default;
};

/// One level of a pyramid: bins of equal width, aligned to absolute time. Bin i covers
/// [origin + i * width, origin + (i + 1) * width).
struct SeriesLevel
{
    std::int64_t widthMs = 0;
    EpochMs origin = 0; ///< start of bins[0]; a multiple of widthMs
    std::vector<Bin> bins;

    EpochMs end() const { return origin + static_cast<std::int64_t>(bins.size()) * widthMs; }
};

/// An immutable state of a Series. Reading costs nothing but the pointer.
struct SeriesSnapshot
{
    std::uint64_t generation = 0;
    std::vector<SeriesLevel> levels; ///< finest first
    EpochMs newest = 0; ///< time of the newest value, 0 none

    /// The level that has at most one bin per pixel for `spanMs` over `pixels`, the coarsest if none has.
    const SeriesLevel& levelFor(std::int64_t spanMs, int pixels) const;
};

using SeriesSnapshotPtr = std::shared_ptr<const SeriesSnapshot>;

struct SeriesOptions
{
    std::int64_t finestWidthMs = 100;
    int levels = 5; ///< each eight times as wide as the one before
    std::size_t binsPerLevel = 8192; ///< older bins leave the finest levels first; at least 64
};

/// Values over time as a pyramid of bins. Writers take turns; snapshot() from any thread.
///
/// A bin of a coarser level equals its eight finer bins merged in order of time, to the last bit, as long as those are
/// kept; they leave together. A value older than a level reaches back goes to the finest level that reaches it, or
/// nowhere. Values that are not finite, and times beyond 2^60 ms, are ignored.
class Series
{
public:
    /// Between neighbouring levels. Eight costs a seventh more than the finest level alone.
    static constexpr std::int64_t fanOut = 8;

    explicit Series(SeriesOptions options = {});
    void add(EpochMs time, double value) { add(time, value, 1); }
    /// The same value `times` times at once.
    void add(EpochMs time, double value, std::uint64_t times);
    /// Publishes what was added since; cheap when nothing was.
    SeriesSnapshotPtr snapshot();
    std::size_t memoryBytes() const;

private:
    /// What a level must remember besides its bins.
    struct Bounds
    {
        EpochMs floor = std::numeric_limits<EpochMs>::min(); ///< bins before it left: never opened again
        EpochMs dirtyFrom = std::numeric_limits<EpochMs>::max(); ///< bins [from, to) not yet merged upwards
        EpochMs dirtyTo = std::numeric_limits<EpochMs>::min();
    };

    bool cover(std::size_t level, EpochMs time);
    bool coverEarlier(std::size_t level, EpochMs time);
    void evict(std::size_t level, EpochMs newEnd);
    std::int64_t alignment(std::size_t level) const;
    EpochMs alignDown(std::size_t level, EpochMs time) const;
    void mergeUpwards();
    void mergeInto(std::size_t coarse, EpochMs from, EpochMs to);

    SeriesOptions m_options;
    mutable std::mutex m_mutex;
    SeriesSnapshot m_current;
    std::vector<Bounds> m_bounds;
    bool m_empty = true;
    bool m_changed = false;
    SeriesSnapshotPtr m_published;
};

} // namespace weir
