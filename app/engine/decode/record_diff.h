// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <string>
#include <vector>

namespace weir {

enum class DiffKind : std::uint8_t { Same, Changed, Added, Removed };

/// One line of what two records have in common and what not, for the eye.
struct DiffLine
{
    int depth = 0;
    std::string name;
    std::string path; ///< "value.customer.tier": where it stands in the record
    DiffKind kind = DiffKind::Same;
    bool container = false; ///< its parts stand behind it, one level deeper
    std::string before; ///< as it stands there, cut where it is long; empty where it was added
    std::string after;
};

/// Record, headers, key and value of two records side by side. JSON is compared by members and places, anything else by
/// its bytes. Bounded: values of any size give a bounded number of lines, and say so.
std::vector<DiffLine> diffRecords(
    const RecordBatch& before, std::size_t beforeIndex, const RecordBatch& after, std::size_t afterIndex);

/// How many lines tell of a difference; containers count by their parts.
std::size_t differencesIn(const std::vector<DiffLine>& lines);

} // namespace weir
