// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/scroll_span.h"

#include <algorithm>

namespace weir::tables {

namespace {

// Products of a row distance and a bar value pass 2^63, and 128-bit integers are no standard C++: whole parts and
// remainders are scaled apart. Exact for distances below 2^62 and factors below 2^31.
qint64 scaled(qint64 distance, qint64 factor, qint64 divisor)
{
    const qint64 whole = distance / divisor;
    const qint64 rest = distance % divisor;
    const double part = static_cast<double>(rest) / static_cast<double>(divisor) * static_cast<double>(factor);
    return whole * factor + static_cast<qint64>(part);
}

} // namespace

int ScrollSpan::barMaximum() const
{
    return static_cast<int>(std::min(last - first, barLimit));
}

int ScrollSpan::toBar(qint64 top) const
{
    const qint64 rows = last - first;
    const qint64 distance = std::clamp(top - first, qint64(0), rows);
    if (rows <= barLimit)
        return static_cast<int>(distance);
    return static_cast<int>(std::min(scaled(distance, barLimit, rows), barLimit));
}

qint64 ScrollSpan::toTop(int bar) const
{
    const qint64 rows = last - first;
    const qint64 value = std::clamp(qint64(bar), qint64(0), qint64(barMaximum()));
    if (rows <= barLimit)
        return first + value;
    // The last unit is the end itself, so that the newest row can be reached by dragging.
    return value == barLimit
        ? last
        : first + std::min(rows / barLimit * value + scaled(value, rows % barLimit, barLimit), rows);
}

} // namespace weir::tables
