// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/pipeline/operator_model.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace weir::model {

namespace {

std::int64_t floorMod(std::int64_t value, std::int64_t by)
{
    return ((value % by) + by) % by;
}

std::string text(const std::optional<std::int64_t>& value)
{
    return value ? std::to_string(*value) : "null";
}

std::string text(const Row& row)
{
    return row.key.value_or("null") + " " + text(row.value) + " " + std::to_string(row.time);
}

std::string text(const Bounds& bounds)
{
    return std::to_string(bounds.start) + " " + std::to_string(bounds.end) + " " + std::to_string(bounds.end - 1);
}

struct Totals
{
    std::int64_t count = 0;
    std::optional<std::int64_t> sum;
    std::optional<std::int64_t> least;
    std::optional<std::int64_t> most;

    void add(const std::optional<std::int64_t>& value)
    {
        ++count;
        if (!value)
            return;
        sum = sum.value_or(0) + *value;
        least = std::min(least.value_or(*value), *value);
        most = std::max(most.value_or(*value), *value);
    }
    std::string cells() const { return std::to_string(count) + " " + text(sum) + " " + text(least) + " " + text(most); }
};

Totals totalsOf(const std::vector<Row>& rows)
{
    Totals totals;
    for (const Row& row : rows)
        totals.add(row.value);
    return totals;
}

Outcome sorted(Outcome outcome)
{
    std::sort(outcome.rows.begin(), outcome.rows.end());
    return outcome;
}

bool fired(const Bounds& bounds, std::int64_t watermark)
{
    return bounds.end - 1 <= watermark;
}

using Key = std::optional<std::string>;

std::string keyCell(const Key& key, bool byKey)
{
    return byKey ? " " + key.value_or("null") : std::string();
}

} // namespace

Schedule randomSchedule(std::mt19937& random, std::size_t tables, bool late)
{
    Schedule schedule;
    // A row exactly `delay` behind may be late: the watermark that fires its window is its own time.
    schedule.delay = static_cast<std::int64_t>(random() % 9) + (late ? 0 : 1);
    const unsigned disorder = late ? 30 : static_cast<unsigned>(schedule.delay);
    std::vector<std::vector<std::int64_t>> fronts(tables);
    for (std::vector<std::int64_t>& front : fronts) {
        schedule.partitions.push_back(1 + static_cast<int>(random() % 3));
        for (int i = 0; i < schedule.partitions.back(); ++i)
            front.push_back(1000 + static_cast<std::int64_t>(random() % 20));
    }
    const unsigned batches = 1 + random() % 12;
    for (unsigned i = 0; i < batches; ++i) {
        Arrived& batch = schedule.batches.emplace_back();
        batch.table = random() % tables;
        batch.partition = static_cast<int>(random() % static_cast<unsigned>(schedule.partitions[batch.table]));
        std::int64_t& time = fronts[batch.table][static_cast<std::size_t>(batch.partition)];
        const unsigned rows = 1 + random() % 9;
        for (unsigned r = 0; r < rows; ++r) {
            time += random() % 4;
            Row& row = batch.rows.emplace_back();
            row.time = time - static_cast<std::int64_t>(random() % disorder);
            if (random() % 6)
                row.key = std::string(1, static_cast<char>('a' + random() % 3));
            if (random() % 5)
                row.value = static_cast<std::int64_t>(random() % 20) - 5;
        }
    }
    return schedule;
}

Schedule cutAnew(const Schedule& schedule, std::mt19937& random)
{
    Schedule cut = schedule;
    cut.batches.clear();
    for (const Arrived& batch : schedule.batches) {
        for (const Row& row : batch.rows) {
            if (&row == &batch.rows.front() || random() % 3 == 0)
                cut.batches.push_back({batch.table, batch.partition, {}});
            cut.batches.back().rows.push_back(row);
        }
    }
    return cut;
}

