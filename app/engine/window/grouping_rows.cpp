// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/grouping_rows.h"

#include <algorithm>

namespace weir::window {

GroupingRows::GroupingRows(const std::vector<std::size_t>& keys, const std::vector<std::vector<std::size_t>>& sets)
{
    for (const std::vector<std::size_t>& set : sets) {
        Set& made = m_sets.emplace_back();
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const bool absent = std::find(set.begin(), set.end(), i) == set.end();
            made.number = made.number * 2 + (absent ? 1 : 0);
            if (absent)
                made.absent.push_back(keys[i]);
        }
    }
}

void GroupingRows::process(std::size_t, const InputRows& in, OutputRows& out)
{
    const std::size_t width = in.batch.columns.size();
    for (const std::size_t place : in.places) {
        out.setPlace({place, true, 0, 0, in.firstNumber + place}, in.watermarks[place]);
        for (const Set& set : m_sets) {
            for (std::size_t i = 0; i < width; ++i) {
                if (std::find(set.absent.begin(), set.absent.end(), i) != set.absent.end())
                    out.appendNulls(i, 1);
                else
                    out.column(i).appendCopy(in.batch.columns[i], in.rows[place]);
            }
            out.append(width, set.number);
            out.endRow();
        }
    }
}

} // namespace weir::window
