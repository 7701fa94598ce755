// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/source.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace weir::test {

/// One record that a test gives to a topic.
struct GivenRecord
{
    std::optional<std::string> value = {};
    std::optional<std::string> key = {};
    EpochMs timestamp = 0;
};

/// A topic of one partition in memory: records that the test gives are what its Sources poll next, and problems come
/// and go as the test says. Thread-safe.
class LiveTopic
{
public:
    explicit LiveTopic(std::string name, std::shared_ptr<MemoryBudget> budget = nullptr);

    void give(const std::vector<GivenRecord>& records, EpochMs receivedAt = 1'700'000'000'000);
    void setProblem(const std::string& text); ///< empty: none
    std::vector<std::unique_ptr<Source>> open();
    /// The records of a range of offsets among all that were given, and then the end.
    std::vector<std::unique_ptr<Source>> openRange(std::int64_t first, std::int64_t end);
    int opened() const { return m_state->opened; }
    /// Sources that were made and not destroyed yet.
    int alive() const { return m_state->alive; }

private:
    struct State
    {
        std::mutex mutex;
        std::condition_variable changed;
        std::vector<RecordBatchPtr> next;
        std::vector<RecordBatchPtr> all;
        SourceState source;
        std::atomic<int> opened{0};
        std::atomic<int> alive{0};
    };
    class LiveSource;
    class RangeSource;

    std::string m_name;
    std::shared_ptr<MemoryBudget> m_budget;
    std::int64_t m_offset = 0;
    std::shared_ptr<State> m_state;
};

} // namespace weir::test
