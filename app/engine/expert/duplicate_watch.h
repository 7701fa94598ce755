// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <optional>
#include <vector>

namespace weir::expert {

/// Finds records that are in a partition twice: key, value, headers and timestamp alike, as a producer leaves them that
/// sends again without idempotence. Compares with some hundred thousand records in front, of all partitions together.
class DuplicateWatch
{
public:
    static constexpr std::size_t remembered = 262'144; ///< records, about

    /// The offset of the record that this one repeats.
    std::optional<std::int64_t> add(const RecordBatch& batch, std::size_t row);

private:
    struct Seen
    {
        std::uint64_t hash = 0;
        std::int64_t offset = -1;
    };
    std::vector<Seen> m_seen; ///< by the lower bits of the hash
};

} // namespace weir::expert
