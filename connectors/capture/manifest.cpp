// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/manifest.h"

#include "connectors/capture/crc32c.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace weir::capture {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view formatName = "weir-capture";
constexpr int formatVersion = 1;
constexpr std::int64_t mostOffset = std::int64_t{1} << 59; ///< sums of what intervals count stay numbers
constexpr std::size_t longestManifest = std::size_t{256} << 20;

Error wrong(std::string message)
{
    return {ErrorKind::Corrupt, std::move(message), std::string(manifestName)};
}

Json ledgerJson(const Ledger& ledger)
{
    Json intervals = Json::array();
    for (const LedgerInterval& interval : ledger.intervals()) {
        Json one{{"first", interval.first}, {"end", interval.end}, {"stored", interval.stored}};
        for (std::size_t i = 0; i < gapReasonCount; ++i) {
            if (interval.holes[i] > 0)
                one[std::string(gapReasonName(static_cast<GapReason>(i)))] = interval.holes[i];
        }
        intervals.push_back(std::move(one));
    }
    return intervals;
}

Json topicJson(const TopicEntry& topic)
{
    Json partitions = Json::array();
    for (const PartitionEntry& partition : topic.partitions)
        partitions.push_back({{"partition", partition.id.value}, {"folder", partition.folder},
            {"ledger", ledgerJson(partition.ledger)}});
    Json json{{"name", topic.name}};
    json["id"] = topic.id.empty() ? Json() : Json(topic.id);
    json["cleanupPolicy"] = topic.cleanupPolicy.empty() ? Json() : Json(topic.cleanupPolicy);
    Json schemas = Json::array();
    for (const auto& [id, use] : topic.schemas)
        schemas.push_back({{"id", id}, {"keys", use.keys}, {"values", use.values}});
    json["schemas"] = std::move(schemas);
    json["partitions"] = std::move(partitions);
    return json;
}

Json bodyOf(const Manifest& manifest)
{
    Json topics = Json::array();
    for (const TopicEntry& topic : manifest.topics)
        topics.push_back(topicJson(topic));
    const auto textOrNull = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    Json json{{"format", formatName}, {"version", formatVersion},
        {"state", manifest.state == CaptureState::Complete ? "complete" : "running"}, {"program", manifest.program}};
    json["clusterId"] = textOrNull(manifest.clusterId);
    json["connection"] = textOrNull(manifest.connection);
    json["origin"] = manifest.exact ? "log" : "client";
    json["settings"] = manifest.settings;
    json["startedAt"] = manifest.startedAt;
    json["stoppedAt"] = manifest.stoppedAt == 0 ? Json() : Json(manifest.stoppedAt);
    json["stopReason"] = textOrNull(manifest.stopReason);
    json["topics"] = std::move(topics);
    return json;
}

std::string dumped(const Json& json)
{
    // Bytes that are no UTF-8 cannot stand in JSON; names with such bytes come back with replacement characters.
    return json.dump(1, ' ', false, Json::error_handler_t::replace);
}

std::string checksumOf(const Json& body)
{
    const std::string text = dumped(body);
    return "crc32c:" + std::to_string(crc32c({text.data(), text.size()}));
}

