// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/rows/mapped_file.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace weir::rows {

/// A row with the key that it is ordered by. Keys compare as bytes; the first eight stand here, the rest in OrderKeys.
struct OrderEntry
{
    std::uint64_t prefix = 0;
    std::int64_t row = 0;
    std::uint64_t rest = 0; ///< 0: there is none
};

/// What of keys does not fit into an OrderEntry, on disk. One thread adds, any compare.
class OrderKeys
{
public:
    static constexpr std::size_t longestKey = 256; ///< bytes that count; what is alike so far is ordered by row

    /// `folder` exists, and "keys-…" in it is nobody else's; empty: in memory.
    explicit OrderKeys(std::string folder);

    /// Error: the disk is full or fails; then the first eight bytes are all that counts.
    Result<OrderEntry> add(std::string_view key, std::int64_t row);
    bool isLess(const OrderEntry& a, const OrderEntry& b) const;
    std::size_t memoryBytes() const; ///< what is not on disk

private:
    /// In a file, or in memory.
    struct Block
    {
        std::unique_ptr<MappedFile> file;
        std::unique_ptr<char[]> memory;
        const char* bytes() const { return file ? file->bytes().data() : memory.get(); }
    };
    Result<void> addBlock();
    std::string_view restOf(const OrderEntry& entry) const;

    const std::string m_folder;
    std::size_t m_used = 0; ///< of the newest block
    mutable std::mutex m_mutex; ///< guards the list, not the blocks
    std::deque<Block> m_blocks;
};

} // namespace weir::rows
