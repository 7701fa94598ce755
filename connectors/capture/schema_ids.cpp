// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/schema_ids.h"

#include "connectors/capture/big_endian.h"

namespace weir::capture {

void SchemaIds::Side::countFramed(const char* bytes)
{
    const auto id = loadBig<std::int32_t>(bytes + 1);
    if (id <= 0) // registries count from 1
        return;
    ++framed;
    if (ids.size() <= mostIds)
        ++ids[id];
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
