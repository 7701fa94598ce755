// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/search/key_placement.h"
#include "app/engine/search/predicate_scope.h"
#include "connectors/record/record_batch.h"

#include <memory>
#include <vector>

namespace weir::search {

/// Rows of a batch, ascending.
struct Selected
{
    std::vector<std::uint32_t> rows; ///< those that match
    /// Those that cannot be asked, because their value cannot be decoded or Flink's job would fail there.
    std::vector<std::uint32_t> undecided;

    /// Both, for who keeps what might be wanted: it can still be thrown away.
    std::vector<std::uint32_t> kept() const;
};

/// Which records of a batch are wanted. One thread.
class RecordFilter
{
public:
    virtual ~RecordFilter() = default;
    virtual Selected select(const RecordBatchPtr& batch) = 0;
};

/// A condition over the records of one topic; makes a filter for each thread. Immutable.
class RecordFilterFactory
{
public:
    virtual ~RecordFilterFactory() = default;
    virtual std::unique_ptr<RecordFilter> make() const = 0;
    /// Where matching records can lie.
    virtual const PredicateScope& scope() const = 0;
    /// Whether rows that stand for a missing range are chosen too.
    virtual bool choosesMissing() const { return false; }
};

using RecordFilterFactoryPtr = std::shared_ptr<const RecordFilterFactory>;

} // namespace weir::search
