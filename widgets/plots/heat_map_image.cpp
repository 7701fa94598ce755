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

/// `share` 0…1 of the log scale as an index into the colour table.
std::size_t shade(double share)
{
    // A little above 1, so that the ridge stands out of its slopes.
    constexpr double contrast = 1.6;
    return std::min<std::size_t>(255, std::size_t(std::lround(255 * std::pow(share, contrast))));
}

/// Colours by records of a cell. Most cells hold few records: their logarithms are taken once.
class CellColors
{
public:
    explicit CellColors(std::uint32_t largest) : m_largest(largest), m_table(colorTable())
    {
        for (std::size_t i = 1; i < m_small.size(); ++i)
            m_small[i] = compute(std::uint32_t(i));
    }
    QRgb of(std::uint32_t records) const { return records < m_small.size() ? m_small[records] : compute(records); }

private:
    QRgb compute(std::uint32_t records) const
    {
        if (m_largest <= 1)
            return m_table.back();
        return m_table[shade(std::min(1.0, std::log(records) / std::log(m_largest)))];
    }

    std::uint32_t m_largest;
    std::array<QRgb, 256> m_table;
    std::array<QRgb, 1024> m_small{};
};

bool isShown(const HeatMapColumn& column, const HeatMapData& data, Span shown)
{
    return column.timeMs + data.columnMs > shown.beginMs && column.timeMs < shown.endMs;
}

} // namespace

std::vector<QColor> heatScale(int steps)
{
    const std::array<QRgb, 256> table = colorTable();
    std::vector<QColor> colors;
    for (int i = 0; i < steps; ++i)
        colors.emplace_back(table[shade(double(i) / std::max(1, steps - 1))]);
    return colors;
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
    const CellColors colors(result.largest);
    for (const HeatMapColumn& column : data.columns) {
        if (!isShown(column, data, shown))
            continue;
        const int x = int((column.timeMs - first) / data.columnMs);
        for (int row = 0; row < std::min(rows, int(column.counts.size())); ++row) {
            if (const std::uint32_t count = column.counts[std::size_t(row)]; count > 0)
                result.image.setPixel(x, rows - 1 - row, colors.of(count));
        }
    }
    return result;
}

} // namespace weir::plots
