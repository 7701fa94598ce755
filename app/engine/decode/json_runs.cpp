// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_runs.h"

#include <algorithm>

namespace weir {

namespace {

/// Whether bytes between two values (keys, headers) can be looked at with them: nothing that opens a string, escapes
/// what follows or is no text.
bool isHarmless(std::string_view between)
{
    constexpr std::size_t longest = 256;
    return between.size() <= longest && std::all_of(between.begin(), between.end(), [](char c) {
        return c >= ' ' && c < '\x7f' && c != '"' && c != '\\';
    });
}

} // namespace

std::string_view JsonRuns::begin(const RecordBatch& batch, std::size_t row, RecordPart part)
{
    std::string_view run = *partOf(batch, row, part);
    std::size_t values = 1;
    for (++row; row < batch.size() && values < m_length; ++row) {
        const auto value = partOf(batch, row, part);
        if (!value)
            continue;
        const char* const end = run.data() + run.size();
        if (value->data() < end || static_cast<std::size_t>(value->data() + value->size() - run.data()) > longestText
            || !isHarmless({end, static_cast<std::size_t>(value->data() - end)}))
            break;
        run = {run.data(), static_cast<std::size_t>(value->data() + value->size() - run.data())};
        ++values;
    }
    m_end = row;
    m_length = std::min(2 * m_length, longestRun);
    return run;
}

void JsonRuns::breakAt(std::size_t row)
{
    if (covers(row))
        m_length = std::max(m_length / 4, std::size_t{1});
    m_end = 0;
}

} // namespace weir
