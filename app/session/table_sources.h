// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/table_definition.h"
#include "connectors/record/cluster.h"
#include "connectors/record/result.h"

#include <functional>
#include <memory>
#include <vector>

namespace weir {

/// Gives the cluster for a list of bootstrap servers ('properties.bootstrap.servers' and all other 'properties.*').
using ClusterFor =
    std::function<Result<std::shared_ptr<Cluster>>(const std::map<std::string, std::string>& properties)>;

/// Opens the Sources that a table's WITH options describe: connectors kafka and filesystem, start modes as Flink's.
/// Errors name the option, what was given and what is possible, in Flink's words where Flink has some.
Result<std::vector<std::unique_ptr<Source>>> openTableSources(
    const sql::TableDefinition& table, const ClusterFor& clusterFor);

} // namespace weir
