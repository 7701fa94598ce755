// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/table_definition.h"
#include "connectors/record/cluster.h"
#include "connectors/record/result.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// What tables are opened with. `clusterFor` gives the cluster for a table's 'properties.*' (without that prefix).
struct SourceEnvironment
{
    std::function<Result<std::shared_ptr<Cluster>>(const std::map<std::string, std::string>& properties)> clusterFor;
    std::shared_ptr<MemoryBudget> budget;
    const Clock* clock = &SystemClock::instance();
    /// Of all tables of a query, so that those of a capture are read in one order of arrival.
    std::shared_ptr<ReadGroup> group;
};

/// Opens the Sources that a table's WITH options describe: connectors kafka and filesystem, start modes as Flink's.
/// Errors name the option, what was given and what is possible, in Flink's words where Flink has some. *Blocks.*
Result<std::vector<std::unique_ptr<Source>>> openTableSources(
    const sql::TableDefinition& table, const SourceEnvironment& environment);

} // namespace weir
