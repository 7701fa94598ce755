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
    std::size_t binsPerLevel = 8192; ///< older bins leave the finest levels first
};

/// Values over time as a pyramid of bins. One writer; snapshot() from any thread.
class Series
{
public:
    explicit Series(SeriesOptions options = {});
    void add(EpochMs time, double value);
    /// Publishes what was added since; cheap when nothing was.
    SeriesSnapshotPtr snapshot();
    std::size_t memoryBytes() const;

private:
    SeriesOptions m_options;
    mutable std::mutex m_mutex;
    SeriesSnapshot m_current;
    SeriesSnapshotPtr m_published;
};

} // namespace weir