std::vector<Event> eventsOf(const Schedule& schedule, std::size_t table)
{
    std::vector<std::int64_t> own(static_cast<std::size_t>(schedule.partitions[table]), INT64_MIN);
    std::int64_t watermark = INT64_MIN;
    const auto advance = [&] {
        const std::int64_t least = *std::min_element(own.begin(), own.end());
        if (least != INT64_MAX)
            watermark = std::max(watermark, least);
    };
    std::vector<Event> events;
    for (std::size_t i = 0; i < schedule.batches.size(); ++i) {
        // Partitions without another batch have ended, before anything of this one arrives.
        for (std::size_t partition = 0; partition < own.size(); ++partition) {
            const bool more = std::any_of(schedule.batches.begin() + static_cast<std::ptrdiff_t>(i),
                schedule.batches.end(), [&](const Arrived& batch) {
                    return batch.table == table && batch.partition == static_cast<int>(partition);
                });
            if (!more)
                own[partition] = INT64_MAX;
        }
        advance();
        const Arrived& batch = schedule.batches[i];
        for (const Row& row : batch.rows) {
            if (batch.table != table)
                break;
            events.push_back({row, watermark});
            std::int64_t& mark = own[static_cast<std::size_t>(batch.partition)];
            mark = std::max(mark, row.time - schedule.delay);
            advance();
        }
    }
    return events;
}

std::vector<Bounds> windowsOf(const Windows& windows, std::int64_t time)
{
    std::vector<Bounds> all;
    if (windows.kind == sql::WindowKind::Cumulate) {
        const std::int64_t start = time - floorMod(time - windows.offset, windows.size);
        for (std::int64_t end = start + windows.step; end <= start + windows.size; end += windows.step) {
            if (end > time)
                all.push_back({start, end});
        }
        return all;
    }
    for (std::int64_t start = time - windows.size + 1; start <= time; ++start) {
        if (floorMod(start - windows.offset, windows.step) == 0)
            all.push_back({start, start + windows.size});
    }
    return all;
}

Outcome windowAggregation(const std::vector<Event>& events, const Windows& windows, bool byKey)
{
    Outcome outcome;
    std::map<std::pair<Bounds, Key>, std::vector<Row>> groups;
    for (const Event& event : events) {
        bool counted = false;
        for (const Bounds& bounds : windowsOf(windows, event.row.time)) {
            if (fired(bounds, event.watermark))
                continue;
            counted = true;
            groups[{bounds, byKey ? event.row.key : Key("")}].push_back(event.row);
        }
        outcome.late += counted ? 0 : 1;
    }
    for (const auto& [place, rows] : groups)
        outcome.rows.push_back(text(place.first) + keyCell(place.second, byKey) + " " + totalsOf(rows).cells());
    return sorted(outcome);
}

Outcome sessions(const std::vector<Event>& events, std::int64_t gap, bool byKey)
{
    struct Session
    {
        Bounds bounds;
        std::vector<Row> rows;
    };
    Outcome outcome;
    std::map<Key, std::vector<Session>> open;
    const auto report = [&](const Key& key, const Session& session) {
        outcome.rows.push_back(text(session.bounds) + keyCell(key, byKey) + " " + totalsOf(session.rows).cells());
    };
    const auto fire = [&](std::int64_t watermark) {
        for (auto& [key, all] : open)
            std::erase_if(all, [&, &name = key](const Session& session) {
                if (!fired(session.bounds, watermark))
                    return false;
                report(name, session);
                return true;
            });
    };
    for (const Event& event : events) {
        fire(event.watermark);
        std::vector<Session>& all = open[byKey ? event.row.key : Key("")];
        Session merged{{event.row.time, event.row.time + gap}, {event.row}};
        for (bool again = true; again;) {
            again = false;
            for (auto other = all.begin(); other != all.end(); ++other) {
                if (other->bounds.start > merged.bounds.end || other->bounds.end < merged.bounds.start)
                    continue;
                merged.bounds.start = std::min(merged.bounds.start, other->bounds.start);
                merged.bounds.end = std::max(merged.bounds.end, other->bounds.end);
                merged.rows.insert(merged.rows.end(), other->rows.begin(), other->rows.end());
                all.erase(other);
                again = true;
                break;
            }
        }
        if (fired(merged.bounds, event.watermark))
            ++outcome.late;
        else
            all.push_back(std::move(merged));
    }
    fire(INT64_MAX);
    return sorted(outcome);
}

