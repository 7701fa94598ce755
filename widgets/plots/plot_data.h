// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/state_look.h"

#include <QString>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

/// What plots are fed with. Plain values; times are epoch ms, UTC.
namespace weir::plots {

/// One point. A NaN value breaks the line.
struct Sample
{
    std::int64_t timeMs = 0;
    double value = std::numeric_limits<double>::quiet_NaN();
};

struct Span
{
    std::int64_t beginMs = 0;
    std::int64_t endMs = 0; ///< exclusive
    std::int64_t length() const { return endMs - beginMs; }
    bool contains(std::int64_t t) const { return t >= beginMs && t < endMs; }
    friend bool operator==(const Span&, const Span&) = default;
};

enum class Kind {
    Line,
    Step, ///< value holds from its time to the next sample
    Bars ///< one bar per sample, PlotData::binMs wide; several series stack in order, the first at the bottom
};

/// How values are written in axis labels and legends.
enum class Unit { Count, Rate, Milliseconds, Bytes, Percent, Decimal };

struct PlotSeries
{
    QString name;
    std::vector<Sample> samples = {}; ///< by time, ascending
    int look = -1; ///< index into the series colours; -1: its place in the list. Keep it while the panel lives
    bool selected = false;
    QString extra = {}; ///< text of the extra legend column, e.g. "4 min 37 s"
    bool extraAlarming = false; ///< shown in state.error
};

struct Threshold
{
    double value = 0;
    QString label; ///< "Alert: above 100,000 for 30 s"
};

/// One whole picture of a TimePlot. Setting it again each frame is cheap: nothing is drawn before refresh().
struct PlotData
{
    Span range; ///< the time shown unless the user zoomed
    Kind kind = Kind::Line;
    Unit unit = Unit::Count;
    int decimals = 0; ///< of legend values, for Unit::Decimal
    std::int64_t binMs = 1000; ///< width of a bin: bars, cursor steps, gaps
    std::vector<PlotSeries> series;
    std::optional<Threshold> threshold;
    std::optional<std::int64_t> alertSinceMs; ///< tinted band from here to the end
    std::optional<std::int64_t> provisionalFromMs; ///< from here on values can still change
    std::vector<Span> noData; ///< hatched: the source told nothing
    bool paused = false; ///< pens become 1.5 px, antialiased
    bool stale = false; ///< drawn in stale grey; values kept
    bool legend = true;
    QString cursorHeader; ///< legend head over values at the cursor; empty: "at cursor"
    QString nowHeader; ///< empty: "now", or "open window" when provisional
    QString extraHeader; ///< empty: no extra column
    std::vector<style::StateLine> states; ///< in any order; shown worst first
};

/// Counts per column of time and log-spaced bucket of latency.
struct HeatMapColumn
{
    std::int64_t timeMs = 0;
    std::vector<std::uint32_t> counts; ///< as many as HeatMapData::bucketBounds.size() - 1
    double p50 = std::numeric_limits<double>::quiet_NaN(); ///< ms
    double p95 = std::numeric_limits<double>::quiet_NaN();
    double p99 = std::numeric_limits<double>::quiet_NaN();
};

struct HeatMapData
{
    Span range;
    std::int64_t columnMs = 1000;
    std::vector<double> bucketBounds; ///< ms, ascending, log-spaced; see logBounds()
    std::vector<HeatMapColumn> columns; ///< by time; missing columns are empty
    double lowestMs = 2; ///< lower end of the axis
    double highestMs = 0; ///< upper end; 0: from the data, at least 10 s
    bool stale = false;
    QString cursorHeader;
    QString nowHeader;
    std::vector<style::StateLine> states;
};

/// `count` + 1 bounds, each the same factor above the one before.
std::vector<double> logBounds(double lowest, double highest, int count);

/// At most four samples per pixel column of `range`: first, lowest, highest and last, in order of time. Gaps (NaN) stay
/// gaps; samples just outside are kept so that lines leave the picture. `drawn` and `read` tell what the state line
/// says.
struct Reduced
{
    std::vector<Sample> samples;
    std::size_t read = 0;
    bool reduced = false;
};
Reduced reduceMinMax(const std::vector<Sample>& samples, Span range, int pixels);

} // namespace weir::plots
