// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/slice_merger.h"

namespace weir::window {

namespace {

using Slices = std::map<std::int64_t, std::unique_ptr<SliceState>>; ///< by slice end, or what the name says

std::size_t bytesOf(const Slices& slices)
{
    std::size_t bytes = 0;
    for (const auto& [end, slice] : slices)
        bytes += slice->memoryBytes();
    return bytes;
}

std::size_t groupsOf(const Slices& slices)
{
    std::size_t groups = 0;
    for (const auto& [end, slice] : slices)
        groups += slice->groupCount();
    return groups;
}

/// A window is one slice: nothing stays.
class TumbleMerger final : public SliceMerger
{
public:
    explicit TumbleMerger(std::shared_ptr<const SliceSpec> spec) : m_spec(std::move(spec)) { }

    void close(std::int64_t, std::unique_ptr<SliceState> slice) override { m_slice = std::move(slice); }
    SliceState& late(std::int64_t) override
    {
        if (!m_slice)
            m_slice = std::make_unique<SliceState>(*m_spec);
        return *m_slice;
    }
    const SliceState* window(std::int64_t) override { return m_slice.get(); }
    void expire(std::int64_t) override { m_slice.reset(); }
    void addTo(std::int64_t, SliceState&) const override { }
    std::size_t memoryBytes() const override { return m_slice ? m_slice->memoryBytes() : 0; }
    std::size_t groupCount() const override { return m_slice ? m_slice->groupCount() : 0; }

private:
    std::shared_ptr<const SliceSpec> m_spec;
    std::unique_ptr<SliceState> m_slice;
};

/// A window of CUMULATE is the former one of its period and one slice more: one state per period is enough.
class CumulateMerger final : public SliceMerger
{
public:
    CumulateMerger(const SliceAssigner& slices, std::shared_ptr<const SliceSpec> spec)
        : m_slices(slices), m_spec(std::move(spec))
    { }

    void close(std::int64_t end, std::unique_ptr<SliceState> slice) override
    {
        std::unique_ptr<SliceState>& period = m_periods[m_slices.lastWindowEnd(end)];
        if (!period && !m_slices.onlyUpdated()) {
            period = std::move(slice);
            return;
        }
        if (!period)
            period = std::make_unique<SliceState>(*m_spec, slice->groupCount());
        period->combine(*slice);
        if (m_slices.onlyUpdated())
            m_updated = std::move(slice);
    }

    SliceState& late(std::int64_t sliceEnd) override
    {
        std::unique_ptr<SliceState>& period = m_periods[m_slices.lastWindowEnd(sliceEnd)];
        if (!period)
            period = std::make_unique<SliceState>(*m_spec);
        return *period;
    }

    const SliceState* window(std::int64_t end) override
    {
        const auto found = m_periods.find(m_slices.lastWindowEnd(end));
        if (found == m_periods.end() || (m_slices.onlyUpdated() && !m_updated))
            return nullptr;
        if (!m_updated)
            return found->second.get();
        m_window = found->second->only(*m_updated, *m_spec);
        return m_window.get();
    }

    void expire(std::int64_t end) override
    {
        m_updated.reset();
        m_window.reset();
        if (m_slices.lastWindowEnd(end) == end)
            m_periods.erase(end);
    }

    void addTo(std::int64_t windowEnd, SliceState& into) const override
    {
        const auto found = m_periods.find(m_slices.lastWindowEnd(windowEnd));
        if (found != m_periods.end())
            into.combine(*found->second);
    }

    std::size_t memoryBytes() const override
    {
        return bytesOf(m_periods) + (m_updated ? m_updated->memoryBytes() : 0)
            + (m_window ? m_window->memoryBytes() : 0);
    }
    std::size_t groupCount() const override { return groupsOf(m_periods); }

private:
    SliceAssigner m_slices;
    std::shared_ptr<const SliceSpec> m_spec;
    Slices m_periods; ///< by the end of the period
    std::unique_ptr<SliceState> m_updated; ///< the slice that closed last, where windows show only what it changed
    std::unique_ptr<SliceState> m_window; ///< what window() gave then
};

/// Two stacks (Tangwongsan et al., 2017), of slices instead of rows: the older slices are kept as sums from each to the
/// boundary, the newer ones as one running sum, so that a window is two of them, and each slice is merged about three
/// times in its life however many windows contain it.
class HopMerger final : public SliceMerger
{
public:
    HopMerger(const SliceAssigner& slices, std::shared_ptr<const SliceSpec> spec)
        : m_assigner(slices), m_spec(std::move(spec))
    { }

