// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/query_report.h"

#include "app/cli/output.h"
#include "app/engine/event/timestamp_text.h"
#include "app/session/byte_size.h"

#include <algorithm>

namespace weir::cli {

namespace {

constexpr std::size_t mostPartitions = 64; ///< that get a line

std::string watermarkText(std::int64_t watermark)
{
    if (watermark == INT64_MIN)
        return "none yet";
    if (watermark == INT64_MAX)
        return "end of input";
    std::string text;
    appendTimestamp(text, {watermark, 0}, 3);
    return text;
}

const char* stateOf(const PartitionWatermark& partition)
{
    return partition.ended ? "  ended" : partition.idle ? "  idle" : "";
}

std::string watermarkJson(std::int64_t watermark)
{
    return watermark == INT64_MIN || watermark == INT64_MAX ? "null" : std::to_string(watermark);
}

} // namespace

std::string countersLine(const QuerySnapshot& snapshot)
{
    const QueryCounters& c = snapshot.counters;
    std::string late;
    for (const LateDropped& step : c.lateBySteps)
        late += (late.empty() ? " (" : ", ") + step.step + " " + grouped(step.rows);
    return "rows in " + grouped(c.rowsIn) + ", decode errors " + grouped(c.decodeErrors) + ", filtered "
        + grouped(c.filtered) + ", late dropped " + grouped(c.lateDropped) + (late.empty() ? "" : late + ")")
        + ", windows fired " + grouped(c.windowsFired) + ", rows out " + grouped(c.rowsOut);
}

std::string progressLines(const QuerySnapshot& snapshot)
{
    const QueryCounters& c = snapshot.counters;
    std::string text = "watermark " + watermarkText(c.watermark) + ", open windows " + grouped(c.openWindows)
        + ", open groups " + grouped(c.openGroups) + ", state " + byteSizeText(c.stateBytes);
    std::size_t width = 0;
    for (const PartitionWatermark& one : c.partitions)
        width = std::max(width, one.partition.text().size());
    for (std::size_t i = 0; i < std::min(c.partitions.size(), mostPartitions); ++i) {
        const PartitionWatermark& one = c.partitions[i];
        std::string name = one.partition.text();
        name.resize(width, ' ');
        text += "\n  " + name + "  " + watermarkText(one.watermark) + stateOf(one);
    }
    if (c.partitions.size() > mostPartitions)
        text += "\n  and " + grouped(c.partitions.size() - mostPartitions) + " more";
    return text;
}

std::string countersJson(const QuerySnapshot& snapshot)
{
    const QueryCounters& c = snapshot.counters;
    const std::pair<const char*, std::uint64_t> counters[] = {{"rows_in", c.rowsIn}, {"decode_errors", c.decodeErrors},
        {"filtered", c.filtered}, {"late_dropped", c.lateDropped}, {"windows_fired", c.windowsFired},
        {"rows_out", c.rowsOut}, {"open_windows", c.openWindows}, {"open_groups", c.openGroups},
        {"state_bytes", c.stateBytes}};
    std::string text;
    for (const auto& [name, count] : counters)
        text += (text.empty() ? "{\"" : ",\"") + std::string(name) + "\":" + std::to_string(count);
    text += ",\"late_by_step\":{";
    for (std::size_t i = 0; i < c.lateBySteps.size(); ++i)
        text += (i > 0 ? "," : "") + jsonString(c.lateBySteps[i].step) + ":" + std::to_string(c.lateBySteps[i].rows);
    text += "},\"watermark\":" + watermarkJson(c.watermark) + ",\"partitions\":[";
    for (std::size_t i = 0; i < c.partitions.size(); ++i) {
        const PartitionWatermark& one = c.partitions[i];
        text += std::string(i > 0 ? "," : "") + "{\"table\":" + jsonString(one.table) + ",\"topic\":"
            + jsonString(one.partition.topic) + ",\"partition\":" + std::to_string(one.partition.partition.value)
            + ",\"watermark\":" + watermarkJson(one.watermark) + ",\"idle\":" + (one.idle ? "true" : "false")
            + ",\"ended\":" + (one.ended ? "true" : "false") + "}";
    }
    return text + "]}";
}

} // namespace weir::cli
