// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace weir::tables {

/// Maps up to 2^62 top rows onto a scroll bar, which counts in int. Up to a thousand million rows a bar unit is a row;
/// above, a unit is several rows and the exact top is kept by the table.
struct ScrollSpan
{
    qint64 first = 0; ///< lowest top row
    qint64 last = 0; ///< highest top row, not below first

    static constexpr qint64 barLimit = 1'000'000'000;

    int barMaximum() const;
    int toBar(qint64 top) const;
    /// Ends map to ends: 0 to first, barMaximum() to last.
    qint64 toTop(int bar) const;
};

} // namespace weir::tables