Outcome cascade(const std::vector<Event>& events, const Windows& inner, const Windows& outer)
{
    Outcome outcome;
    std::map<std::pair<Bounds, Key>, std::int64_t> counts;
    for (const Event& event : events) {
        const Bounds bounds = windowsOf(inner, event.row.time).front();
        if (fired(bounds, event.watermark))
            ++outcome.late;
        else
            ++counts[{bounds, event.row.key}];
    }
    std::map<Bounds, Totals> groups;
    for (const auto& [place, count] : counts) {
        for (const Bounds& bounds : windowsOf(outer, place.first.end - 1))
            groups[bounds].add(count);
    }
    for (const auto& [bounds, totals] : groups)
        outcome.rows.push_back(text(bounds) + " " + totals.cells());
    return sorted(outcome);
}

Outcome topN(const std::vector<Event>& events, const Windows& windows, const Ranking& ranking)
{
    Outcome outcome;
    std::map<std::pair<Bounds, Key>, std::vector<Row>> groups;
    for (const Event& event : events) {
        const Bounds bounds = windowsOf(windows, event.row.time).front();
        if (fired(bounds, event.watermark))
            ++outcome.late;
        else
            groups[{bounds, event.row.key}].push_back(event.row);
    }
    const auto before = [&ranking](const Row& left, const Row& right) {
        const auto of = [&](const Row& row) { return ranking.byTime ? std::optional(row.time) : row.value; };
        if (!of(left) || !of(right))
            return of(left).has_value() != of(right).has_value() && of(left).has_value() != ranking.nullsFirst;
        return ranking.descending ? *of(left) > *of(right) : *of(left) < *of(right);
    };
    for (auto& [place, rows] : groups) {
        if (ranking.byTime && ranking.descending) // the last of equal times stays
            std::reverse(rows.begin(), rows.end());
        std::stable_sort(rows.begin(), rows.end(), before);
        for (std::int64_t number = ranking.first; number <= ranking.last && number <= std::int64_t(rows.size());
             ++number)
            outcome.rows.push_back(text(rows[static_cast<std::size_t>(number - 1)]) + " " + text(place.first) + " "
                + std::to_string(number));
    }
    return sorted(outcome);
}

namespace {

/// OVER for the rows of one key.
class OverKey
{
public:
    OverKey(const Frame& frame, Outcome& outcome) : m_frame(frame), m_outcome(outcome) { }

    void add(const Event& event)
    {
        const std::int64_t time = event.row.time;
        const bool unbounded = m_frame.preceding < 0;
        if (unbounded ? time <= event.watermark : time <= m_newest) {
            ++m_outcome.late;
            return;
        }
        m_waiting[time].push_back(event.row);
        set(time, event.watermark);
        if (unbounded || m_frame.byRows || (m_forget && *m_forget >= time + m_frame.preceding + 1))
            return;
        m_forget = time + m_frame.preceding + m_frame.preceding / 2 + 1;
        set(*m_forget, event.watermark);
    }

    void advance(std::int64_t watermark)
    {
        while (!m_timers.empty() && m_timers.begin()->first <= watermark) {
            const std::int64_t at = m_timers.begin()->second;
            m_timers.erase(m_timers.begin());
            if (m_forget && *m_forget <= at) {
                m_waiting.clear();
                m_given.clear();
                m_newest = 0;
                m_forget.reset();
                continue;
            }
            m_newest = std::max(m_newest, at);
            give(at);
        }
    }

private:
    void set(std::int64_t at, std::int64_t watermark) { m_timers.insert({std::max(at, watermark + 1), at}); }

    void give(std::int64_t at)
    {
        const std::vector<Row> rows = std::move(m_waiting[at]);
        m_waiting.erase(at);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            m_given.push_back(rows[i]);
            if (m_frame.byRows)
                show(rows[i], at);
        }
        for (std::size_t i = 0; !m_frame.byRows && i < rows.size(); ++i)
            show(rows[i], at);
    }

    void show(const Row& row, std::int64_t at)
    {
        std::vector<Row> frame = m_given;
        if (m_frame.preceding >= 0 && m_frame.byRows && std::int64_t(frame.size()) > m_frame.preceding + 1)
            frame.erase(frame.begin(), frame.end() - std::ptrdiff_t(m_frame.preceding + 1));
        if (m_frame.preceding >= 0 && !m_frame.byRows)
            std::erase_if(frame, [&](const Row& other) { return other.time < at - m_frame.preceding; });
        m_outcome.rows.push_back(text(row) + " " + totalsOf(frame).cells());
    }

