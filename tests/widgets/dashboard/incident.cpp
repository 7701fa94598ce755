// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/dashboard/incident.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace weir::test {

using namespace plots;
using style::State;

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t incident = incidentEnd - 4 * minute - 40'000;
constexpr Span range{incidentEnd - 15 * minute, incidentEnd};

std::vector<Sample> noisy(std::int64_t step, unsigned seed, double (*level)(std::int64_t), double noise)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0, noise);
    std::vector<Sample> result;
    for (std::int64_t t = range.beginMs; t < range.endMs; t += step)
        result.push_back({t, std::max(0.0, level(t) + normal(random))});
    return result;
}

double growingLag(std::int64_t t)
{
    return t < incident ? 300 : 300 + double(t - incident) / 1000 * 614;
}

} // namespace

PlotData throughput()
{
    PlotData data;
    data.range = range;
    data.unit = Unit::Rate;
    data.binMs = 2000;
    data.series = {{"orders",
                       noisy(
                           2000, 1, [](std::int64_t) { return 1842.0; }, 60)},
        {"payments",
            noisy(
                2000, 2, [](std::int64_t t) { return t < incident ? 1790.0 : 1660.0; }, 60)},
        {"shipments",
            noisy(
                2000, 3, [](std::int64_t t) { return t < incident ? 1780.0 : 1230.0; }, 50)},
        {"payments.dlq",
            noisy(
                2000, 4, [](std::int64_t t) { return t < incident ? 3.0 : 46.0; }, 4)}};
    return data;
}

PlotData consumerLag()
{
    PlotData data;
    data.range = range;
    data.binMs = 10'000;
    data.series = {{"fulfilment", noisy(10'000, 5, growingLag, 20)},
        {"fraud-scoring",
            noisy(
                10'000, 6, [](std::int64_t) { return 1000.0; }, 300)},
        {"billing",
            noisy(
                10'000, 7, [](std::int64_t) { return 210.0; }, 60)},
        {"search-index",
            noisy(
                10'000, 8, [](std::int64_t) { return 0.0; }, 0)}};
    data.series[0].extra = "4 min 37 s";
    data.series[0].extraAlarming = true;
    for (std::size_t i = 1; i < 4; ++i)
        data.series[i].extra = "0.6 s";
    data.extraHeader = "behind by";
    data.threshold = Threshold{100'000, "Alert: above 100,000 for 30 s"};
    data.alertSinceMs = incident + 197'000;
    data.states = {{State::Alert, "Firing since 14:11:17: fulfilment lag 170,338, growing by 614/s"}};
    return data;
}

HeatMapData latency()
{
    HeatMapData data;
    data.range = range;
    data.columnMs = 10'000;
    data.bucketBounds = logBounds(1, 1 << 20, 64);
    std::mt19937 random(9);
    for (std::int64_t t = range.beginMs; t < range.endMs; t += data.columnMs) {
        const bool slow = t >= incident;
        HeatMapColumn column{
            t, std::vector<std::uint32_t>(64), slow ? 46.0 : 34, slow ? 3640.0 : 72, slow ? 4750.0 : 180};
        std::lognormal_distribution<double> usual(std::log(34), 0.6), late(std::log(3500), 0.25);
        for (int i = 0; i < 9000; ++i) {
            const double ms = slow && i % 9 == 0 ? late(random) : usual(random);
            const double bucket = std::log2(std::max(1.0, ms)) / 20 * 64;
            ++column.counts[std::min<std::size_t>(63, std::size_t(bucket))];
        }
        data.columns.push_back(std::move(column));
    }
    data.states = {{State::Incomplete, "37 of 1.49 M records had no created_at"}};
    return data;
}

PlotData revenue()
{
    PlotData data;
    const std::array<const char*, 5> regions = {"EU-W", "EU-N", "US-E", "EU-S", "APAC"};
    const std::array<double, 5> levels = {1.95e6, 1.35e6, 1.1e6, 0.75e6, 0.5e6};
    data.range = range;
    data.kind = Kind::Bars;
    data.unit = Unit::Decimal;
    data.decimals = 2;
    data.binMs = minute;
    const std::int64_t open = range.endMs / minute * minute;
    std::mt19937 random(10);
    std::uniform_real_distribution<double> wobble(0.95, 1.05);
    for (std::size_t i = 0; i < regions.size(); ++i) {
        PlotSeries series{regions[i], {}};
        for (std::int64_t t = open - 14 * minute; t <= open; t += minute)
            series.samples.push_back(
                {t, levels[i] * wobble(random) * (t >= incident ? 0.7 : 1) * (t == open ? 0.6 : 1)});
        data.series.push_back(std::move(series));
    }
    data.provisionalFromMs = open;
    data.cursorHeader = "window at cursor";
    data.states = {{State::Provisional, "window 14:12 is open, watermark 14:12:35.902, 24.1 s to go"}};
    return data;
}

PlotData revenueLines()
{
    PlotData data = revenue();
    data.kind = Kind::Step;
    data.range.endMs = *data.provisionalFromMs + minute;
    return data;
}

PlotData staleSkew()
{
    PlotData data = throughput();
    data.stale = true;
    data.series.resize(2);
    for (PlotSeries& series : data.series)
        series.samples.resize(series.samples.size() * 3 / 4);
    data.noData = {{data.series[0].samples.back().timeMs + data.binMs, range.endMs}};
    data.states = {{State::Stale, "No data for 2 min 49 s: staging is disconnected"}};
    return data;
}

HistogramData histogram()
{
    HistogramData data;
    data.range = {incidentEnd - 30 * minute, incidentEnd};
    data.binMs = 5000;
    std::mt19937 random(11);
    std::normal_distribution<double> normal(0, 250);
    for (std::int64_t t = data.range.beginMs; t < data.range.endMs; t += data.binMs) {
        const double wave = 9300 + 700 * std::sin(double(t - data.range.beginMs) / 2e5);
        data.all.push_back({t, wave + normal(random)});
        data.matching.push_back(
            {t, t < incident ? 40 : std::min(3000.0, 600 + double(t - incident) / 30) + normal(random)});
    }
    data.filtered = true;
    data.failures = {incident + 30'000, incident + 180'000, data.range.beginMs + 17 * minute};
    data.fillingFromMs = data.range.endMs - data.binMs;
    return data;
}

} // namespace weir::test
