// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/plan.h"

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

/// The rules of windows, sessions, OVER, Top-N and joins, one row after the other, with nothing clever: what the engine
/// is held against.
namespace weir::model {

struct Row
{
    std::optional<std::string> key;
    std::optional<std::int64_t> value;
    std::int64_t time = 0;
};

/// What arrives, in order: rows of one partition of one table per batch.
struct Arrived
{
    std::size_t table = 0;
    int partition = 0;
    std::vector<Row> rows;
};

struct Schedule
{
    std::vector<int> partitions; ///< of each table
    std::int64_t delay = 0;
    std::vector<Arrived> batches;
};

/// Without `late` no row is late, whatever the order of the partitions.
Schedule randomSchedule(std::mt19937& random, std::size_t tables, bool late);
/// Cuts every batch into pieces at random places; the order of rows stays.
Schedule cutAnew(const Schedule& schedule, std::mt19937& random);

/// A row of one table and the table's watermark before it.
struct Event
{
    Row row;
    std::int64_t watermark = INT64_MIN;
};
std::vector<Event> eventsOf(const Schedule& schedule, std::size_t table);

struct Outcome
{
    std::vector<std::string> rows; ///< cells with spaces, times in milliseconds; sorted
    std::uint64_t late = 0;
    bool operator==(const Outcome&) const = default;
};

struct Bounds
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    auto operator<=>(const Bounds&) const = default;
};
struct Windows
{
    sql::WindowKind kind = sql::WindowKind::Tumble;
    std::int64_t size = 1;
    std::int64_t step = 1;
    std::int64_t offset = 0;
};
std::vector<Bounds> windowsOf(const Windows& windows, std::int64_t time);

/// start end time [key] n s lo hi
Outcome windowAggregation(const std::vector<Event>& events, const Windows& windows, bool byKey);
Outcome sessions(const std::vector<Event>& events, std::int64_t gap, bool byKey);
/// TUMBLE(outer) over TUMBLE(inner) by key: start end time n s lo hi of the inner counts.
Outcome cascade(const std::vector<Event>& events, const Windows& inner, const Windows& outer);

struct Ranking
{
    std::int64_t first = 1;
    std::int64_t last = 1;
    bool byTime = false; ///< deduplication
    bool descending = false;
    bool nullsFirst = true;
};
/// k v ts start end time rn of TUMBLE windows by key.
Outcome topN(const std::vector<Event>& events, const Windows& windows, const Ranking& ranking);

struct Frame
{
    bool byRows = false;
    std::int64_t preceding = -1;
};
/// k v ts n s lo hi
Outcome over(const std::vector<Event>& events, const Frame& frame);
/// $op k n s lo hi
Outcome updating(const std::vector<Event>& events);

/// Rows of `left` whose value is below `limit` find partners; nothing: all do.
struct Join
{
    sql::JoinKind kind = sql::JoinKind::Inner;
    std::optional<std::int64_t> limit;
};
/// k v ts start end time of both sides.
Outcome windowJoin(
    const std::vector<Event>& left, const std::vector<Event>& right, const Windows& windows, const Join& join);
/// k v ts of both sides.
Outcome intervalJoin(
    const std::vector<Event>& left, const std::vector<Event>& right, const Bounds& interval, const Join& join);

} // namespace weir::model
