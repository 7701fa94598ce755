// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"

#include <set>

namespace weir {

/// *Blocks.* Where the groups of a cluster stand in `topics`; `named` are asked for where the cluster lists none.
/// Groups that read none of the topics are left out. An Error when the cluster does not answer.
Result<GroupRound> askGroups(
    Cluster& cluster, const std::set<std::string>& named, const std::set<std::string>& topics, const Clock& clock);

} // namespace weir
