// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/schema_ids.h"

#include "connectors/capture/big_endian.h"

namespace weir::capture {

namespace {

constexpr std::size_t frameBytes = 5;

} // namespace

void SchemaIds::Side::count(std::optional<std::string_view> bytes)
{
    if (!bytes)
        return;
    ++all;
    if (bytes->size() <= frameBytes || bytes->front() != 0)
        return;
    const auto id = loadBig<std::int32_t>(bytes->data() + 1);
    if (id <= 0) // registries count from 1
        return;
    ++framed;
    if (ids.size() <= mostIds)
        ++ids[id];
}

void SchemaIds::add(const RecordBatch& batch, std::span<const std::uint32_t> rows)
{
    for (const std::uint32_t row : rows) {
        m_keys.count(batch.key(row));
        m_values.count(batch.value(row));
    }
}

void SchemaIds::tell(SchemaUses& uses) const
{
    if (m_keys.isFramed()) {
        for (const auto& [id, records] : m_keys.ids)
            uses[id].keys += records;
    }
    if (m_values.isFramed()) {
        for (const auto& [id, records] : m_values.ids)
            uses[id].values += records;
    }
}

} // namespace weir::capture
