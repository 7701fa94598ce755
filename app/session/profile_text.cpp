// SPDX-License-Identifier: GPL-3.0-or-later
// A profile in words and numbers.
#include "app/engine/event/value_text.h"
#include "app/session/grouped_number.h"
#include "app/session/position.h"
#include "app/session/profile_run.h"
#include "connectors/record/text_encoding.h"

#include <cmath>
#include <cstdio>

namespace weir {

namespace {

using profile::FieldProfile;
using profile::SizeProfile;
using profile::TopicProfile;

constexpr std::int64_t hourMs = 3'600'000;
constexpr std::size_t shownHours = 48;
constexpr std::size_t shownPartitions = 64;

std::string decimals(double number, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, number);
    return text;
}

std::string percent(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0 ? "0 %" : decimals(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1) + " %";
}

/// How far a number of HyperLogLog may be off: twice its standard error, which 95 of 100 keep.
std::string distinctText(std::int64_t estimate)
{
    const auto number = static_cast<std::uint64_t>(estimate);
    return estimate <= aggregate::DistinctSketch::exactUpTo ? grouped(number) : "≈ " + grouped(number);
}

std::string distinctNote(std::int64_t estimate)
{
    return estimate <= aggregate::DistinctSketch::exactUpTo
        ? ""
        : "± " + decimals(200 * aggregate::DistinctSketch::standardError, 1) + " % (95 %)";
}

class Lines
{
public:
    void begin(std::string section) { m_section = std::move(section); }
    void add(std::string name, std::string value, std::string note = {})
    {
        m_lines.push_back({m_section, std::move(name), std::move(value), std::move(note)});
    }
    std::vector<ProfileLine> take() { return std::move(m_lines); }

private:
    std::string m_section;
    std::vector<ProfileLine> m_lines;
};

std::string quantile(const SizeProfile& sizes, double fraction)
{
    const auto bytes = sizes.quantiles.quantile(fraction);
    return bytes ? grouped(static_cast<std::uint64_t>(std::llround(*bytes))) : "0";
}

void addSizes(Lines& lines, const SizeProfile& sizes, std::uint64_t records)
{
    lines.add("null", grouped(sizes.nulls), percent(sizes.nulls, records));
    if (sizes.empties > 0)
        lines.add("empty", grouped(sizes.empties), percent(sizes.empties, records));
    if (sizes.present == 0)
        return;
    lines.add("bytes", grouped(sizes.bytes));
    lines.add("size p50, p95, p99", quantile(sizes, 0.5) + ", " + quantile(sizes, 0.95) + ", " + quantile(sizes, 0.99),
        "± 1 %");
    lines.add("largest", grouped(sizes.largest));
}

void addKeys(Lines& lines, const TopicProfile& profile)
{
    lines.begin("Keys");
    addSizes(lines, profile.keys(), profile.records());
    if (profile.keys().present == 0)
        return;
    lines.add("different", distinctText(profile.distinctKeys()), distinctNote(profile.distinctKeys()));
    const std::uint64_t error = profile.topKeys().error();
    std::size_t shown = 0;
    for (const auto& entry : profile.topKeys().top()) {
        if (++shown > TopicProfile::topKeyCount || entry.count <= error)
            break;
        lines.add("top " + std::to_string(shown), entry.text,
            grouped(entry.count) + (error > 0 ? " to " + grouped(entry.count + error) : "") + " records, "
                + percent(entry.count, profile.records()));
    }
}

void addPartitions(Lines& lines, const TopicProfile& profile)
{
    lines.begin("Partitions");
    lines.add("skew", decimals(profile.skew(), 2), "largest to mean; 1 is even");
    std::size_t shown = 0;
    for (const auto& [partition, records] : profile.partitions()) {
        if (++shown > shownPartitions) {
            lines.add("further", grouped(profile.partitions().size() - shownPartitions), "partitions");
            break;
        }
        lines.add(std::to_string(partition.value), grouped(records), percent(records, profile.records()));
    }
}

void addField(Lines& lines, const FieldProfile& field)
{
    const auto least = field.least();
    std::string note = field.type().asNullable().text() + ", NULL " + percent(field.nulls(), field.count());
    std::string value = "all NULL";
    if (least)
        value = distinctText(field.distinct()) + " different, " + *least + " to " + *field.most();
    if (const auto mean = field.mean())
        note += ", mean " + decimals(*mean, 2);
    std::string top;
    for (const auto& entry : field.top()) {
        if (entry.count > field.errorOfTop() && entry.count * 100 >= field.count())
            top += (top.empty() ? ", most " : ", ") + entry.text + " " + percent(entry.count, field.count());
    }
    lines.add(field.name(), std::move(value), note + top);
}

void addHours(Lines& lines, const TopicProfile& profile)
{
    lines.begin("Hours");
    const auto& hours = profile.hours();
    auto from = hours.begin();
    if (hours.size() > shownHours) {
        std::advance(from, static_cast<std::ptrdiff_t>(hours.size() - shownHours));
        lines.add("earlier", grouped(hours.size() - shownHours), "hours with records, not shown");
    }
    for (; from != hours.end(); ++from)
        lines.add(positionText(from->first * hourMs).substr(0, 13) + ":00", grouped(from->second),
            decimals(static_cast<double>(from->second) / 3600, 1) + "/s");
}

std::string jsonText(std::string_view text)
{
    std::string quoted;
    appendJsonString(quoted, text);
    return quoted;
}

std::string sizesJson(const SizeProfile& sizes)
{
    const auto at = [&](double fraction) {
        return std::to_string(static_cast<std::int64_t>(std::llround(sizes.quantiles.quantile(fraction).value_or(0))));
    };
    return "{\"nulls\":" + std::to_string(sizes.nulls) + ",\"empties\":" + std::to_string(sizes.empties)
        + ",\"bytes\":" + std::to_string(sizes.bytes) + ",\"p50\":" + at(0.5) + ",\"p95\":" + at(0.95)
        + ",\"p99\":" + at(0.99) + ",\"largest\":" + std::to_string(sizes.largest) + "}";
}

std::string topJson(const std::vector<aggregate::FrequentValues::Entry>& top, std::size_t most)
{
    std::string json;
    for (std::size_t i = 0; i < std::min(top.size(), most); ++i)
        json += (json.empty() ? "" : ",") + std::string("{\"value\":") + jsonText(top[i].text)
            + ",\"count\":" + std::to_string(top[i].count) + "}";
    return "[" + json + "]";
}

std::string fieldJson(const FieldProfile& field)
{
    const auto text = [](const std::optional<std::string>& value) { return value ? jsonText(*value) : "null"; };
    std::string mean = "null";
    if (field.mean()) {
        mean.clear();
        appendNumber(mean, *field.mean());
    }
    return "{\"name\":" + jsonText(field.name()) + ",\"type\":" + jsonText(field.type().asNullable().text())
        + ",\"nulls\":" + std::to_string(field.nulls()) + ",\"count\":" + std::to_string(field.count())
        + ",\"distinct\":" + std::to_string(field.distinct()) + ",\"least\":" + text(field.least())
        + ",\"most\":" + text(field.most()) + ",\"mean\":" + mean + ",\"top\":" + topJson(field.top(), 5)
        + ",\"topError\":" + std::to_string(field.errorOfTop()) + "}";
}

} // namespace

