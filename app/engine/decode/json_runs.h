// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace weir {

/// Which bytes of a record are decoded.
enum class RecordPart : std::uint8_t { Key, Value };

inline std::optional<std::string_view> partOf(const RecordBatch& batch, std::size_t row, RecordPart part)
{
    return part == RecordPart::Key ? batch.key(row) : batch.value(row);
}

/// Cuts a batch into runs of values that stand close to each other in its arena, so that their tokens can be looked for
/// in one call, each of which has its price. Runs get short where values turn out to be broken, since what was found
/// behind such a value is lost, and longer again where they do not. One thread.
class JsonRuns
{
public:
    void restart() { m_end = 0; } ///< a new batch
    bool covers(std::size_t row) const { return row < m_end; }
    /// The bytes of the run that begins with the value in `row`.
    std::string_view begin(const RecordBatch& batch, std::size_t row, RecordPart part);
    /// The value in `row` was broken: the run ends here.
    void breakAt(std::size_t row);

private:
    static constexpr std::size_t longestRun = 64; ///< values
    static constexpr std::size_t longestText = 32 * 1024; ///< of which the tokens stay in the cache

    std::size_t m_end = 0; ///< row behind the run at hand
    std::size_t m_length = longestRun; ///< values of the next run
};

} // namespace weir
