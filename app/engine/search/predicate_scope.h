// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/table_decoder.h"
#include "app/engine/search/raw_need.h"
#include "app/engine/sql/expression.h"

#include <optional>
#include <set>
#include <span>
#include <string>

namespace weir::search {

/// Where records can lie for which a condition is true, and what they must hold. Read off the parts that AND joins;
/// never narrower than the condition.
struct PredicateScope
{
    std::optional<std::set<std::int64_t>> partitions; ///< nullopt: any
    std::int64_t firstOffset = 0;
    std::int64_t endOffset = INT64_MAX;
    /// Records before the first one that has at least this timestamp cannot match. An upper bound of time says nothing:
    /// behind a record with a later time there may be one with an earlier one.
    std::optional<EpochMs> fromTime;
    std::optional<std::set<std::string>> keys; ///< bytes; nullopt: any
    RawNeed need;
};

/// `predicate` is bound to a schema whose columns are `columns`; `timeZone` is that of the session.
PredicateScope scopeOf(
    const sql::Expression& predicate, std::span<const DecodedColumn> columns, const std::string& timeZone);

} // namespace weir::search
