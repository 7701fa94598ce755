// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/row_buffer.h"
#include "app/engine/window/window_aggregation.h"

namespace weir::window {

/// How rows of one key make sessions.
struct SessionRule
{
    std::size_t timeColumn = 0;
    std::int64_t gap = 0;
    WindowZone zone = {};
};

struct OpenSession
{
    WindowBounds bounds; ///< first time, last time + gap
    std::uint64_t number = 0; ///< of its first row in arrival order
    std::uint32_t slot = 0;
};

struct OpenSessions
{
    std::vector<OpenSession> sessions; ///< by start; neither overlap nor touch
    bool empty() const { return sessions.empty(); }
};

/// Sessions of one key: a row makes [t, t + gap), which joins the open sessions that it overlaps or touches. It is late
/// when what comes of that has fired. What a session holds is the heirs' matter, under a slot number.
class SessionOperator : public KeyedOperator<OpenSessions>
{
public:
    SessionOperator(const KeyColumns& keys, const SessionRule& rule);

protected:
    void beginBatch(std::size_t port, const EventBatch& batch) override;
    void addRow(const RowVisit& visit, OutputRows& out) final;
    void fire(std::span<const Timer> timers, OutputRows& out) final;

    virtual std::uint32_t takeSlot() = 0;
    virtual void addToSlot(std::uint32_t row, std::uint32_t slot) = 0;
    virtual void mergeSlots(std::uint32_t from, std::uint32_t into) = 0; ///< and releases `from`
    struct Fired
    {
        const Timer* timer;
        OpenSession session;
    };
    virtual void emitRows(std::span<const Fired> fired, OutputRows& out) = 0; ///< and releases the slots

    const EventBatch& batch() const { return *m_batch; }
    const WindowZone& zone() const { return m_rule.zone; }
    std::size_t sessionBytes() const { return m_openSessions * sizeof(OpenSession) * 2; }

private:
    void addAt(const RowVisit& visit, std::int64_t time);

    SessionRule m_rule;
    const EventBatch* m_batch = nullptr;
    std::size_t m_openSessions = 0;
};

/// Aggregation per session. Gives window_start, window_end, window_time, the keys, the calls.
class SessionAggregation final : public SessionOperator
{
public:
    SessionAggregation(const KeyColumns& keys, const SessionRule& rule, std::vector<CallColumns> calls);

protected:
    void beginBatch(std::size_t port, const EventBatch& batch) override;
    void endBatch() override { m_accumulators.flush(); }
    std::size_t heldBytes() const override { return m_accumulators.memoryBytes() + sessionBytes(); }
    std::size_t bytesOf(const OpenSessions& state) const override;
    std::uint32_t takeSlot() override { return m_accumulators.take(); }
    void addToSlot(std::uint32_t row, std::uint32_t slot) override { m_accumulators.add(row, slot); }
    void mergeSlots(std::uint32_t from, std::uint32_t into) override;
    void emitRows(std::span<const Fired> fired, OutputRows& out) override;

private:
    Accumulators m_accumulators;
};

/// The rows of each session with its bounds behind their columns.
class SessionRows final : public SessionOperator
{
public:
    SessionRows(const KeyColumns& keys, const SessionRule& rule, const Schema& input);

protected:
    void endBatch() override;
    std::size_t heldBytes() const override;
    std::size_t bytesOf(const OpenSessions& state) const override;
    std::uint32_t takeSlot() override;
    void addToSlot(std::uint32_t row, std::uint32_t slot) override;
    void mergeSlots(std::uint32_t from, std::uint32_t into) override;
    void emitRows(std::span<const Fired> fired, OutputRows& out) override;

private:
    RowBuffer m_rows;
    std::vector<std::vector<std::uint32_t>> m_lists; ///< rows in arrival order, by slot
    std::vector<std::uint32_t> m_free;
};

} // namespace weir::window
