// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/record_rows.h"

#include <QAbstractTableModel>

#include <memory>

namespace weir::tables {

/// The same rows as a Qt model, for accessibility and tests. Qt counts rows in int, so it shows the newest 2^31 - 1.
/// Row 0 is the row windowFirst().
class RowsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit RowsModel(std::shared_ptr<const RecordRows> rows, QObject* parent = nullptr);

    /// Takes over what changed since the last call: rows gone at the front, rows new at the end; otherwise resets.
    void refresh();
    qint64 windowFirst() const { return m_first; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::shared_ptr<const RecordRows> m_rows;
    qint64 m_first = 0;
    qint64 m_end = 0;
    int m_columns = 0;
};

} // namespace weir::tables