    void close(std::int64_t end, std::unique_ptr<SliceState> slice) override
    {
        if (!m_newer)
            m_newer = std::make_unique<SliceState>(*m_spec);
        m_newer->combine(*slice);
        m_slices[end] = std::move(slice);
    }

    SliceState& late(std::int64_t sliceEnd) override
    {
        m_isStale = true; // sums that hold the slice are made again: late rows that count are rare
        std::unique_ptr<SliceState>& slice = m_slices[sliceEnd];
        if (!slice)
            slice = std::make_unique<SliceState>(*m_spec);
        return *slice;
    }

    const SliceState* window(std::int64_t end) override
    {
        dropBefore(m_assigner.windowOf(end).start);
        if (m_slices.empty())
            return nullptr;
        if (m_isStale || m_sums.empty())
            rebuild();
        const auto older = m_sums.begin();
        if (!m_newer)
            return older->second.get();
        if (older->first <= m_assigner.windowOf(end).start + m_assigner.step()) { // in no window to come
            m_window = std::move(older->second);
            m_sums.erase(older);
        } else {
            m_window = std::make_unique<SliceState>(*m_spec, older->second->groupCount());
            m_window->combine(*older->second);
        }
        m_window->combine(*m_newer);
        return m_window.get();
    }

    void expire(std::int64_t end) override
    {
        m_window.reset();
        dropBefore(m_assigner.windowOf(end).start + m_assigner.step());
    }

    void addTo(std::int64_t windowEnd, SliceState& into) const override
    {
        for (auto slice = m_slices.upper_bound(m_assigner.windowOf(windowEnd).start); slice != m_slices.end(); ++slice)
            into.combine(*slice->second);
    }

    std::size_t memoryBytes() const override
    {
        return bytesOf(m_slices) + bytesOf(m_sums) + (m_newer ? m_newer->memoryBytes() : 0)
            + (m_window ? m_window->memoryBytes() : 0);
    }
    std::size_t groupCount() const override { return groupsOf(m_slices); }

private:
    /// Slices that end at `start` or before are in no window any more.
    void dropBefore(std::int64_t start)
    {
        m_slices.erase(m_slices.begin(), m_slices.upper_bound(start));
        m_sums.erase(m_sums.begin(), m_sums.upper_bound(start));
        if (m_slices.empty())
            m_newer.reset();
    }

    void rebuild()
    {
        m_sums.clear();
        m_newer.reset();
        m_isStale = false;
        const SliceState* next = nullptr;
        for (auto slice = m_slices.rbegin(); slice != m_slices.rend(); ++slice) {
            auto sum = std::make_unique<SliceState>(*m_spec, slice->second->groupCount());
            sum->combine(*slice->second);
            if (next)
                sum->combine(*next);
            next = sum.get();
            m_sums.emplace_hint(m_sums.begin(), slice->first, std::move(sum));
        }
    }

    SliceAssigner m_assigner;
    std::shared_ptr<const SliceSpec> m_spec;
    Slices m_slices; ///< closed ones that a window to come contains
    Slices m_sums; ///< by slice end: that slice and all newer ones up to the boundary
    std::unique_ptr<SliceState> m_newer; ///< all beyond the boundary; null: none
    std::unique_ptr<SliceState> m_window; ///< what window() gave last
    bool m_isStale = false;
};

} // namespace

std::unique_ptr<SliceMerger> makeMerger(const SliceAssigner& slices, std::shared_ptr<const SliceSpec> spec)
{
    switch (slices.kind()) {
    case SliceKind::Hop:
        return std::make_unique<HopMerger>(slices, std::move(spec));
    case SliceKind::Cumulate:
        return std::make_unique<CumulateMerger>(slices, std::move(spec));
    case SliceKind::Tumble:
        break;
    }
    return std::make_unique<TumbleMerger>(std::move(spec));
}

} // namespace weir::window
