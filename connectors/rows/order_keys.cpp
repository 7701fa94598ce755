// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/order_keys.h"

#include <cstring>

namespace weir::rows {

namespace {

constexpr std::size_t blockBytes = std::size_t{4} << 20;
constexpr std::size_t prefixBytes = sizeof(OrderEntry::prefix);
constexpr int lengthBits = 16; ///< of OrderEntry::rest, below the place

std::uint64_t prefixOf(std::string_view key)
{
    std::uint64_t prefix = 0;
    for (std::size_t i = 0; i < prefixBytes; ++i)
        prefix = prefix << 8 | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0U);
    return prefix;
}

} // namespace

OrderKeys::OrderKeys(std::string folder) : m_folder(std::move(folder)) { }

Result<void> OrderKeys::addBlock()
{
    Block block;
    if (m_folder.empty()) {
        block.memory = std::make_unique<char[]>(blockBytes);
    } else {
        auto file = MappedFile::make(m_folder + "/keys-" + std::to_string(m_blocks.size()), blockBytes);
        if (!file)
            return file.error();
        block.file = std::move(*file);
    }
    const std::lock_guard lock(m_mutex);
    m_blocks.push_back(std::move(block));
    m_used = 0;
    return {};
}

Result<OrderEntry> OrderKeys::add(std::string_view key, std::int64_t row)
{
    key = key.substr(0, longestKey);
    OrderEntry entry{prefixOf(key), row, 0};
    if (key.size() <= prefixBytes)
        return entry;
    const std::string_view rest = key.substr(prefixBytes);
    if (m_blocks.empty() || blockBytes - m_used < rest.size()) {
        if (auto added = addBlock(); !added)
            return added.error();
    }
    Block& block = m_blocks.back();
    if (block.memory) {
        std::memcpy(block.memory.get() + m_used, rest.data(), rest.size());
    } else if (auto written = block.file->write(m_used, {rest.data(), rest.size()}); !written) {
        return written.error();
    }
    entry.rest = ((m_blocks.size() - 1) * blockBytes + m_used) << lengthBits | rest.size();
    m_used += rest.size();
    return entry;
}

std::string_view OrderKeys::restOf(const OrderEntry& entry) const
{
    if (entry.rest == 0)
        return {};
    const std::uint64_t place = entry.rest >> lengthBits;
    const std::size_t length = entry.rest & ((std::uint64_t{1} << lengthBits) - 1);
    const std::lock_guard lock(m_mutex);
    return {m_blocks[place / blockBytes].bytes() + place % blockBytes, length};
}

bool OrderKeys::isLess(const OrderEntry& a, const OrderEntry& b) const
{
    if (a.prefix != b.prefix)
        return a.prefix < b.prefix;
    if (a.rest != 0 || b.rest != 0) {
        if (const int compared = restOf(a).compare(restOf(b)); compared != 0)
            return compared < 0;
    }
    return a.row < b.row;
}

std::size_t OrderKeys::memoryBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_folder.empty() ? m_blocks.size() * blockBytes : 0;
}

} // namespace weir::rows
