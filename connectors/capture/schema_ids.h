// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <map>

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
    static constexpr std::size_t frameBytes = 5;

    void add(const RecordBatch& batch, std::size_t row)
    {
        m_keys.count(batch.key(row));
        m_values.count(batch.value(row));
    }
    /// Adds what was counted here to `uses`.
    void tell(SchemaUses& uses) const;

private:
    struct Side
    {
        void count(std::optional<std::string_view> bytes)
        {
            all += bytes ? 1 : 0;
            if (bytes && bytes->size() > frameBytes && bytes->front() == 0)
                countFramed(bytes->data());
        }
        void countFramed(const char* bytes);
        bool isFramed() const { return ids.size() <= mostIds && framed * 2 >= all; }

        std::map<std::int32_t, std::uint64_t> ids; ///< more than `mostIds` of them: not all
        std::uint64_t framed = 0;
        std::uint64_t all = 0; ///< but nulls
    };

    Side m_keys;
    Side m_values;
};

} // namespace weir::capture
