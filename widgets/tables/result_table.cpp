// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/result_table.h"

#include <QCoreApplication>

#include <algorithm>

namespace weir::tables {

namespace {

TableColumn stateColumn()
{
    TableColumn column;
    column.id = QStringLiteral("$state");
    column.name = QCoreApplication::translate("ResultTable", "State");
    column.width = 112;
    column.dataFont = false;
    return column;
}

TableCell stateCell(bool provisional)
{
    if (provisional)
        return {QCoreApplication::translate("ResultTable", "provisional"), Tone::Provisional, RowGlyph::Provisional};
    return {QCoreApplication::translate("ResultTable", "final"), Tone::Secondary, RowGlyph::Final};
}

void putState(TableRow& row, bool provisional)
{
    row.cells.insert(row.cells.begin(), stateCell(provisional));
    if (!provisional)
        return;
    row.tint = RowTint::Provisional;
    for (std::size_t i = 1; i < row.cells.size(); ++i) {
        row.cells[i].tone = Tone::Provisional;
        row.cells[i].italic = true;
    }
}

} // namespace

ResultRowList::ResultRowList(std::shared_ptr<const ResultRows> source) : m_source(std::move(source)) { }

qint64 ResultRowList::firstRow() const
{
    return m_source->firstFinal();
}

qint64 ResultRowList::endRow() const
{
    const qint64 open = m_showProvisional ? m_source->provisionalCount() : 0;
    return m_source->endFinal() + (open > 0 ? open + 1 : 0);
}

const std::vector<TableColumn>& ResultRowList::columns() const
{
    const std::vector<TableColumn>& own = m_source->columns();
    m_columns.resize(1);
    m_columns.front() = stateColumn();
    m_columns.insert(m_columns.end(), own.begin(), own.end());
    return m_columns;
}

std::vector<TableRow> ResultRowList::rows(qint64 first, int count) const
{
    const qint64 boundary = m_source->endFinal();
    const qint64 end = std::min(first + count, endRow());
    std::vector<TableRow> rows;
    if (first < boundary) {
        rows = m_source->finalRows(first, static_cast<int>(std::min(end, boundary) - first));
        for (TableRow& row : rows)
            putState(row, false);
        if (static_cast<qint64>(rows.size()) < std::min(end, boundary) - first)
            return rows; // rows left meanwhile; what follows would stand at wrong numbers
    }
    if (first <= boundary && end > boundary)
        rows.push_back(boundaryRow());
    const qint64 open = std::max(first - boundary - 1, qint64(0));
    const qint64 openEnd = end - boundary - 1;
    if (open < openEnd) {
        std::vector<TableRow> provisional = m_source->provisionalRows(open, static_cast<int>(openEnd - open));
        for (TableRow& row : provisional) {
            putState(row, true);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

TableRow ResultRowList::boundaryRow() const
{
    const OpenWindowWords words = m_source->openWindow();
    TableRow row;
    row.span = MessageSpan::All;
    row.tint = RowTint::Provisional;
    row.boundary = true;
    row.leadTone = Tone::Provisional;
    row.messageTone = Tone::Secondary;
    row.messageGlyph = RowGlyph::Provisional;
    row.messageLead = words.title;
    row.message = words.note;
    row.messageTrail = words.left;
    return row;
}

ResultTable::ResultTable(QWidget* parent) : RowTable(HeaderLines::Two, false, parent)
{
    setAccessibleName(tr("Result"));
}

void ResultTable::setResult(std::shared_ptr<const ResultRows> result)
{
    m_list = result ? std::make_shared<ResultRowList>(std::move(result)) : nullptr;
    if (m_list)
        m_list->showProvisional(m_showProvisional);
    setRows(m_list);
}

void ResultTable::showProvisional(bool on)
{
    m_showProvisional = on;
    if (m_list)
        m_list->showProvisional(on);
    refresh();
}

} // namespace weir::tables
