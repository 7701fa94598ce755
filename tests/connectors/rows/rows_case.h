// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/row_store.h"
#include "tests/support/random_records.h"

#include <QString>

namespace weir::test {

/// Rows as they should be: each record with its partition, and what is missing between them.
struct ExpectedRow
{
    PartitionId partition;
    KeptRecord record;
    std::optional<Gap> missing; ///< then there is no record
};

void expect(const RecordBatch& batch, std::vector<ExpectedRow>& rows);

struct RowRange
{
    std::int64_t first = 0;
    std::size_t count = 0;
};
/// "" if all rows of the range are there and are those expected; else what differs, in words.
QString differenceIn(const RowStore& store, const std::vector<ExpectedRow>& expected, RowRange range);
/// The same of all rows, walked through.
QString differenceInScan(const RowStore& store, const std::vector<ExpectedRow>& expected);

} // namespace weir::test
