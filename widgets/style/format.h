// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

/// Numbers, sizes, durations and times as the whole window writes them. Minus is U+2212. Times are epoch ms, UTC.
namespace weir::format {

/// "148,812". Exact.
QString grouped(std::int64_t number);
/// "353,374.70": grouped, with so many decimals. NaN and infinities are "–".
QString grouped(double number, int decimals);
/// "18.2 M", "4.8 k", "912". Rounded, says so by its unit.
QString compact(double number);
/// Binary: "83 B", "5.3 MiB", "412 GiB"; one decimal below 10 from KiB on.
QString bytes(double count);
/// "1,842/s"; one decimal below 10 unless whole: "0.4/s".
QString rate(double perSecond);
/// "46 ms", "3.64 s", "24.1 s", "4 min 02 s", "21 h 12 min", "6 d 23 h". Two units at most.
QString duration(double milliseconds);
/// For narrow columns: "46ms", "0.6 s", "4m 02s", "21h 12m", "6d 23h".
QString durationShort(double milliseconds);
/// "7.5 %" of a fraction of 1. `decimals` 1 by default.
QString percent(double fraction, int decimals = 1);

/// "14:12:03.118"
QString time(std::int64_t epochMs);
/// "14:12:03"
QString timeSeconds(std::int64_t epochMs);
/// "2026-03-12 14:12:03.118"
QString dateTime(std::int64_t epochMs);
/// "2026-03-12T14:12:03.118Z": for the clipboard.
QString isoTime(std::int64_t epochMs);
/// Label of a time axis that shows `spanMs`: "14:09", seconds below 2 min, milliseconds below 2 s, days from 2 d on.
QString timeTick(std::int64_t epochMs, std::int64_t spanMs);
/// Label of a value axis whose largest label is `largest`: grouped below a million, then "2 M", "0.5 M".
QString axisTick(double value, double largest);

/// A distance between ticks that is round for people, so that at most `maxTicks` fall into `span`.
double niceStep(double span, int maxTicks);
/// The same for time, in ms: 1, 2, 5 ms … 1 s, 2 s, 5 s, 15 s, 30 s, 1 min, 3 min …; steps that timeTick() tells apart.
std::int64_t niceTimeStep(std::int64_t spanMs, int maxTicks);

} // namespace weir::format
