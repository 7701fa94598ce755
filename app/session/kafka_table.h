// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/table_definition.h"
#include "connectors/record/cluster.h"
#include "connectors/record/result.h"

namespace weir {

/// What the WITH options of a kafka table ask to read: topic, start and bounds as Flink means them. Asks the cluster
/// for committed offsets when the start mode is group-offsets (read, never joined). *Blocks.*
Result<ReadRequest> readRequestOf(const sql::TableDefinition& table, Cluster& cluster);

} // namespace weir
