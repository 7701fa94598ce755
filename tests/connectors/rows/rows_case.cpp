// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/rows/rows_case.h"

#include "connectors/record/row_pieces.h"

namespace weir::test {

void expect(const RecordBatch& batch, std::vector<ExpectedRow>& rows)
{
    std::vector<KeptRecord> kept;
    keep(batch, kept);
    for (const RowPiece& piece : piecesOf(batch)) {
        if (piece.gap)
            rows.push_back({batch.partition(), {}, piece.gap});
        for (std::size_t i = piece.first; i < piece.end; ++i)
            rows.push_back({batch.partition(), std::move(kept[i]), std::nullopt});
    }
}

namespace {

/// "" if this is the record that row `number` should be.
QString differenceAt(const StoredRow& row, const std::vector<ExpectedRow>& expected, std::size_t number)
{
    const ExpectedRow& wanted = expected[number];
    if (wanted.missing) {
        const bool told = row.missing && row.missing->range == *wanted.missing
            && row.missing->partition == wanted.partition && row.absence == RowAbsence::Missing;
        return told ? QString() : QStringLiteral("row %1 does not tell what is missing").arg(number);
    }
    if (!row.isHere())
        return QStringLiteral("row %1 is absent: %2").arg(number).arg(int(row.absence));
    std::vector<KeptRecord> kept;
    keep(*row.batch, kept);
    if (row.batch->partition() == wanted.partition && kept[row.index] == wanted.record)
        return {};
    return QStringLiteral("row %1 is another record: offset %2 of %3 instead of %4 of %5")
        .arg(number)
        .arg(kept[row.index].offset)
        .arg(row.batch->partition().value)
        .arg(wanted.record.offset)
        .arg(wanted.partition.value);
}

} // namespace

QString differenceIn(const RowStore& store, const std::vector<ExpectedRow>& expected, RowRange range)
{
    const auto rows = store.read(range.first, range.count, std::chrono::seconds(20));
    if (!rows)
        return QString::fromStdString(rows.error().text());
    if (rows->size() != range.count)
        return QStringLiteral("%1 rows instead of %2").arg(rows->size()).arg(range.count);
    for (std::size_t i = 0; i < range.count; ++i) {
        const QString difference = differenceAt((*rows)[i], expected, static_cast<std::size_t>(range.first) + i);
        if (!difference.isEmpty())
            return difference;
    }
    return {};
}

QString differenceInScan(const RowStore& store, const std::vector<ExpectedRow>& expected)
{
    const auto scan = store.scan();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const QString difference = differenceAt(scan->at(static_cast<std::int64_t>(i)), expected, i);
        if (!difference.isEmpty())
            return difference;
    }
    return {};
}

} // namespace weir::test
