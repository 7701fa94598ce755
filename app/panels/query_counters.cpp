// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/query_counters.h"

#include "widgets/style/format.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t mostPartitions = 40; ///< that a tool tip has room for

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

std::optional<style::Tint> warnIf(std::uint64_t number)
{
    return number > 0 ? std::optional(style::Tint::Warn) : std::nullopt;
}

dashboard::Counter phaseCounter(const QuerySnapshot& snapshot)
{
    switch (snapshot.phase) {
    case QueryPhase::Running:
        return {QObject::tr("State"), QObject::tr("Live"), {}, style::Tint::Ok, style::Icon::Dot};
    case QueryPhase::Finished:
        return {QObject::tr("State"), QObject::tr("Finished"), {}, style::Tint::Ok, style::Icon::Check};
    case QueryPhase::Stopped:
        return {QObject::tr("State"), QObject::tr("Stopped"), {}, style::Tint::Muted, style::Icon::Stop};
    case QueryPhase::Failed:
        break;
    }
    return {QObject::tr("State"), QObject::tr("Failed"), {}, style::Tint::Error, style::Icon::Error};
}

QString watermarkText(std::int64_t watermark)
{
    if (watermark == INT64_MAX)
        return QObject::tr("end of input");
    return watermark == INT64_MIN ? QObject::tr("none yet") : format::time(watermark);
}

QString lateSteps(const QueryCounters& counters)
{
    QStringList lines;
    for (const LateDropped& step : counters.lateBySteps)
        lines.append(QObject::tr("%1 by the %2").arg(count(step.rows), QString::fromStdString(step.step)));
    return lines.join(QLatin1Char('\n'));
}

QString partitionLines(const std::vector<PartitionWatermark>& partitions)
{
    QStringList lines;
    for (std::size_t i = 0; i < std::min(partitions.size(), mostPartitions); ++i) {
        const PartitionWatermark& one = partitions[i];
        const QString state = one.ended ? QObject::tr(", ended") : one.idle ? QObject::tr(", idle") : QString();
        lines.append(
            QString::fromStdString(one.partition.text()) + QStringLiteral("  ") + watermarkText(one.watermark) + state);
    }
    if (partitions.size() > mostPartitions)
        lines.append(QObject::tr("and %1 more").arg(partitions.size() - mostPartitions));
    return lines.join(QLatin1Char('\n'));
}

dashboard::Counter watermarkCounter(const QueryCounters& counters)
{
    const auto idle = static_cast<std::uint64_t>(std::count_if(counters.partitions.begin(), counters.partitions.end(),
        [](const PartitionWatermark& one) { return one.idle && !one.ended; }));
    const QString note =
        idle > 0 ? QObject::tr("%1 of %2 idle").arg(count(idle), count(counters.partitions.size())) : QString();
    return {
        QObject::tr("Watermark"), watermarkText(counters.watermark), note, {}, {}, partitionLines(counters.partitions)};
}

} // namespace

std::vector<dashboard::Counter> queryCounters(const QuerySnapshot& snapshot)
{
    const QueryCounters& c = snapshot.counters;
    const bool running = snapshot.phase == QueryPhase::Running;
    return {phaseCounter(snapshot),
        {QObject::tr("Rows in"), count(c.rowsIn), running ? format::rate(snapshot.rowsInPerSecond) : QString()},
        {QObject::tr("Decode errors"), count(c.decodeErrors), {}, warnIf(c.decodeErrors)},
        {QObject::tr("Filtered"), count(c.filtered)},
        {QObject::tr("Late, dropped"), count(c.lateDropped), {}, warnIf(c.lateDropped), {}, lateSteps(c)},
        {QObject::tr("Windows fired"), count(c.windowsFired), QObject::tr("%1 rows out").arg(count(c.rowsOut))},
        watermarkCounter(c),
        {QObject::tr("Open windows"), count(c.openWindows), QObject::tr("%1 groups").arg(count(c.openGroups))},
        {QObject::tr("Query memory"), format::bytes(static_cast<double>(c.stateBytes))}};
}

} // namespace weir
