// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/table_definition.h"
#include "connectors/record/cluster.h"
#include "connectors/record/result.h"

namespace weir {

/// What the WITH options of a kafka table ask to read, one request for each topic: start and bounds as Flink means
/// them. Asks the cluster for its topics where there is a pattern, and for committed offsets when the start mode is
/// group-offsets (read, never joined). *Blocks.*
Result<std::vector<ReadRequest>> readRequestsOf(const sql::TableDefinition& table, Cluster& cluster);

/// A table's options that begin with 'properties.', without that.
std::map<std::string, std::string> kafkaProperties(const sql::TableDefinition& table);

} // namespace weir
