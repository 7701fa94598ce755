// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/heat_map_image.h"

#include "widgets/style/theme.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace weir::plots {
namespace {

std::array<QRgb, 256> colorTable()
{
    const auto& stops = style::Theme::current().color.plot.heatmap;
    std::array<QRgb, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        // From the first stop on: stop 0 is the well and belongs to "no records".
        const double at = 1 + double(i) / double(table.size() - 1) * double(stops.size() - 2);
        const auto low = std::min(std::size_t(at), stops.size() - 2);
        table[i] = style::Theme::blend(stops[low], stops[low + 1], at - double(low)).rgb();
    }
    return table;
}

std::size_t shade(std::uint32_t records, std::uint32_t largest)
{
    if (largest <= 1)
        return 255;
    // A little above 1, so that the ridge stands out of its slopes; the scale strip is drawn by the same rule.
    constexpr double contrast = 1.6;
    const double share = std::log(records) / std::log(largest);
    return std::min<std::size_t>(255, std::size_t(std::lround(255 * std::pow(share, contrast))));
}

bool isShown(const HeatMapColumn& column, const HeatMapData& data, Span shown)
{
    return column.timeMs + data.columnMs > shown.beginMs && column.timeMs < shown.endMs;
}

} // namespace

QColor heatColor(std::uint32_t records, std::uint32_t largest)
{
    if (records == 0)
        return style::Theme::current().color.plot.heatmap.front();
    return QColor(colorTable()[shade(records, largest)]);
}

HeatMapImage heatMapImage(const HeatMapData& data, Span shown)
{
    HeatMapImage result;
    if (data.bucketBounds.size() < 2 || data.columnMs <= 0 || shown.length() <= 0)
        return result;
    std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
    for (const HeatMapColumn& column : data.columns) {
        if (!isShown(column, data, shown))
            continue;
        first = std::min(first, column.timeMs);
        last = std::max(last, column.timeMs);
        for (const std::uint32_t count : column.counts)
            result.largest = std::max(result.largest, count);
    }
    constexpr std::int64_t widest = 8192;
    if (first > last || (last - first) / data.columnMs >= widest)
        return result;
    const int rows = int(data.bucketBounds.size()) - 1;
    result.begin = first;
    result.image = QImage(int((last - first) / data.columnMs) + 1, rows, QImage::Format_ARGB32_Premultiplied);
    result.image.fill(Qt::transparent);
    const std::array<QRgb, 256> table = colorTable();
    for (const HeatMapColumn& column : data.columns) {
        if (!isShown(column, data, shown))
            continue;
        const int x = int((column.timeMs - first) / data.columnMs);
        for (int row = 0; row < std::min(rows, int(column.counts.size())); ++row) {
            if (const std::uint32_t count = column.counts[std::size_t(row)]; count > 0)
                result.image.setPixel(x, rows - 1 - row, table[shade(count, result.largest)]);
        }
    }
    return result;
}

} // namespace weir::plots
