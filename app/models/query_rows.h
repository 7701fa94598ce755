// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_run.h"
#include "widgets/tables/result_table.h"

#include <memory>

namespace weir {

/// The rows of a query's newest snapshot. Final rows are numbered from the beginning of the run. GUI thread.
class QueryRows final : public tables::ResultRows
{
public:
    QueryRows(Schema schema, int windowStart, int windowEnd);

    void setSnapshot(std::shared_ptr<const QuerySnapshot> snapshot) { m_snapshot = std::move(snapshot); }

    const std::vector<tables::TableColumn>& columns() const override { return m_columns; }
    qint64 firstFinal() const override;
    qint64 endFinal() const override;
    qint64 provisionalCount() const override;
    tables::OpenWindowWords openWindow() const override;
    std::vector<tables::TableRow> finalRows(qint64 first, int count) const override;
    std::vector<tables::TableRow> provisionalRows(qint64 first, int count) const override;

private:
    std::vector<tables::TableColumn> m_columns;
    int m_windowStart;
    int m_windowEnd;
    std::shared_ptr<const QuerySnapshot> m_snapshot;
};

} // namespace weir