    const Frame& m_frame;
    Outcome& m_outcome;
    std::map<std::int64_t, std::vector<Row>> m_waiting;
    std::vector<Row> m_given;
    std::set<std::pair<std::int64_t, std::int64_t>> m_timers; ///< due, time
    std::int64_t m_newest = 0;
    std::optional<std::int64_t> m_forget;
};

} // namespace

Outcome over(const std::vector<Event>& events, const Frame& frame)
{
    Outcome outcome;
    std::map<Key, OverKey> keys;
    for (const Event& event : events) {
        for (auto& [key, state] : keys)
            state.advance(event.watermark);
        keys.try_emplace(event.row.key, frame, outcome).first->second.add(event);
    }
    for (auto& [key, state] : keys)
        state.advance(INT64_MAX);
    return sorted(outcome);
}

Outcome updating(const std::vector<Event>& events)
{
    Outcome outcome;
    std::map<Key, std::vector<Row>> groups;
    for (const Event& event : events) {
        std::vector<Row>& rows = groups[event.row.key];
        const std::string key = keyCell(event.row.key, true) + " ";
        if (!rows.empty())
            outcome.rows.push_back("UPDATE_BEFORE" + key + totalsOf(rows).cells());
        rows.push_back(event.row);
        outcome.rows.push_back((rows.size() == 1 ? "INSERT" : "UPDATE_AFTER") + key + totalsOf(rows).cells());
    }
    return sorted(outcome);
}

namespace {

using Matches = std::function<bool(const Row& left, const Row& right)>;
using Show = std::function<std::string(const Row& row)>;

Outcome joinAll(const std::vector<Event>& left, const std::vector<Event>& right, const Join& join,
    const Matches& within, const Show& show)
{
    Outcome outcome;
    const std::string nothing = [&] {
        const std::string cells = show({{}, {}, 0});
        std::string nulls = "null";
        for (std::size_t i = 0; i < std::size_t(std::count(cells.begin(), cells.end(), ' ')); ++i)
            nulls += " null";
        return nulls;
    }();
    const auto matches = [&](const Row& l, const Row& r) {
        return l.key && r.key && *l.key == *r.key && within(l, r)
            && (!join.limit || (l.value && *l.value < *join.limit));
    };
    const bool semi = join.kind == sql::JoinKind::Semi;
    const bool anti = join.kind == sql::JoinKind::Anti;
    for (const Event& l : left) {
        bool any = false;
        for (const Event& r : right) {
            if (!matches(l.row, r.row))
                continue;
            any = true;
            if (!semi && !anti)
                outcome.rows.push_back(show(l.row) + " " + show(r.row));
        }
        if ((semi && any) || (anti && !any))
            outcome.rows.push_back(show(l.row));
        if (!any && (join.kind == sql::JoinKind::Left || join.kind == sql::JoinKind::Full))
            outcome.rows.push_back(show(l.row) + " " + nothing);
    }
    for (const Event& r : right) {
        const bool any = std::any_of(left.begin(), left.end(), [&](const Event& l) { return matches(l.row, r.row); });
        if (!any && (join.kind == sql::JoinKind::Right || join.kind == sql::JoinKind::Full))
            outcome.rows.push_back(nothing + " " + show(r.row));
    }
    return sorted(outcome);
}

} // namespace

Outcome windowJoin(
    const std::vector<Event>& left, const std::vector<Event>& right, const Windows& windows, const Join& join)
{
    const auto windowOf = [&windows](const Row& row) { return windowsOf(windows, row.time).front(); };
    return joinAll(
        left, right, join, [&](const Row& l, const Row& r) { return windowOf(l) == windowOf(r); },
        [&](const Row& row) { return text(row) + " " + text(windowOf(row)); });
}

Outcome intervalJoin(
    const std::vector<Event>& left, const std::vector<Event>& right, const Bounds& interval, const Join& join)
{
    return joinAll(
        left, right, join,
        [&](const Row& l, const Row& r) {
            return l.time + interval.start <= r.time && r.time <= l.time + interval.end;
        },
        [](const Row& row) { return text(row); });
}

} // namespace weir::model
