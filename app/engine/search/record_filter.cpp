// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/record_filter.h"

#include <algorithm>
#include <iterator>

namespace weir::search {

std::vector<std::uint32_t> Selected::kept() const
{
    if (undecided.empty())
        return rows;
    std::vector<std::uint32_t> all;
    all.reserve(rows.size() + undecided.size());
    std::merge(rows.begin(), rows.end(), undecided.begin(), undecided.end(), std::back_inserter(all));
    return all;
}

} // namespace weir::search
