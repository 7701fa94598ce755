// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/format.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <cmath>

namespace weir::format {
namespace {

const QChar minus(0x2212);
const QString unknown(QChar(0x2013));

QString groupDigits(const QString& digits)
{
    QString result;
    for (qsizetype i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            result += ',';
        result += digits[i];
    }
    return result;
}

/// One decimal below 10 unless that decimal is a zero that says nothing, none above.
QString short1(double value)
{
    if (value < 9.95 && value != std::floor(value))
        return QString::number(value, 'f', 1);
    return groupDigits(QString::number(value, 'f', 0));
}

QString two(std::int64_t value)
{
    return QString::number(value).rightJustified(2, '0');
}

QDateTime utc(std::int64_t epochMs)
{
    return QDateTime::fromMSecsSinceEpoch(epochMs, QTimeZone::utc());
}

struct DurationWords
{
    const char *ms, *s, *min, *h, *d, *gap;
};

QString longDuration(std::int64_t totalSeconds, const DurationWords& w)
{
    constexpr std::int64_t minute = 60, hour = 3600, day = 86400;
    if (totalSeconds < hour)
        return QString::number(totalSeconds / minute) + w.min + w.gap + two(totalSeconds % minute) + w.s;
    if (totalSeconds < day)
        return QString::number(totalSeconds / hour) + w.h + w.gap + two(totalSeconds % hour / minute) + w.min;
    return groupDigits(QString::number(totalSeconds / day)) + w.d + w.gap + QString::number(totalSeconds % day / hour)
        + w.h;
}

QString signedDuration(double ms, QString (*positive)(double))
{
    if (!std::isfinite(ms))
        return unknown;
    return ms < 0 ? minus + positive(-ms) : positive(ms);
}

QString positiveDuration(double ms)
{
    if (ms > 0 && ms < 0.95)
        return QString::number(ms, 'f', 1) + " ms";
    if (ms < 999.5)
        return QString::number(ms, 'f', 0) + " ms";
    if (ms < 9995)
        return QString::number(ms / 1000, 'f', 2) + " s";
    if (ms < 59950)
        return QString::number(ms / 1000, 'f', 1) + " s";
    return longDuration(std::llround(ms / 1000), {" ms", " s", " min", " h", " d", " "});
}

QString positiveShort(double ms)
{
    if (ms < 59950)
        return QString::number(ms / 1000, 'f', 1) + " s";
    return longDuration(std::llround(ms / 1000), {"ms", "s", "m", "h", "d", " "});
}

} // namespace

QString grouped(std::int64_t number)
{
    const QString digits = QString::number(number);
    return number < 0 ? minus + groupDigits(digits.mid(1)) : groupDigits(digits);
}

QString grouped(double number, int decimals)
{
    if (!std::isfinite(number))
        return unknown;
    const QString text = QString::number(std::fabs(number), 'f', decimals);
    const qsizetype point = text.indexOf('.');
    const QString whole = groupDigits(point < 0 ? text : text.left(point));
    const bool zero = text.count('0') + text.count('.') == text.size();
    return (number < 0 && !zero ? QString(minus) : QString()) + whole + (point < 0 ? QString() : text.mid(point));
}

QString compact(double number)
{
    if (!std::isfinite(number))
        return unknown;
    const double size = std::fabs(number);
    const QString sign = number < 0 ? QString(minus) : QString();
    if (size < 999.5)
        return sign + short1(size);
    constexpr std::array<const char*, 4> units = {" k", " M", " G", " T"};
    double scaled = size / 1000;
    std::size_t unit = 0;
    for (; unit + 1 < units.size() && scaled >= 999.5; ++unit)
        scaled /= 1000;
    return sign + (scaled < 99.95 ? QString::number(scaled, 'f', 1) : groupDigits(QString::number(scaled, 'f', 0)))
        + units[unit];
}

QString bytes(double count)
{
    if (!std::isfinite(count))
        return unknown;
    constexpr std::array<const char*, 6> units = {" B", " KiB", " MiB", " GiB", " TiB", " PiB"};
    double scaled = std::fabs(count);
    std::size_t unit = 0;
    for (; unit + 1 < units.size() && scaled >= 1023.5; ++unit)
        scaled /= 1024;
    const QString sign = count < 0 ? QString(minus) : QString();
    const int decimals = unit > 0 && scaled < 9.95 ? 1 : 0;
    return sign + groupDigits(QString::number(scaled, 'f', decimals).section('.', 0, 0))
        + (decimals > 0 ? "." + QString::number(scaled, 'f', decimals).section('.', 1) : QString()) + units[unit];
}

QString rate(double perSecond)
{
    return std::isfinite(perSecond) ? (perSecond < 0 ? QString(minus) : QString()) + short1(std::fabs(perSecond)) + "/s"
                                    : unknown;
}

QString duration(double milliseconds)
{
    return signedDuration(milliseconds, positiveDuration);
}

QString durationShort(double milliseconds)
{
    return signedDuration(milliseconds, positiveShort);
}

QString percent(double fraction, int decimals)
{
    return std::isfinite(fraction) ? grouped(fraction * 100, decimals) + " %" : unknown;
}

QString time(std::int64_t epochMs)
{
    return utc(epochMs).toString("HH:mm:ss.zzz");
}

QString timeSeconds(std::int64_t epochMs)
{
    return utc(epochMs).toString("HH:mm:ss");
}

QString dateTime(std::int64_t epochMs)
{
    return utc(epochMs).toString("yyyy-MM-dd HH:mm:ss.zzz");
}

QString isoTime(std::int64_t epochMs)
{
    return utc(epochMs).toString("yyyy-MM-dd'T'HH:mm:ss.zzz'Z'");
}

QString timeTick(std::int64_t epochMs, std::int64_t spanMs)
{
    if (spanMs < 2'000)
        return utc(epochMs).toString("ss.zzz");
    if (spanMs < 120'000)
        return utc(epochMs).toString("HH:mm:ss");
    return utc(epochMs).toString(spanMs < 2 * 86'400'000LL ? "HH:mm" : "MM-dd HH:mm");
}

QString axisTick(double value, double largest)
{
    const double scale = std::fabs(largest);
    for (const auto& [unit, name] : {std::pair{1e9, " G"}, std::pair{1e6, " M"}}) {
        if (scale >= unit && value != 0)
            return grouped(value / unit, std::fmod(std::fabs(value), unit) < unit / 1000 ? 0 : 1) + name;
    }
    if (value == 0)
        return "0";
    const int decimals = scale >= 10 || value == std::floor(value) ? 0 : scale >= 0.5 ? 1 : scale >= 0.05 ? 2 : 3;
    return grouped(value, decimals);
}

double niceStep(double span, int maxTicks)
{
    const double raw = span / std::max(1, maxTicks);
    if (!(raw > 0) || !std::isfinite(raw))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        // 2.5 only where it stays a whole number: 250, 25,000.
        if (factor == 2.5 && power < 100)
            continue;
        if (raw <= factor * power * (1 + 1e-9))
            return factor * power;
    }
    return 10 * power;
}

std::int64_t niceTimeStep(std::int64_t spanMs, int maxTicks)
{
    constexpr std::int64_t s = 1000, min = 60 * s, h = 60 * min, d = 24 * h;
    constexpr std::array steps = {std::int64_t{1}, std::int64_t{2}, std::int64_t{5}, std::int64_t{10}, std::int64_t{20},
        std::int64_t{50}, std::int64_t{100}, std::int64_t{200}, std::int64_t{500}, s, 2 * s, 5 * s, 10 * s, 15 * s,
        30 * s, min, 2 * min, 3 * min, 5 * min, 10 * min, 15 * min, 30 * min, h, 2 * h, 3 * h, 6 * h, 12 * h, d, 2 * d,
        7 * d, 14 * d, 30 * d};
    // Not finer than what timeTick() writes, or neighbours would have the same label.
    const std::int64_t finest = spanMs < 2 * s ? 1 : spanMs < 2 * min ? s : min;
    for (const std::int64_t step : steps) {
        if (step >= finest && spanMs <= step * std::max(1, maxTicks))
            return step;
    }
    return (spanMs / std::max(1, maxTicks) / (30 * d) + 1) * 30 * d;
}

} // namespace weir::format
