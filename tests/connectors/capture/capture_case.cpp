// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/capture/capture_case.h"

#include <algorithm>

namespace weir::test {

capture::Manifest aboutTopics(const std::map<std::string, int>& partitionsOf)
{
    capture::Manifest about;
    about.program = "test";
    about.clusterId = "cluster-1";
    for (const auto& [name, count] : partitionsOf) {
        capture::TopicEntry topic;
        topic.name = name;
        for (int p = 0; p < count; ++p)
            topic.partitions.push_back({PartitionId{p}, {}, {}});
        about.topics.push_back(std::move(topic));
    }
    return about;
}

WrittenCapture writeCapture(const QString& folder, const CapturePlan& plan, capture::Storage& storage)
{
    WrittenCapture written;
    auto writer = capture::CaptureWriter::create(
        folder.toStdString(), aboutTopics(plan.topics), plan.settings, SystemClock::instance(), storage);
    if (!writer) {
        written.failed = writer.error();
        written.finished = writer.error();
        return written;
    }
    std::vector<std::pair<TopicPartition, RandomRecords>> makers;
    std::uint32_t seed = plan.seed;
    for (const auto& [name, count] : plan.topics) {
        for (int p = 0; p < count; ++p)
            makers.emplace_back(TopicPartition{name, {p}}, RandomRecords(++seed, name, p, plan.shape));
    }
    std::mt19937 dice(plan.seed);
    for (int round = 0; round < plan.rounds && !written.failed; ++round) {
        for (auto& [partition, maker] : makers) {
            const RecordBatchPtr batch = maker.next(1 + dice() % plan.mostRecords);
            if (auto appended = (*writer)->append(*batch, std::nullopt); !appended) {
                written.failed = appended.error();
                break;
            }
            keep(*batch, written.records[partition]);
        }
        if (round % 5 == 4 && !written.failed) {
            if (auto synced = (*writer)->sync(); !synced)
                written.failed = synced.error();
        }
    }
    if (plan.finish)
        written.finished = (*writer)->finish("test");
    return written;
}

Result<void> readFolder(const QString& folder, const FolderReading& reading)
{
    capture::FolderSettings settings;
    settings.root = folder.toStdString();
    auto cluster = capture::openFolder(settings);
    const auto metadata = cluster->metadata();
    if (!metadata)
        return metadata.error();
    for (const TopicInfo& topic : metadata->topics) {
        ReadRequest all;
        all.start = FromBeginning{};
        all.stop = UntilEnd{};
        if (reading.request)
            all = *reading.request;
        all.topic = topic.name;
        auto sources = cluster->open(all);
        if (!sources)
            return sources.error();
        for (const auto& source : *sources) {
            while (!source->state().ended) {
                const auto batches = source->poll(std::chrono::milliseconds(1));
                if (!batches)
                    return batches.error();
                for (const RecordBatchPtr& batch : *batches)
                    reading.batch(*batch);
            }
            if (reading.state)
                reading.state(topic.name, source->state());
        }
    }
    return {};
}

Result<Kept> readFolder(const QString& folder, std::map<std::string, SourceState>* states, const ReadRequest* request)
{
    Kept records;
    FolderReading reading;
    reading.batch = [&](const RecordBatch& batch) { keep(batch, records[{batch.topic(), batch.partition()}]); };
    if (states)
        reading.state = [&](const std::string& topic, const SourceState& last) { (*states)[topic] = last; };
    reading.request = request;
    if (auto read = readFolder(folder, reading); !read)
        return read.error();
    std::erase_if(records, [](const auto& partition) { return partition.second.empty(); }); // gaps alone
    return records;
}

QString foreignIn(const Kept& found, const Kept& expected)
{
    for (const auto& [partition, records] : found) {
        const auto known = expected.find(partition);
        if (known == expected.end())
            return QStringLiteral("a partition nobody wrote: %1").arg(QString::fromStdString(partition.text()));
        std::size_t at = 0;
        for (const KeptRecord& record : records) {
            const auto& all = known->second;
            while (at < all.size() && all[at].offset < record.offset)
                ++at;
            if (at == all.size() || !(all[at] == record))
                return QStringLiteral("a record nobody wrote: %1 offset %2")
                    .arg(QString::fromStdString(partition.text()))
                    .arg(record.offset);
            ++at;
        }
    }
    return {};
}

} // namespace weir::test
