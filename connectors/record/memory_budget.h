// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace weir {

/// Who holds memory; one gauge each in the status bar's tool tip.
enum class MemoryUse : std::uint8_t { Arenas, Rows, QueryState, Series, Results, ClientQueues, Other };
inline constexpr std::size_t memoryUseCount = 7;

/// The one memory account (bytes). Everything that grows reserves from it first. Thread-safe, lock-free.
class MemoryBudget
{
public:
    explicit MemoryBudget(std::size_t limitBytes) : m_limit(limitBytes) { }
    MemoryBudget(const MemoryBudget&) = delete;
    MemoryBudget& operator=(const MemoryBudget&) = delete;

    /// Takes `bytes` if they fit under the limit. The caller gives the same number back with release().
    bool tryReserve(MemoryUse use, std::size_t bytes)
    {
        std::size_t before = m_used.load(std::memory_order_relaxed);
        do {
            if (before + bytes > limit())
                return false;
        } while (!m_used.compare_exchange_weak(before, before + bytes, std::memory_order_relaxed));
        slot(use).fetch_add(bytes, std::memory_order_relaxed);
        return true;
    }

    /// Takes `bytes` even beyond the limit: for what is already allocated and must be told.
    void reserve(MemoryUse use, std::size_t bytes)
    {
        m_used.fetch_add(bytes, std::memory_order_relaxed);
        slot(use).fetch_add(bytes, std::memory_order_relaxed);
    }

    void release(MemoryUse use, std::size_t bytes)
    {
        slot(use).fetch_sub(bytes, std::memory_order_relaxed);
        m_used.fetch_sub(bytes, std::memory_order_relaxed);
    }

    std::size_t used() const { return m_used.load(std::memory_order_relaxed); }
    std::size_t used(MemoryUse use) const
    {
        return m_byUse[static_cast<std::size_t>(use)].load(std::memory_order_relaxed);
    }
    std::size_t limit() const { return m_limit.load(std::memory_order_relaxed); }
    void setLimit(std::size_t bytes) { m_limit.store(bytes, std::memory_order_relaxed); }

private:
    std::atomic<std::size_t>& slot(MemoryUse use) { return m_byUse[static_cast<std::size_t>(use)]; }

    std::atomic<std::size_t> m_limit;
    std::atomic<std::size_t> m_used{0};
    std::array<std::atomic<std::size_t>, memoryUseCount> m_byUse{};
};

/// A reservation that gives itself back. Moves, does not copy. Empty when default constructed.
class MemoryLease
{
public:
    MemoryLease() = default;
    /// Reserves at once, beyond the limit if need be; see MemoryBudget::tryReserve for the asking kind.
    MemoryLease(std::shared_ptr<MemoryBudget> budget, MemoryUse use, std::size_t bytes)
        : m_budget(std::move(budget)), m_bytes(bytes), m_use(use)
    {
        if (m_budget)
            m_budget->reserve(m_use, m_bytes);
    }
    /// Takes over bytes that tryReserve() granted.
    static MemoryLease adopt(std::shared_ptr<MemoryBudget> budget, MemoryUse use, std::size_t bytes)
    {
        MemoryLease lease;
        lease.m_budget = std::move(budget);
        lease.m_bytes = bytes;
        lease.m_use = use;
        return lease;
    }
    MemoryLease(MemoryLease&& other) noexcept { swap(other); }
    MemoryLease& operator=(MemoryLease&& other) noexcept
    {
        MemoryLease moved(std::move(other));
        swap(moved);
        return *this;
    }
    ~MemoryLease()
    {
        if (m_budget)
            m_budget->release(m_use, m_bytes);
    }

    std::size_t bytes() const { return m_bytes; }
    /// Changes the size of the reservation to what the owner holds now.
    void resize(std::size_t bytes)
    {
        if (m_budget && bytes > m_bytes)
            m_budget->reserve(m_use, bytes - m_bytes);
        else if (m_budget)
            m_budget->release(m_use, m_bytes - bytes);
        m_bytes = bytes;
    }

private:
    void swap(MemoryLease& other) noexcept
    {
        std::swap(m_budget, other.m_budget);
        std::swap(m_bytes, other.m_bytes);
        std::swap(m_use, other.m_use);
    }

    std::shared_ptr<MemoryBudget> m_budget;
    std::size_t m_bytes = 0;
    MemoryUse m_use = MemoryUse::Other;
};

} // namespace weir
