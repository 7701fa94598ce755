// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"

#include <compare>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace weir {

/// Where something stands in an order of arrival: by its number, or where there is none by its time.
struct ArrivalOrder
{
    std::uint64_t sequence = 0;
    EpochMs time = 0;
    auto operator<=>(const ArrivalOrder&) const = default;
};

/// Sources on threads of their own that hand out in one order of arrival all the same, so that a join over a capture
/// gives the same rows each time. All members are there before the first of them is polled. Thread-safe.
class ReadGroup : public std::enable_shared_from_this<ReadGroup>
{
public:
    /// One source's part, used on its polling thread; leaves the group when it goes.
    class Member
    {
    public:
        explicit Member(std::shared_ptr<ReadGroup> group);
        ~Member();
        Member(const Member&) = delete;
        Member& operator=(const Member&) = delete;

        /// What this one has next. Waits up to `timeout` until it is its turn: that lasts until the next call, so that
        /// what is handed out meanwhile is passed on before others have theirs.
        bool await(const ArrivalOrder& next, std::chrono::milliseconds timeout);
        /// Whether more of it comes before anything of the others.
        bool isBeforeOthers(const ArrivalOrder& next) const;
        /// What the others have next, at the earliest.
        std::optional<ArrivalOrder> others() const;
        /// There is nothing (now): nobody has to wait for this one.
        void pass();

    private:
        const std::shared_ptr<ReadGroup> m_group;
        std::uint64_t m_number = 0;
    };

private:
    /// Members of equal order come in the order in which they joined. The caller holds m_mutex.
    bool isFirst(std::uint64_t member, const ArrivalOrder& next) const;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_joined = 0;
    std::map<std::uint64_t, std::optional<ArrivalOrder>> m_next; ///< by member; nullopt: it has nothing
};

} // namespace weir
