// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/cluster.h"

#include <string>
#include <vector>

namespace weir::test {

/// All that must be the same before and after looking: topics, their bounds and configs, groups, and what `groups`
/// committed; a line each.
std::string pictureOf(Cluster& cluster, const std::vector<std::string>& groups);

} // namespace weir::test