std::vector<ProfileLine> profileLines(const TopicProfile& profile)
{
    Lines lines;
    lines.begin("Records");
    lines.add("records", grouped(profile.records()));
    lines.add("with headers", grouped(profile.withHeaders()), percent(profile.withHeaders(), profile.records()));
    if (profile.withoutTime() > 0)
        lines.add("without a timestamp", grouped(profile.withoutTime()));
    lines.add("timestamps that go back", grouped(profile.regressions()), "against the record in front of it");
    lines.begin("Values");
    addSizes(lines, profile.values(), profile.records());
    if (!profile.fields().empty())
        lines.add("no JSON", grouped(profile.undecodable()), percent(profile.undecodable(), profile.records()));
    addKeys(lines, profile);
    addPartitions(lines, profile);
    lines.begin("Fields");
    for (const FieldProfile& field : profile.fields())
        addField(lines, field);
    addHours(lines, profile);
    return lines.take();
}

std::string profileJson(const std::string& topic, const TopicProfile& profile)
{
    std::string partitions;
    for (const auto& [partition, records] : profile.partitions())
        partitions +=
            (partitions.empty() ? "\"" : ",\"") + std::to_string(partition.value) + "\":" + std::to_string(records);
    std::string hours;
    for (const auto& [hour, records] : profile.hours())
        hours += (hours.empty() ? "{\"hour\":" : ",{\"hour\":") + std::to_string(hour * hourMs)
            + ",\"records\":" + std::to_string(records) + "}";
    std::string fields;
    for (const FieldProfile& field : profile.fields())
        fields += (fields.empty() ? "" : ",") + fieldJson(field);
    std::string skew;
    appendNumber(skew, profile.skew());
    return "{\"topic\":" + jsonText(topic) + ",\"records\":" + std::to_string(profile.records()) + ",\"withHeaders\":"
        + std::to_string(profile.withHeaders()) + ",\"withoutTimestamp\":" + std::to_string(profile.withoutTime())
        + ",\"regressions\":" + std::to_string(profile.regressions())
        + ",\"undecodable\":" + std::to_string(profile.undecodable()) + ",\"values\":" + sizesJson(profile.values())
        + ",\"keys\":" + sizesJson(profile.keys()) + ",\"distinctKeys\":" + std::to_string(profile.distinctKeys())
        + ",\"topKeys\":" + topJson(profile.topKeys().top(), TopicProfile::topKeyCount)
        + ",\"topKeysError\":" + std::to_string(profile.topKeys().error()) + ",\"skew\":" + skew + ",\"partitions\":{"
        + partitions + "},\"fields\":[" + fields + "],\"hours\":[" + hours + "]}";
}

} // namespace weir
