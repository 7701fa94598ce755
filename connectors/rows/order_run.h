// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/rows/order_keys.h"

#include <memory>
#include <span>
#include <vector>

namespace weir::rows {

/// Entries in their order, in a file or in memory. Immutable.
class OrderRun
{
public:
    /// Of two lists in order. `path` empty: in memory. Error: the disk is full or fails.
    static Result<std::shared_ptr<const OrderRun>> merged(std::span<const OrderEntry> one,
        std::span<const OrderEntry> other, const OrderKeys& keys, const std::string& path);

    std::span<const OrderEntry> entries() const { return m_entries; }
    std::size_t memoryBytes() const { return m_memory.size() * sizeof(OrderEntry); }

private:
    std::unique_ptr<MappedFile> m_file;
    std::vector<OrderEntry> m_memory;
    std::span<const OrderEntry> m_entries;
};

} // namespace weir::rows
