// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/log_cursor.h"
#include "connectors/capture/playback.h"

#include <mutex>

namespace weir::capture {

/// What a source over a folder is made with.
struct LogSourceSetup
{
    std::shared_ptr<const std::string> topic;
    std::vector<LogCursor> cursors; ///< one per partition
    bool follows = false; ///< waits at the end for what somebody may still write
    std::shared_ptr<MemoryBudget> budget; ///< may be null
    std::shared_ptr<const Playback> playback; ///< when it may hand out what; null: at once
    std::shared_ptr<ReadGroup> group; ///< whose turn it is; null: always
    std::shared_ptr<const Observations> observations; ///< of the capture; may be null
    const Clock* clock = &SystemClock::instance();
};

/// Partitions of one topic in a folder as a Source: records in the order in which they arrived, where that was written
/// down. The same folder gives the same batches every time. Everything but state() belongs to one thread.
class LogSource final : public Source
{
public:
    explicit LogSource(LogSourceSetup setup);

    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds timeout) override;
    SourceState state() const override;
    const std::string& topic() const override { return *m_setup.topic; }

private:
    bool hasRoom() const;
    enum class Next : std::uint8_t { Taken, Waits, None };
    struct Turn
    {
        LogCursor* cursor = nullptr; ///< whose batch comes next; null: there is none
        std::optional<ReadingOrder> before; ///< what comes behind it in another partition
    };
    Result<Turn> turn();
    bool mayTake(const Turn& turn, bool isFirst, std::chrono::milliseconds timeout);
    Result<Next> takeNext(std::vector<RecordBatchPtr>& batches, std::chrono::milliseconds timeout);
    Result<void> waitForMore(std::chrono::milliseconds timeout);
    void handOutLastGaps(std::vector<RecordBatchPtr>& batches);
    void publish(bool atEnd);
    void tellConnection(SourceState& state) const;

    LogSourceSetup m_setup;
    std::optional<ReadGroup::Member> m_member;
    std::chrono::steady_clock::time_point m_refreshedAt;
    bool m_waits = false; ///< what comes next has not come yet, by the playback
    mutable std::mutex m_mutex;
    SourceState m_state; ///< guarded
};

} // namespace weir::capture
