// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/table_definition.h"
#include "connectors/record/result.h"

#include <string>

namespace weir {

/// What is wrong with a WITH option of a table.
inline Error optionError(const sql::TableDefinition& table, std::string message)
{
    return {ErrorKind::InvalidInput, std::move(message), "table " + table.name};
}

} // namespace weir
