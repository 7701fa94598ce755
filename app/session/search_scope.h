// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/search/predicate_scope.h"
#include "app/session/filter_table.h"

#include <optional>
#include <string>
#include <vector>

namespace weir {

/// Whether partitions may be left out because of where producers put keys.
enum class KeyRouting : std::uint8_t { Believed, Ignored };

/// What of a request has to be read.
struct NarrowedRequest
{
    std::optional<ReadRequest> request; ///< nullopt: no record can match
    std::size_t partitions = 0; ///< that are read
    std::size_t allPartitions = 0; ///< that were asked for
    std::vector<std::string> reasons; ///< why the rest need not be read, in words
};

/// *Blocks.* Leaves out what cannot match. `table` says how keys lie; null: unknown.
Result<NarrowedRequest> narrow(Cluster& cluster, const ReadRequest& request, const search::PredicateScope& scope,
    const FilterTable* table, KeyRouting routing);

} // namespace weir
