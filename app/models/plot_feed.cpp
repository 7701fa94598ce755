// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/plot_feed.h"

#include "app/models/cell_text.h"

#include <QObject>

#include <algorithm>
#include <cmath>
#include <map>

namespace weir {

namespace {

constexpr int mostSeries = 10;

/// Window starts to values, by the text of the keys.
using ValuesByKey = std::map<QString, std::map<std::int64_t, double>>;

void collect(const ResultBatch& batch, const QueryPlotColumns& columns, ValuesByKey& values)
{
    if (batch.rowCount == 0)
        return; // before the first row there may be no columns either
    const Column& times = batch.columns[static_cast<std::size_t>(columns.time)];
    const Column& numbers = batch.columns[static_cast<std::size_t>(columns.value)];
    for (std::size_t row = 0; row < batch.rowCount; ++row) {
        const auto number = cellNumber(numbers, row);
        if (!number || times.isNull(row))
            continue;
        QString key;
        for (const int column : columns.keys) {
            key += key.isEmpty() ? QString() : QStringLiteral(" ");
            key += exactText(batch.columns[static_cast<std::size_t>(column)], row);
        }
        values[key][times.values<Timestamp>()[row].millis] += *number;
    }
}

/// The largest series by their sum; the rest together as "others (n)".
std::vector<std::pair<QString, std::map<std::int64_t, double>>> topSeries(ValuesByKey values)
{
    std::vector<std::pair<QString, std::map<std::int64_t, double>>> all(values.begin(), values.end());
    if (all.size() <= mostSeries)
        return all;
    const auto sum = [](const auto& series) {
        double total = 0;
        for (const auto& [time, value] : series.second)
            total += value;
        return total;
    };
    std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return sum(a) > sum(b); });
    std::map<std::int64_t, double> others;
    for (std::size_t i = mostSeries - 1; i < all.size(); ++i) {
        for (const auto& [time, value] : all[i].second)
            others[time] += value;
    }
    const std::size_t rest = all.size() - mostSeries + 1;
    all.resize(mostSeries - 1);
    all.emplace_back(QObject::tr("others (%1)").arg(rest), std::move(others));
    return all;
}

/// The distance of neighbouring windows, at least a second.
std::int64_t binOf(const ValuesByKey& values)
{
    std::int64_t width = 0;
    for (const auto& [key, series] : values) {
        std::int64_t last = -1;
        for (const auto& [time, value] : series) {
            if (last >= 0 && (width == 0 || time - last < width))
                width = time - last;
            last = time;
        }
    }
    return std::max<std::int64_t>(width, 1000);
}

} // namespace

std::vector<plots::Sample> samplesOf(const SeriesSnapshotPtr& series, plots::Span range, int pixels)
{
    std::vector<plots::Sample> samples;
    if (!series || series->levels.empty())
        return samples;
    const SeriesLevel& level = series->levelFor(range.length(), std::max(pixels, 1));
    bool gap = true;
    for (std::size_t i = 0; i < level.bins.size(); ++i) {
        const std::int64_t time = level.origin + static_cast<std::int64_t>(i) * level.widthMs;
        if (time + level.widthMs < range.beginMs || time > range.endMs)
            continue;
        const Bin& bin = level.bins[i];
        if (bin.count > 0) {
            samples.push_back({time, bin.sum / static_cast<double>(bin.count)});
            gap = false;
        } else if (!gap && samples.size() > 1 && time - samples.back().timeMs > 15'000) {
            samples.push_back({time, std::numeric_limits<double>::quiet_NaN()});
            gap = true; // polls come every few seconds: only a longer silence breaks the line
        }
    }
    return samples;
}

std::vector<plots::PlotSeries> largestOf(std::vector<plots::PlotSeries> series, std::size_t most)
{
    if (series.size() <= most)
        return series;
    const auto sum = [](const plots::PlotSeries& one) {
        double total = 0;
        for (const plots::Sample& sample : one.samples)
            total += std::isnan(sample.value) ? 0 : sample.value;
        return total;
    };
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < series.size(); ++i)
        order.emplace_back(-sum(series[i]), i);
    std::sort(order.begin(), order.end());
    std::map<std::int64_t, double> rest;
    std::vector<bool> chosen(series.size(), false);
    for (std::size_t place = 0; place < order.size(); ++place) {
        const std::size_t at = order[place].second;
        chosen[at] = place + 1 < most;
        if (chosen[at])
            continue;
        for (const plots::Sample& sample : series[at].samples)
            rest[sample.timeMs] += std::isnan(sample.value) ? 0 : sample.value;
    }
    std::vector<plots::PlotSeries> result;
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (chosen[i])
            result.push_back(std::move(series[i]));
    }
    plots::PlotSeries others{QObject::tr("others (%1)").arg(order.size() - most + 1)};
    for (const auto& [time, value] : rest)
        others.samples.push_back({time, value});
    result.push_back(std::move(others));
    return result;
}

plots::HeatMapData heatMapOf(const std::shared_ptr<const LatencySnapshot>& latency, plots::Span range)
{
    plots::HeatMapData data;
    data.range = range;
    data.bucketBounds = plots::logBounds(1, 1 << 20, LatencyDistribution::buckets);
    if (!latency)
        return data;
    data.columnMs = latency->columnMs;
    for (const LatencyColumn& column : latency->columns) {
        if (column.start + latency->columnMs < range.beginMs || column.start > range.endMs)
            continue;
        data.columns.push_back(
            {column.start, {column.counts.begin(), column.counts.end()}, column.p50, column.p95, column.p99});
    }
    return data;
}

plots::PlotData queryPlot(const QuerySnapshot& snapshot, const QueryPlotColumns& columns, plots::Kind kind)
{
    plots::PlotData data;
    data.kind = kind;
    data.unit = plots::Unit::Decimal;
    if (columns.value < 0)
        return data;
    ValuesByKey values;
    if (snapshot.rows)
        collect(*snapshot.rows, columns, values);
    std::int64_t finalEnd = std::numeric_limits<std::int64_t>::min();
    for (const auto& [key, series] : values)
        finalEnd = std::max(finalEnd, series.rbegin()->first);
    if (snapshot.provisional)
        collect(*snapshot.provisional, columns, values);
    data.binMs = binOf(values);
    for (auto& [name, series] : topSeries(values)) {
        plots::PlotSeries shown;
        shown.name = name.isEmpty() ? QObject::tr("all") : name;
        for (const auto& [time, value] : series)
            shown.samples.push_back({time, value});
        data.range.beginMs = data.range.beginMs == 0 ? shown.samples.front().timeMs
                                                     : std::min(data.range.beginMs, shown.samples.front().timeMs);
        data.range.endMs = std::max(data.range.endMs, shown.samples.back().timeMs + data.binMs);
        data.series.push_back(std::move(shown));
    }
    if (snapshot.provisional && snapshot.provisional->rowCount > 0)
        data.provisionalFromMs =
            finalEnd == std::numeric_limits<std::int64_t>::min() ? data.range.beginMs : finalEnd + data.binMs;
    return data;
}

} // namespace weir
