// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/row_store.h"
#include "connectors/record/source.h"

#include <mutex>

namespace weir {

/// A stretch of the rows of a view.
struct ChosenRows
{
    std::shared_ptr<const RowStore> rows;
    std::int64_t first = 0;
    std::int64_t count = 0;
};

/// Reads rows of a view like a topic, in their order; positions are counted in rows. Rows that are no records are
/// passed over; those that had left are told as a problem.
class RowSource final : public Source
{
public:
    explicit RowSource(ChosenRows chosen);

    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds timeout) override;
    SourceState state() const override;
    const std::string& topic() const override { return m_topic; }

private:
    const ChosenRows m_chosen;
    const std::string m_topic; ///< none: there may be several
    const std::unique_ptr<RowScan> m_scan;
    mutable std::mutex m_mutex; ///< guards what follows
    std::int64_t m_next = 0; ///< row
    std::int64_t m_gone = 0;
};

} // namespace weir
