// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/slice_assigner.h"
#include "app/engine/window/slice_state.h"

#include <map>
#include <memory>

namespace weir::window {

/// Keeps the slices whose own end has fired as long as later windows contain them, and brings those of a window
/// together. To be used in the order of window ends: close() and window() for one end after the other. One thread.
class SliceMerger
{
public:
    virtual ~SliceMerger() = default;

    /// The slice that ends at `end` gets no more rows but late ones.
    virtual void close(std::int64_t end, std::unique_ptr<SliceState> slice) = 0;
    /// A closed slice's state, to add a late row to that counts in the windows that have not fired; made if need be.
    virtual SliceState& late(std::int64_t sliceEnd) = 0;
    /// All closed slices of the window that ends at `end`; null: no rows. Valid until the next call.
    virtual const SliceState* window(std::int64_t end) = 0;
    /// The window that ends at `end` has been emitted: what no later one contains goes.
    virtual void expire(std::int64_t end) = 0;
    /// Adds the closed slices of a window that has not fired to `into`.
    virtual void addTo(std::int64_t windowEnd, SliceState& into) const = 0;

    virtual std::size_t memoryBytes() const = 0;
    virtual std::size_t groupCount() const = 0;
};

std::unique_ptr<SliceMerger> makeMerger(const SliceAssigner& slices, std::shared_ptr<const SliceSpec> spec);

} // namespace weir::window
