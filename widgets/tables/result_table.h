// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/row_table.h"

namespace weir::tables {

/// What stands on the line between final and provisional rows.
struct OpenWindowWords
{
    QString title; ///< "Open window 14:12:00 to 14:13:00"
    QString note; ///< "rows below can still change, Flink would not emit them yet"
    QString left; ///< "24.1 s left"
};

/// Rows of a running query: final ones, numbered and never changed, then those of windows still open. GUI thread only,
/// must not block. Columns and cells are the query's own; the table adds State, the boundary and the colours.
class ResultRows
{
public:
    virtual ~ResultRows() = default;
    virtual const std::vector<TableColumn>& columns() const = 0;
    virtual qint64 firstFinal() const = 0;
    virtual qint64 endFinal() const = 0;
    virtual qint64 provisionalCount() const = 0;
    virtual OpenWindowWords openWindow() const = 0;
    virtual std::vector<TableRow> finalRows(qint64 first, int count) const = 0;
    virtual std::vector<TableRow> provisionalRows(qint64 first, int count) const = 0; ///< counted from 0
};

/// Final and provisional rows as one list for the table: final rows keep their numbers, then the boundary row, then the
/// provisional ones.
class ResultRowList final : public RecordRows
{
public:
    explicit ResultRowList(std::shared_ptr<const ResultRows> source);

    qint64 firstRow() const override;
    qint64 endRow() const override;
    const std::vector<TableColumn>& columns() const override;
    std::vector<TableRow> rows(qint64 first, int count) const override;

    void showProvisional(bool on) { m_showProvisional = on; }
    bool showsProvisional() const { return m_showProvisional; }

private:
    TableRow boundaryRow() const;

    std::shared_ptr<const ResultRows> m_source;
    mutable std::vector<TableColumn> m_columns; ///< State and the source's own, made anew when those change
    bool m_showProvisional = true;
};

/// The rows of a query: two-line header with name and type, State column, provisional rows in italic violet below a
/// dashed line.
class ResultTable : public RowTable
{
    Q_OBJECT
public:
    explicit ResultTable(QWidget* parent = nullptr);

    void setResult(std::shared_ptr<const ResultRows> result);
    void showProvisional(bool on);

private:
    std::shared_ptr<ResultRowList> m_list;
    bool m_showProvisional = true;
};

} // namespace weir::tables
