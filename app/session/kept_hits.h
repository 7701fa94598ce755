// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/shown_rows.h"
#include "connectors/record/cluster.h"

#include <functional>

namespace weir {

/// Records that were found, kept on disk until all are there, to be handed out in another order or as the newest of
/// each key. add() from any thread, one call at a time.
class KeptHits
{
public:
    /// *Blocks.* `folder` is for temporary files, and made if it is not there. Of what these topics give.
    static Result<std::unique_ptr<KeptHits>> open(
        Cluster& cluster, const std::vector<ReadRequest>& topics, const std::string& folder, const Clock& clock);

    /// *Blocks* while the disk is behind.
    Result<void> add(const RecordBatchPtr& batch, const std::vector<std::uint32_t>& rows);

    /// Takes records one by one; false: no more are wanted.
    using Taker = std::function<bool(const RecordBatchPtr& batch, std::uint32_t row)>;
    /// *Blocks.* After the last add(). An Error when not all could be kept; ends early when `cancelled` says so.
    Result<void> handOut(const ShownChoice& choice, const std::function<bool()>& cancelled, const Taker& taker);

private:
    KeptHits(std::shared_ptr<LiveBuffers> buffers, std::shared_ptr<RowBuffer> rows)
        : m_buffers(std::move(buffers)), m_rows(std::move(rows))
    { }
    Result<void> failure() const;

    const std::shared_ptr<LiveBuffers> m_buffers;
    const std::shared_ptr<RowBuffer> m_rows;
    std::int64_t m_added = 0;
};

} // namespace weir
