// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/row_store.h"
#include "widgets/tables/record_rows.h"

#include <memory>

namespace weir {

/// The records of a topic view as rows of the table: time, partition, offset, key, value, size. Row numbers are the
/// store's. GUI thread.
class TopicRows final : public tables::RecordRows
{
public:
    explicit TopicRows(std::shared_ptr<const RowStore> store);

    qint64 firstRow() const override { return m_store->firstRow(); }
    qint64 endRow() const override { return m_store->endRow(); }
    const std::vector<tables::TableColumn>& columns() const override { return m_columns; }
    std::vector<tables::TableRow> rows(qint64 first, int count) const override;
    std::vector<tables::TableRow> rowsToCopy(qint64 first, int count) const override;
    /// How long a frame may wait for a disk.
    static constexpr std::chrono::milliseconds patience{8};

private:
    std::vector<tables::TableRow> read(qint64 first, int count, std::chrono::milliseconds patience) const;

    std::shared_ptr<const RowStore> m_store;
    std::vector<tables::TableColumn> m_columns;
};

} // namespace weir
