// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/kept_hits.h"

#include <algorithm>
#include <thread>

namespace weir {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 100ms; ///< with a disk, at a time

} // namespace

Result<std::unique_ptr<KeptHits>> KeptHits::open(
    Cluster& cluster, const std::vector<ReadRequest>& topics, const std::string& folder, const Clock& clock)
{
    const auto metadata = cluster.metadata();
    if (!metadata)
        return metadata.error();
    capture::Manifest about;
    about.program = "weir-cli";
    for (const ReadRequest& topic : topics) {
        capture::TopicEntry entry;
        entry.name = topic.topic;
        for (const TopicInfo& info : metadata->topics) {
            for (const PartitionInfo& partition :
                info.name == topic.topic ? info.partitions : std::vector<PartitionInfo>())
                entry.partitions.push_back({partition.id, {}, {}});
        }
        std::sort(entry.partitions.begin(), entry.partitions.end(),
            [](const capture::PartitionEntry& a, const capture::PartitionEntry& b) { return a.id < b.id; });
        about.topics.push_back(std::move(entry));
    }
    auto buffers = LiveBuffers::open({folder}, nullptr, clock);
    auto rows = buffers->forTopics(std::move(about), GapReason::Filtered);
    if (!rows)
        return rows.error();
    return std::unique_ptr<KeptHits>(new KeptHits(std::move(buffers), std::move(*rows)));
}

Result<void> KeptHits::failure() const
{
    if (const auto trouble = m_rows->state().trouble)
        return *trouble;
    if (m_rows->firstRow() > 0 || m_rows->state().dropped > 0)
        return Error{ErrorKind::ResourceLimit,
            "there is not enough room for all that matches. Sort fewer records, or give TMPDIR a larger disk.",
            m_buffers->folder()};
    return {};
}

Result<void> KeptHits::add(const RecordBatchPtr& batch, const std::vector<std::uint32_t>& rows)
{
    if (rows.empty())
        return {};
    const RecordBatchPtr kept = copyOf(*batch, rows, nullptr);
    m_added += static_cast<std::int64_t>(rows.size());
    while (!m_rows->append(kept, patience)) {
        if (auto failed = failure(); !failed || m_rows->isStuck())
            return failed ? Error{ErrorKind::Io, "the disk does not take what matches.", m_buffers->folder()}
                          : failed.error();
    }
    return {};
}

Result<void> KeptHits::handOut(const ShownChoice& choice, const std::function<bool()>& cancelled, const Taker& taker)
{
    while (m_rows->endRow() < m_added && !cancelled()) {
        if (auto failed = failure(); !failed)
            return failed;
        std::this_thread::sleep_for(1ms);
    }
    const ShownRows shown(m_rows, choice, {nullptr, m_buffers});
    while (!shown.isUpToDate() && !cancelled()) {
        if (const auto trouble = shown.trouble())
            return *trouble;
        std::this_thread::sleep_for(1ms);
    }
    if (auto failed = failure(); !failed)
        return failed;
    const RowStore& rows = *shown.rows();
    const auto scan = rows.scan();
    const std::int64_t end = rows.endRow();
    for (std::int64_t row = rows.firstRow(); row < end && !cancelled(); ++row) {
        const StoredRow found = scan->at(row);
        if (!found.isHere())
            return Error{ErrorKind::Io, "a record that was kept cannot be read again.", m_buffers->folder()};
        if (!taker(found.batch, static_cast<std::uint32_t>(found.index)))
            break;
    }
    return {};
}

} // namespace weir
