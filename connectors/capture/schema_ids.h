// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <map>
#include <span>

namespace weir::capture {

/// How many records name a schema.
struct SchemaUse
{
    std::uint64_t keys = 0;
    std::uint64_t values = 0;
    bool operator==(const SchemaUse&) const = default;
};

/// By the schema's id in its registry.
using SchemaUses = std::map<std::int32_t, SchemaUse>;

/// Counts the schema ids in front of keys and values: a byte 0 and four bytes of id, as the clients of schema
/// registries frame them. Nothing is told of keys or values most of which are not framed so, or that have more
/// different ids than any topic has schemas: their bytes are something else. One thread.
class SchemaIds
{
public:
    static constexpr std::size_t mostIds = 64;

    void add(const RecordBatch& batch, std::span<const std::uint32_t> rows);
    /// Adds what was counted here to `uses`.
    void tell(SchemaUses& uses) const;

private:
    struct Side
    {
        void count(std::optional<std::string_view> bytes);
        bool isFramed() const { return ids.size() <= mostIds && framed * 2 >= all; }

        std::map<std::int32_t, std::uint64_t> ids; ///< more than `mostIds` of them: not all
        std::uint64_t framed = 0;
        std::uint64_t all = 0; ///< but nulls
    };

    Side m_keys;
    Side m_values;
};

} // namespace weir::capture
