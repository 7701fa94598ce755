// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/rows_model.h"

#include <algorithm>
#include <limits>

namespace weir::tables {

namespace {

constexpr qint64 mostRows = std::numeric_limits<int>::max();

} // namespace

RowsModel::RowsModel(std::shared_ptr<const RecordRows> rows, QObject* parent)
    : QAbstractTableModel(parent), m_rows(std::move(rows))
{
    m_end = m_rows->endRow();
    m_first = std::max(m_rows->firstRow(), m_end - mostRows);
    m_columns = static_cast<int>(m_rows->columns().size());
}

void RowsModel::refresh()
{
    const qint64 end = m_rows->endRow();
    const qint64 first = std::max(m_rows->firstRow(), end - mostRows);
    const int columns = static_cast<int>(m_rows->columns().size());
    if (columns != m_columns || first < m_first || first > m_end || end < m_end) {
        beginResetModel();
        m_first = first;
        m_end = end;
        m_columns = columns;
        endResetModel();
        return;
    }
    if (first > m_first) {
        beginRemoveRows({}, 0, static_cast<int>(first - m_first) - 1);
        m_first = first;
        endRemoveRows();
    }
    if (end > m_end) {
        beginInsertRows({}, rowCount(), static_cast<int>(end - m_first) - 1);
        m_end = end;
        endInsertRows();
    }
}

int RowsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_end - m_first);
}

int RowsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_columns;
}

QVariant RowsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto column = static_cast<std::size_t>(index.column());
    const std::vector<TableColumn>& columns = m_rows->columns();
    if (role == Qt::TextAlignmentRole && column < columns.size())
        return QVariant::fromValue(
            Qt::Alignment((columns[column].number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    const qint64 number = m_first + index.row();
    if (number < m_rows->firstRow() || number >= m_rows->endRow())
        return {};
    const std::vector<TableRow> rows = m_rows->rows(number, 1);
    if (rows.empty())
        return {};
    const TableRow& row = rows.front();
    if (column < row.cells.size())
        return row.cells[column].text;
    return column == row.cells.size() && row.span != MessageSpan::None ? row.messageLead + row.message : QString();
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return QString::number(m_first + section);
    const auto& columns = m_rows->columns();
    return section >= 0 && section < static_cast<int>(columns.size()) ? columns[static_cast<std::size_t>(section)].name
                                                                      : QVariant();
}

} // namespace weir::tables