std::string textOf(const Json& json, const char* name)
{
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t numberOf(const Json& json, const char* name)
{
    const auto found = json.find(name);
    return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// Whether nothing is nested deeper than a capture's own: the library writes JSON by recursion.
bool isShallow(std::string_view text)
{
    constexpr int deepest = 16;
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\')
            ++i;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{') && ++depth > deepest)
            return false;
        else if (!quoted && (c == ']' || c == '}'))
            --depth;
    }
    return true;
}

bool isPlainName(const std::string& folder)
{
    return !folder.empty() && folder != "." && folder != ".." && folder.find('/') == std::string::npos
        && folder.find('\0') == std::string::npos;
}

Result<Ledger> ledgerOf(const Json& json, const std::string& folder)
{
    Ledger ledger;
    for (const Json& one : json) {
        LedgerInterval interval;
        interval.first = numberOf(one, "first");
        interval.end = numberOf(one, "end");
        interval.stored = numberOf(one, "stored");
        bool impossible = interval.first < 0 || interval.end > mostOffset || interval.end <= interval.first
            || interval.stored < 0 || interval.stored > interval.end - interval.first;
        for (std::size_t i = 0; i < gapReasonCount; ++i) {
            interval.holes[i] = numberOf(one, std::string(gapReasonName(static_cast<GapReason>(i))).c_str());
            impossible = impossible || interval.holes[i] < 0 || interval.holes[i] > interval.end - interval.first;
        }
        if (impossible || interval.unexplained() != 0 || (!ledger.empty() && interval.first != ledger.end()))
            return wrong(
                "the ledger of " + folder + " does not add up at offset " + std::to_string(interval.first) + ".");
        ledger.cut();
        ledger.add(interval);
    }
    return ledger;
}

SchemaUses schemasOf(const Json& json)
{
    SchemaUses schemas;
    for (const Json& one : json) {
        const std::int64_t id = numberOf(one, "id");
        if (id > 0 && id <= INT32_MAX)
            schemas[static_cast<std::int32_t>(id)] = {
                static_cast<std::uint64_t>(numberOf(one, "keys")), static_cast<std::uint64_t>(numberOf(one, "values"))};
    }
    return schemas;
}

Result<TopicEntry> topicOf(const Json& json)
{
    TopicEntry topic;
    topic.name = textOf(json, "name");
    topic.id = textOf(json, "id");
    topic.cleanupPolicy = textOf(json, "cleanupPolicy");
    if (const auto schemas = json.find("schemas"); schemas != json.end())
        topic.schemas = schemasOf(*schemas);
    const auto partitions = json.find("partitions");
    if (partitions == json.end() || !partitions->is_array())
        return wrong("topic " + topic.name + " has no list of partitions.");
    for (const Json& one : *partitions) {
        PartitionEntry partition;
        partition.id.value = static_cast<std::int32_t>(numberOf(one, "partition"));
        partition.folder = textOf(one, "folder");
        if (!isPlainName(partition.folder))
            return wrong(
                "the folder of " + topic.name + "/" + std::to_string(partition.id.value) + " is no plain name.");
        const auto intervals = one.find("ledger");
        auto ledger = ledgerOf(intervals == one.end() ? Json::array() : *intervals, partition.folder);
        if (!ledger)
            return ledger.error();
        partition.ledger = std::move(*ledger);
        topic.partitions.push_back(std::move(partition));
    }
    return topic;
}

Result<void> checkFrame(Json& json)
{
    if (!json.is_object() || textOf(json, "format") != formatName)
        return wrong("this is no capture of Weir.");
    const std::string checksum = textOf(json, "checksum");
    json.erase("checksum");
    if (checksum != checksumOf(json))
        return wrong("its checksum does not hold: it was damaged or edited.");
    const std::int64_t version = numberOf(json, "version");
    if (version > formatVersion)
        return Error{ErrorKind::Unsupported,
            "the capture has format version " + std::to_string(version) + "; this Weir reads up to "
                + std::to_string(formatVersion) + ". Use a newer Weir.",
            std::string(manifestName)};
    return {};
}

constexpr std::string_view legal = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

} // namespace

std::string toJson(const Manifest& manifest)
{
    Json json = bodyOf(manifest);
    const std::string checksum = checksumOf(json);
    json["checksum"] = checksum;
    return dumped(json) + "\n";
}

Result<Manifest> manifestOf(std::string_view text)
{
    if (text.size() > longestManifest)
        return wrong("it is larger than 256 MiB.");
    if (!isShallow(text))
        return wrong("it is nested deeper than any manifest.");
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return wrong("it is no JSON.");
    if (auto checked = checkFrame(json); !checked)
        return checked.error();
    Manifest manifest;
    manifest.state = textOf(json, "state") == "complete" ? CaptureState::Complete : CaptureState::Running;
    manifest.program = textOf(json, "program");
    manifest.clusterId = textOf(json, "clusterId");
    manifest.connection = textOf(json, "connection");
    manifest.exact = textOf(json, "origin") == "log";
    if (const auto settings = json.find("settings"); settings != json.end() && settings->is_object()) {
        for (const auto& [name, value] : settings->items())
            manifest.settings[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    manifest.startedAt = numberOf(json, "startedAt");
    manifest.stoppedAt = numberOf(json, "stoppedAt");
    manifest.stopReason = textOf(json, "stopReason");
    const auto topics = json.find("topics");
    if (topics == json.end() || !topics->is_array())
        return wrong("there is no list of topics.");
    for (const Json& one : *topics) {
        auto topic = topicOf(one);
        if (!topic)
            return topic.error();
        manifest.topics.push_back(std::move(*topic));
    }
    return manifest;
}

std::string folderOf(const TopicPartition& partition)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string folder;
    for (const char c : partition.topic) {
        if (legal.find(c) != std::string_view::npos) {
            folder += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            folder += '%';
            folder += digits[byte >> 4];
            folder += digits[byte & 15];
        }
    }
    return folder + "-" + std::to_string(partition.partition.value);
}

std::optional<TopicPartition> partitionOf(std::string_view folder)
{
    const std::size_t dash = folder.find_last_of('-');
    if (dash == std::string_view::npos || dash == 0 || dash + 1 == folder.size()
        || folder.find_first_not_of(legal) != std::string_view::npos)
        return std::nullopt;
    TopicPartition partition{std::string(folder.substr(0, dash)), {}};
    const char* const end = folder.data() + folder.size();
    const auto [stop, error] = std::from_chars(folder.data() + dash + 1, end, partition.partition.value);
    if (error != std::errc() || stop != end || partition.partition.value < 0)
        return std::nullopt;
    return partition;
}

} // namespace weir::capture
