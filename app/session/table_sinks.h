// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_run.h"
#include "app/session/cluster_pool.h"

#include <string>

namespace weir {

/// Whether the rows of a query leave for a cluster, where writing has to be unlocked.
bool writesToCluster(const sql::QueryPlan& plan);

/// Where the rows of a query go besides the user, and what happens when there are no more.
struct TableSink
{
    ResultSink rows; ///< null: nowhere else
    std::function<Result<void>()> finish;
};

/// Opens what an INSERT INTO writes to; nothing for a SELECT and for print and blackhole tables, whose rows stay here.
/// The lock is looked at with every batch. *Blocks.*
Result<TableSink> openTableSink(const sql::QueryPlan& plan, const std::shared_ptr<ClusterPool>& pool);

} // namespace weir
