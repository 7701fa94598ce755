// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/latency_report.h"

#include "app/cli/output.h"

#include <algorithm>
#include <cstdio>

namespace weir::cli {

namespace {

constexpr std::size_t bucketsPerRow = 4;
constexpr double barLength = 24;

std::string printed(const char* format, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

/// The first bucket holds everything below its neighbour.
double boundOf(std::size_t bucket)
{
    return bucket == 0 ? 0 : LatencyDistribution::lowerBound(bucket);
}

std::string twoUnits(long long larger, const char* largerUnit, long long smaller, const char* smallerUnit)
{
    char text[64];
    std::snprintf(text, sizeof text, "%lld %s %02lld %s", larger, largerUnit, smaller, smallerUnit);
    return text;
}

std::string barOf(std::uint64_t count, std::uint64_t most)
{
    std::string bar;
    const double length = barLength * static_cast<double>(count) / static_cast<double>(most);
    for (double i = 0; i < std::max(1.0, length); ++i)
        bar += "▪";
    return bar;
}

} // namespace

std::string durationText(double ms)
{
    if (ms < 10)
        return printed("%.1f ms", ms);
    if (ms < 999.5)
        return printed("%.0f ms", ms);
    if (ms < 59'995)
        return printed("%.2f s", ms / 1000);
    const auto seconds = static_cast<long long>(ms / 1000 + 0.5);
    if (seconds < 3600)
        return twoUnits(seconds / 60, "min", seconds % 60, "s");
    if (seconds < 86'400)
        return twoUnits(seconds / 3600, "h", seconds / 60 % 60, "min");
    return twoUnits(seconds / 86'400, "d", seconds / 3600 % 24, "h");
}

std::string latencyJson(const LatencyDistribution& latencies)
{
    std::string text = "\"latency_p50_ms\":" + printed("%.1f", latencies.quantile(0.50))
        + ",\"latency_p95_ms\":" + printed("%.1f", latencies.quantile(0.95))
        + ",\"latency_p99_ms\":" + printed("%.1f", latencies.quantile(0.99)) + ",\"latency_buckets\":[";
    const char* comma = "";
    for (std::size_t i = 0; i < LatencyDistribution::buckets; ++i) {
        if (latencies.bucketCounts()[i] == 0)
            continue;
        text += comma + ("{\"from_ms\":" + printed("%.3f", boundOf(i)))
            + ",\"records\":" + std::to_string(latencies.bucketCounts()[i]) + "}";
        comma = ",";
    }
    return text + "]";
}

std::vector<std::vector<std::string>> latencyRows(const LatencyDistribution& latencies)
{
    std::vector<std::vector<std::string>> rows{{"latency p50, p95, p99",
        durationText(latencies.quantile(0.50)) + ", " + durationText(latencies.quantile(0.95)) + ", "
            + durationText(latencies.quantile(0.99))}};
    constexpr std::size_t groups = LatencyDistribution::buckets / bucketsPerRow;
    std::vector<std::uint64_t> counts(groups, 0);
    for (std::size_t i = 0; i < LatencyDistribution::buckets; ++i)
        counts[i / bucketsPerRow] += latencies.bucketCounts()[i];
    const std::uint64_t most = *std::max_element(counts.begin(), counts.end());
    for (std::size_t i = 0; i < groups; ++i) {
        if (counts[i] > 0)
            rows.push_back({"  from " + durationText(boundOf(i * bucketsPerRow)),
                barOf(counts[i], most) + " " + grouped(static_cast<std::int64_t>(counts[i]))});
    }
    return rows;
}

} // namespace weir::cli
