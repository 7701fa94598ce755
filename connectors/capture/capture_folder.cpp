// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/capture_folder.h"

#include "connectors/capture/arrivals_folder.h"

#include <fcntl.h>
#include <filesystem>
#include <sstream>
#include <sys/file.h>
#include <unistd.h>

namespace weir::capture {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largestProperties = std::size_t{1} << 20;
constexpr std::size_t largestManifest = std::size_t{256} << 20;

/// The value of a line "key=value" or "key: value" in a small text file; empty where there is none.
std::string propertyIn(const std::string& path, std::string_view key)
{
    const auto content = readWhole(path, largestProperties);
    if (!content)
        return {};
    std::istringstream lines(std::string(content->data(), content->size()));
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(key))
            continue;
        const std::size_t begin = line.find_first_not_of("=: ", key.size());
        return begin == std::string::npos || begin == key.size() ? std::string() : line.substr(begin);
    }
    return {};
}

/// Whether a process holds the lock that writers of captures hold.
bool isLocked(const std::string& root)
{
    const int descriptor = ::open((root + "/lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool free = ::flock(descriptor, LOCK_SH | LOCK_NB) == 0;
    ::close(descriptor);
    return !free;
}

/// Names of the folders below, and whether segments lie in the folder itself.
struct Listing
{
    std::vector<std::string> folders;
    bool segments = false;
};

Result<Listing> list(const std::string& root)
{
    Listing listing;
    std::error_code failed;
    fs::directory_iterator entry(root, failed);
    for (const fs::directory_iterator end; !failed && entry != end; entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        std::error_code gone;
        if (entry->is_directory(gone))
            listing.folders.push_back(name);
        else
            listing.segments = listing.segments || segmentBaseOf(name) >= 0;
    }
    if (failed == std::errc::no_such_file_or_directory)
        return Error{ErrorKind::NotFound, "there is no such folder.", root};
    if (failed)
        return Error{ErrorKind::Io, "cannot be listed: " + failed.message() + ".", root};
    return listing;
}

Result<void> addPartition(CaptureFolder& folder, const TopicPartition& name, const std::string& path, Ledger ledger,
    std::shared_ptr<const KnownBatches> known)
{
    auto log = PartitionLog::open(name, path, known);
    if (!log)
        return log.error();
    FolderTopic& topic = folder.topics[name.topic];
    if (topic.id.empty())
        topic.id = propertyIn(path + "/partition.metadata", "topic_id");
    folder.partitions[name] = {std::move(*log), std::move(ledger), std::move(known)};
    return {};
}

Result<void> readManifest(CaptureFolder& folder)
{
    const auto text = readWhole(folder.root + "/" + std::string(manifestName), largestManifest);
    if (!text) {
        folder.damages.push_back(std::string(manifestName) + ": " + text.error().message);
        return {};
    }
    auto manifest = manifestOf({text->data(), text->size()});
    if (manifest) {
        folder.clusterId = manifest->clusterId;
        folder.manifest = std::move(*manifest);
        return {};
    }
    if (manifest.error().kind == ErrorKind::Unsupported)
        return manifest.error();
    folder.damages.push_back(std::string(manifestName) + ": " + manifest.error().message);
    return {};
}

Result<void> openCapture(CaptureFolder& folder, const Listing& listing)
{
    folder.isCapture = true;
    if (auto read = readManifest(folder); !read)
        return read;
    auto arrivals = readArrivals(folder.root);
    if (!arrivals)
        return arrivals.error();
    if (arrivals->files > 0)
        folder.arrivalFiles = static_cast<std::int64_t>(arrivals->files);
    folder.damages.insert(folder.damages.end(), arrivals->damages.begin(), arrivals->damages.end());
    auto observed = readObservations(folder.root);
    if (!observed)
        return observed.error();
    if (!observed->damage.empty())
        folder.damages.push_back(observed->damage);
    folder.observations = std::make_shared<const Observations>(std::move(*observed));
    std::map<TopicPartition, std::pair<std::string, Ledger>> partitions;
    if (folder.manifest) {
        const bool complete = folder.manifest->state == CaptureState::Complete;
        folder.grows = !complete && isLocked(folder.root);
        for (const TopicEntry& topic : folder.manifest->topics) {
            folder.topics[topic.name] = {topic.id, topic.cleanupPolicy, topic.schemas};
            for (const PartitionEntry& one : topic.partitions)
                partitions[{topic.name, one.id}] = {one.folder, complete ? one.ledger : Ledger()};
        }
    } else {
        for (const std::string& name : listing.folders) {
            if (const auto partition = partitionOf(name))
                partitions[*partition] = {name, {}};
        }
        for (const auto& [name, told] : arrivals->partitions)
            partitions[name] = {folderOf(name), {}};
    }
    for (auto& [name, place] : partitions) {
        ArrivalsOfPartition& told = arrivals->partitions[name];
        Ledger ledger = place.second.empty() ? std::move(told.ledger) : std::move(place.second);
        if (auto added = addPartition(folder, name, folder.root + "/" + place.first, std::move(ledger), told.known);
            !added)
            folder.damages.push_back(added.error().text());
    }
    return {};
}

Result<void> openLogDir(CaptureFolder& folder, const Listing& listing)
{
    folder.grows = true;
    folder.clusterId = propertyIn(folder.root + "/meta.properties", "cluster.id");
    for (const std::string& name : listing.folders) {
        const auto partition = partitionOf(name);
        if (!partition)
            continue;
        const std::string path = folder.root + "/" + name;
        if (auto added = addPartition(folder, *partition, path, {}, std::make_shared<KnownBatches>()); !added)
            folder.damages.push_back(added.error().text());
    }
    if (folder.partitions.empty())
        return Error{ErrorKind::InvalidInput,
            "this is no capture (no capture.json), no broker's data folder (no folder like orders-0) and no "
            "partition's "
            "(no .log files).",
            folder.root};
    return {};
}

} // namespace

Result<std::int64_t> FolderPartition::writtenEnd() const
{
    const auto end = log->endOffset();
    return end && !known->empty() ? std::max(*end, known->all().back().end) : end;
}

Result<std::shared_ptr<CaptureFolder>> CaptureFolder::open(const std::string& root)
{
    auto folder = std::make_shared<CaptureFolder>();
    folder->root = root;
    while (folder->root.size() > 1 && folder->root.ends_with('/'))
        folder->root.pop_back();
    auto listing = list(folder->root);
    if (!listing)
        return listing.error();
    std::error_code failed;
    const bool isCapture = fs::exists(folder->root + "/" + std::string(manifestName), failed)
        || fs::exists(folder->root + "/" + arrivalFileName(1), failed);
    Result<void> opened;
    if (isCapture) {
        opened = openCapture(*folder, *listing);
    } else if (listing->segments) {
        folder->grows = true;
        const std::string own = fs::weakly_canonical(folder->root, failed).filename().string();
        const TopicPartition name = partitionOf(own).value_or(TopicPartition{own, {}});
        opened = addPartition(*folder, name, folder->root, {}, std::make_shared<KnownBatches>());
    } else {
        opened = openLogDir(*folder, *listing);
    }
    if (!opened)
        return opened.error();
    return folder;
}

} // namespace weir::capture
