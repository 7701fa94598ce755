// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/source_drain.h"
#include "connectors/record/cluster.h"

#include <deque>

namespace weir {

/// One report for each reading thread, and all of them together as they were a moment ago. A Report adds batches and
/// merges with others.
template <typename Report>
class ReportLanes
{
public:
    explicit ReportLanes(std::function<Report()> make)
        : m_make(std::move(make)), m_published(std::make_shared<const Report>(m_make()))
    { }

    /// Before anything is added.
    void open(std::size_t sources)
    {
        for (std::size_t i = 0; i < sources; ++i)
            m_lanes.emplace_back(m_make());
    }
    void add(std::size_t source, const RecordBatchPtr& batch)
    {
        Lane& lane = m_lanes[source];
        const std::lock_guard lock(lane.mutex);
        lane.report.add(batch);
    }
    void publish()
    {
        auto all = std::make_shared<Report>(m_make());
        for (Lane& lane : m_lanes) {
            const std::lock_guard lock(lane.mutex);
            all->merge(lane.report);
        }
        const std::lock_guard lock(m_mutex);
        m_published = std::move(all);
    }
    std::shared_ptr<const Report> published() const
    {
        const std::lock_guard lock(m_mutex);
        return m_published;
    }

private:
    struct Lane
    {
        explicit Lane(Report made) : report(std::move(made)) { }
        std::mutex mutex; ///< guards the report
        Report report;
    };

    const std::function<Report()> m_make;
    std::deque<Lane> m_lanes; ///< by source
    mutable std::mutex m_mutex; ///< guards what follows
    std::shared_ptr<const Report> m_published;
};

/// Reads a range of a topic and tells what it found. All functions from any thread.
class ReportRun
{
public:
    virtual ~ReportRun();

    /// True once nothing is read any more, and the report is of all that was.
    bool wait(std::chrono::milliseconds timeout);
    void stop() { m_drain->stop(); }
    DrainSnapshot progress() const { return m_drain->snapshot(); }
    std::int64_t missing() const { return m_missing; } ///< offsets asked for that are gone
    const std::string& topic() const { return m_topic; }

protected:
    ReportRun(std::string topic, const Clock& clock);
    /// *Blocks*: opens the sources and starts reading.
    Result<void> open(Cluster& cluster, const ReadRequest& request);
    /// Before what take() uses goes.
    void close() { m_drain.reset(); }

    /// Before the first batch.
    virtual void prepare(std::size_t sources) = 0;
    /// On the drain's threads, each source on one at a time.
    virtual void take(std::size_t source, const RecordBatchPtr& batch) = 0;
    /// Now and then, and a last time in wait().
    virtual void publish() = 0;

private:
    void publishIfDue();

    const std::string m_topic;
    const Clock& m_clock;
    std::chrono::steady_clock::time_point m_publishedAt; ///< the ticking thread's own
    std::atomic<std::int64_t> m_missing{0};
    std::unique_ptr<SourceDrain> m_drain;
};

} // namespace weir
