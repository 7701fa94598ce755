// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/query_rows.h"

#include "app/models/cell_text.h"
#include "widgets/style/format.h"

#include <QObject>

namespace weir {

namespace {

tables::TableColumn columnOf(const RowField& field)
{
    tables::TableColumn column;
    column.id = QString::fromStdString(field.name);
    column.name = column.id;
    column.caption = QString::fromStdString(field.type.asNullable().text());
    column.number = field.type.isNumeric();
    column.width = field.type.isTimestamp() ? 190 : 130;
    return column;
}

tables::TableRow rowOf(const ResultBatch& batch, std::size_t row)
{
    tables::TableRow shown;
    for (const Column& column : batch.columns) {
        const auto text = shownText(column, row);
        shown.cells.push_back(
            text ? tables::TableCell{*text} : tables::TableCell{QStringLiteral("NULL"), tables::Tone::Null});
    }
    return shown;
}

std::vector<tables::TableRow> rowsOf(const ResultBatch* batch, qint64 first, int count)
{
    std::vector<tables::TableRow> rows;
    const qint64 end = batch ? static_cast<qint64>(batch->rowCount) : 0;
    for (qint64 row = first; row < std::min(end, first + count); ++row)
        rows.push_back(rowOf(*batch, static_cast<std::size_t>(row)));
    return rows;
}

} // namespace

QueryRows::QueryRows(Schema schema, int windowStart, int windowEnd) : m_windowStart(windowStart), m_windowEnd(windowEnd)
{
    for (const RowField& field : schema)
        m_columns.push_back(columnOf(field));
}

qint64 QueryRows::firstFinal() const
{
    return m_snapshot ? static_cast<qint64>(m_snapshot->droppedRows) : 0;
}

qint64 QueryRows::endFinal() const
{
    return m_snapshot && m_snapshot->rows ? firstFinal() + static_cast<qint64>(m_snapshot->rows->rowCount)
                                          : firstFinal();
}

qint64 QueryRows::provisionalCount() const
{
    return m_snapshot && m_snapshot->provisional ? static_cast<qint64>(m_snapshot->provisional->rowCount) : 0;
}

tables::OpenWindowWords QueryRows::openWindow() const
{
    tables::OpenWindowWords words{
        QObject::tr("Open windows"), QObject::tr("rows below can still change, Flink would not emit them yet"), {}};
    if (m_windowStart >= 0 && provisionalCount() > 0) {
        const Column& starts = m_snapshot->provisional->columns[static_cast<std::size_t>(m_windowStart)];
        const std::int64_t start = starts.values<Timestamp>().front().millis;
        words.title = QObject::tr("Open window from %1").arg(format::timeSeconds(start));
    }
    if (m_windowEnd >= 0 && provisionalCount() > 0 && m_snapshot->counters.watermark > 0) {
        const Column& ends = m_snapshot->provisional->columns[static_cast<std::size_t>(m_windowEnd)];
        const std::int64_t left = ends.values<Timestamp>().front().millis - m_snapshot->counters.watermark;
        words.left = QObject::tr("%1 left").arg(format::duration(static_cast<double>(std::max<std::int64_t>(left, 0))));
    }
    return words;
}

std::vector<tables::TableRow> QueryRows::finalRows(qint64 first, int count) const
{
    return rowsOf(m_snapshot ? m_snapshot->rows.get() : nullptr, first - firstFinal(), count);
}

std::vector<tables::TableRow> QueryRows::provisionalRows(qint64 first, int count) const
{
    return rowsOf(m_snapshot ? m_snapshot->provisional.get() : nullptr, first, count);
}

} // namespace weir
