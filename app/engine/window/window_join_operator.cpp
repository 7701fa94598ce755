// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/window_join_operator.h"

namespace weir::window {

namespace {

constexpr std::size_t pairsAtOnce = 1024;

} // namespace

WindowJoinOperator::WindowJoinOperator(const JoinSpec& spec, const RowWindows& left, const RowWindows& right)
    : KeyedOperator(spec.keyTypes, {spec.leftKeys, spec.rightKeys}, left.zone()), m_spec(spec),
      m_pairs(m_spec), m_rowWindows{left, right}, m_left(spec.left), m_right(spec.right)
{ }

void WindowJoinOperator::addRow(const RowVisit& visit, OutputRows&)
{
    const bool timed = m_rowWindows[visit.port].forEach(*m_batch, visit.row, [&](const WindowBounds& bounds) {
        if (hasFired(bounds.end, visit.watermark))
            return countLate();
        JoinedWindow& window = windowOf(visit, bounds);
        if (visit.port == 0)
            window.left.push_back(m_left.add(m_batch->columns, visit.row));
        else
            window.right.push_back(m_right.add(m_batch->columns, visit.row));
    });
    if (!timed)
        fail(nullTime);
}

JoinedWindow& WindowJoinOperator::windowOf(const RowVisit& visit, const WindowBounds& bounds)
{
    std::vector<JoinedWindow>& windows = state(visit.key).windows;
    const auto before = [](const JoinedWindow& open, const WindowBounds& wanted) {
        return std::tie(open.bounds.end, open.bounds.start) < std::tie(wanted.end, wanted.start);
    };
    const auto found = std::lower_bound(windows.begin(), windows.end(), bounds, before);
    if (found != windows.end() && found->bounds.end == bounds.end && found->bounds.start == bounds.start)
        return *found;
    ++m_openWindows;
    addTimer(bounds.end - 1, visit.key, visit.number, visit.watermark);
    return *windows.insert(found, {bounds, {}, {}});
}

void WindowJoinOperator::fire(std::span<const Timer> timers, OutputRows& out)
{
    for (const Timer& timer : timers) {
        std::vector<JoinedWindow>& windows = state(timer.key).windows;
        for (const JoinedWindow& window : windows) {
            if (window.bounds.end - 1 != timer.at)
                continue;
            setTimerPlace(timer, out);
            join(window, !hasNull(keyCells(), timer.key), out);
            m_left.release(window.left.size());
            m_right.release(window.right.size());
            --m_openWindows;
            countFired();
        }
        std::erase_if(windows, [&](const JoinedWindow& window) { return window.bounds.end - 1 == timer.at; });
        if (windows.empty())
            windows.shrink_to_fit();
    }
}

void WindowJoinOperator::join(const JoinedWindow& window, bool matchable, OutputRows& out)
{
    std::vector<bool> rightMatched(window.right.size());
    const JoinedWindow alone{window.bounds, window.left, {}};
    for (const std::uint32_t left : window.left) {
        if (out.stopped())
            return;
        joinLeftRow(matchable ? window : alone, left, rightMatched, out);
    }
    for (std::size_t i = 0; m_spec.keepsRight() && i < window.right.size() && !out.stopped(); ++i) {
        if (!rightMatched[i])
            m_pairs.appendRight(m_right.columns(), window.right[i], out);
    }
}

/// One left row with all right ones, some at a time: a window may hold more pairs than fit anywhere.
void WindowJoinOperator::joinLeftRow(
    const JoinedWindow& window, std::uint32_t left, std::vector<bool>& rightMatched, OutputRows& out)
{
    const bool semi = m_spec.kind == sql::JoinKind::Semi || m_spec.kind == sql::JoinKind::Anti;
    const JoinPairs::Sides sides{m_left.columns(), m_right.columns()};
    bool matched = false;
    std::vector<Pair> pairs;
    std::vector<std::string> failures;
    for (std::size_t i = 0; i < window.right.size() && !(semi && matched) && !out.stopped();) {
        pairs.clear();
        const std::size_t first = i;
        for (; i < window.right.size() && pairs.size() < pairsAtOnce; ++i)
            pairs.push_back({left, window.right[i]});
        std::size_t place = first;
        for (const Pair& pair : m_pairs.matching(pairs, sides, failures)) {
            matched = true;
            while (window.right[place] != pair.right)
                ++place;
            rightMatched[place] = true;
            if (!semi)
                m_pairs.appendBoth(sides, pair, out);
        }
    }
    for (std::string& failure : failures)
        fail(std::move(failure));
    if (m_spec.kind == (matched ? sql::JoinKind::Semi : sql::JoinKind::Anti)) {
        out.append(m_left.columns(), left);
        out.endRow();
    } else if (!matched && m_spec.keepsLeft()) {
        m_pairs.appendLeft(m_left.columns(), left, out);
    }
}

void WindowJoinOperator::endBatch()
{
    moveTogether(m_left, &JoinedWindow::left);
    moveTogether(m_right, &JoinedWindow::right);
}

void WindowJoinOperator::moveTogether(RowBuffer& buffer, std::vector<std::uint32_t> JoinedWindow::*rows)
{
    if (!buffer.sparse())
        return;
    const std::vector<Column> old = buffer.startAnew();
    for (JoinedWindows& key : states()) {
        for (JoinedWindow& window : key.windows) {
            for (std::uint32_t& row : window.*rows)
                row = buffer.add(old, row);
        }
    }
}

std::size_t WindowJoinOperator::heldBytes() const
{
    return m_left.memoryBytes() + m_right.memoryBytes() + m_openWindows * sizeof(JoinedWindow) * 2
        + (m_left.liveRows() + m_right.liveRows()) * sizeof(std::uint32_t) * 2;
}

std::size_t WindowJoinOperator::bytesOf(const JoinedWindows& state) const
{
    std::size_t bytes = state.windows.size() * sizeof(JoinedWindow);
    for (const JoinedWindow& window : state.windows)
        bytes += window.left.size() * m_left.bytesPerRow() + window.right.size() * m_right.bytesPerRow();
    return bytes;
}

} // namespace weir::window
