// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/observations.h"

#include "connectors/capture/crc32c.h"
#include "connectors/capture/read_file.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace weir::capture {

namespace {

using Json = nlohmann::json;

constexpr std::size_t largestFile = std::size_t{256} << 20;
constexpr std::size_t checksumDigits = 8;

std::string checksumOf(std::string_view text)
{
    char digits[checksumDigits + 1];
    std::snprintf(digits, sizeof digits, "%08x", crc32c({text.data(), text.size()}));
    return digits;
}

Json toJson(const ObservedGroup& group)
{
    Json partitions = Json::array();
    for (const CommittedOffset& one : group.committed)
        partitions.push_back({one.partition.topic, one.partition.partition.value, one.offset});
    return {{"name", group.info.name}, {"state", group.info.state}, {"committed", std::move(partitions)}};
}

const char* nameOf(Connection connection)
{
    return connection == Connection::Up ? "up" : connection == Connection::Down ? "down" : "connecting";
}

/// False for what is no observation.
bool read(const Json& json, Observation& observation)
{
    observation.groups.time = json.value("time", EpochMs{-1});
    if (observation.groups.time < 0)
        return false;
    if (json.contains("connection")) {
        const auto text = json["connection"].get<std::string>();
        observation.connection = text == "up" ? Connection::Up
            : text == "down"                  ? Connection::Down
                                              : Connection::Connecting;
        observation.problem = json.value("problem", std::string());
        return true;
    }
    for (const Json& one : json.at("groups")) {
        ObservedGroup& group = observation.groups.groups.emplace_back();
        group.info.name = one.at("name").get<std::string>();
        group.info.state = one.value("state", std::string());
        for (const Json& partition : one.at("committed")) {
            CommittedOffset& committed = group.committed.emplace_back();
            committed.partition = {partition.at(0).get<std::string>(), {partition.at(1).get<std::int32_t>()}};
            committed.offset = partition.at(2).get<std::int64_t>();
        }
    }
    for (const Json& end : json.at("ends"))
        observation.groups.ends.emplace_back(
            TopicPartition{end.at(0).get<std::string>(), {end.at(1).get<std::int32_t>()}},
            end.at(2).get<std::int64_t>());
    return true;
}

bool readLine(std::string_view line, Observation& observation)
{
    if (line.size() <= checksumDigits || line[checksumDigits] != ' ')
        return false;
    const std::string_view text = line.substr(checksumDigits + 1);
    if (checksumOf(text) != line.substr(0, checksumDigits))
        return false;
    try {
        return read(Json::parse(text), observation);
    } catch (const Json::exception&) {
        return false; // of a later version
    }
}

} // namespace

std::string observationLine(const Observation& observation)
{
    Json json{{"time", observation.groups.time}};
    if (observation.connection) {
        json["connection"] = nameOf(*observation.connection);
        if (!observation.problem.empty())
            json["problem"] = observation.problem;
    } else {
        json["groups"] = Json::array();
        for (const ObservedGroup& group : observation.groups.groups)
            json["groups"].push_back(toJson(group));
        json["ends"] = Json::array();
        for (const auto& [partition, end] : observation.groups.ends)
            json["ends"].push_back({partition.topic, partition.partition.value, end});
    }
    const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return checksumOf(text) + ' ' + text + '\n';
}

Result<Observations> readObservations(const std::string& root)
{
    Observations all;
    const auto content = readWhole(root + "/" + std::string(observationsName), largestFile);
    if (!content && content.error().kind == ErrorKind::NotFound)
        return all;
    if (!content)
        return content.error();
    std::size_t bad = 0;
    std::string_view rest(content->data(), content->size());
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        Observation observation;
        if (end != std::string_view::npos && readLine(rest.substr(0, end), observation))
            all.entries.push_back(std::move(observation));
        else
            ++bad;
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    if (bad > 0)
        all.damage = std::string(observationsName) + ": " + std::to_string(bad) + (bad == 1 ? " line is" : " lines are")
            + " damaged or torn; what groups did at that time is lost.";
    std::stable_sort(all.entries.begin(), all.entries.end(),
        [](const Observation& a, const Observation& b) { return a.groups.time < b.groups.time; });
    return all;
}

std::vector<GroupRound> Observations::rounds(EpochMs after, EpochMs until) const
{
    std::vector<GroupRound> found;
    for (const Observation& one : entries) {
        if (!one.connection && one.groups.time > after && one.groups.time <= until)
            found.push_back(one.groups);
    }
    return found;
}

const GroupRound* Observations::roundAt(EpochMs time) const
{
    const GroupRound* last = nullptr;
    for (const Observation& one : entries) {
        if (one.groups.time > time)
            break;
        if (!one.connection)
            last = &one.groups;
    }
    return last;
}

const Observation* Observations::connectionAt(EpochMs time) const
{
    const Observation* last = nullptr;
    for (const Observation& one : entries) {
        if (one.groups.time > time)
            break;
        if (one.connection)
            last = &one;
    }
    return last;
}

void ObservationsWriter::add(const Observation& observation)
{
    const std::string line = observationLine(observation);
    const std::lock_guard lock(m_mutex);
    if (m_closed || m_failure)
        return;
    if (!m_file) {
        auto file = m_storage.create(m_root + "/" + std::string(observationsName));
        if (!file) {
            m_failure = file.error();
            return;
        }
        m_file = std::move(*file);
    }
    if (auto written = m_file->append(line); !written)
        m_failure = written.error();
}

void ObservationsWriter::sync()
{
    std::shared_ptr<AppendFile> file;
    {
        const std::lock_guard lock(m_mutex);
        file = m_file;
    }
    if (!file)
        return;
    if (auto synced = file->sync(); !synced) {
        const std::lock_guard lock(m_mutex);
        m_failure = synced.error();
    }
}

std::optional<Error> ObservationsWriter::close()
{
    sync();
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_file.reset();
    return m_failure;
}

} // namespace weir::capture
