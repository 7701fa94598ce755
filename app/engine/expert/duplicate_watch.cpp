// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/expert/duplicate_watch.h"

#include <functional>

namespace weir::expert {

namespace {

std::uint64_t mixed(std::uint64_t hash, std::uint64_t other)
{
    return (hash ^ other) * 0x9e37'79b9'7f4a'7c15U + (hash >> 29);
}

std::uint64_t hashOf(const std::optional<std::string_view>& part)
{
    return part ? std::hash<std::string_view>()(*part) : 0x6e75'6c6cU;
}

std::uint64_t hashOf(const RecordBatch& batch, std::size_t row)
{
    std::uint64_t hash = mixed(hashOf(batch.key(row)), hashOf(batch.value(row)));
    hash = mixed(hash, static_cast<std::uint64_t>(batch.timestamp(row)));
    hash = mixed(hash, static_cast<std::uint64_t>(batch.partition().value));
    for (std::size_t h = 0; h < batch.headerCount(row); ++h) {
        const Header header = batch.header(row, h);
        hash = mixed(mixed(hash, hashOf(std::optional(header.name))), hashOf(header.value));
    }
    return hash;
}

} // namespace

std::optional<std::int64_t> DuplicateWatch::add(const RecordBatch& batch, std::size_t row)
{
    if (batch.timestampType(row) != TimestampType::CreateTime) // the broker's own time says nothing of the producer
        return std::nullopt;
    m_seen.resize(remembered);
    const std::uint64_t hash = hashOf(batch, row);
    Seen& seen = m_seen[hash % remembered];
    const bool same = seen.offset >= 0 && seen.hash == hash;
    const std::int64_t before = seen.offset;
    seen = {hash, batch.offset(row)};
    return same ? std::optional(before) : std::nullopt;
}

} // namespace weir::expert
