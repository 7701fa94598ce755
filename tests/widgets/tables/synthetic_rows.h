// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/tables/record_rows.h"

#include <algorithm>
#include <utility>

/// Any number of rows made on demand; remembers what was asked for.
class SyntheticRows final : public weir::tables::RecordRows
{
public:
    explicit SyntheticRows(qint64 end, qint64 first = 0) : m_first(first), m_end(end)
    {
        const auto column = [](const char* name, bool number, bool field) {
            weir::tables::TableColumn made;
            made.id = made.name = QString::fromLatin1(name);
            made.number = number;
            made.field = field;
            return made;
        };
        m_columns = {column("Time", false, false), column("Offset", true, false), column("status", false, true),
            column("amount", true, true), column("Size", true, false)};
    }

    qint64 firstRow() const override { return m_first; }
    qint64 endRow() const override { return m_end; }
    const std::vector<weir::tables::TableColumn>& columns() const override { return m_columns; }
    std::vector<weir::tables::TableRow> rows(qint64 first, int count) const override
    {
        asked.emplace_back(first, count);
        std::vector<weir::tables::TableRow> rows;
        for (qint64 number = first; number < std::min(first + count, m_end); ++number) {
            weir::tables::TableRow row;
            const QString text = QString::number(number);
            row.cells = {{QStringLiteral("t") + text}, {text}, {QStringLiteral("FAILED")}, {QStringLiteral("1.50")},
                {QStringLiteral("99")}};
            if (cellsAgain)
                for (std::size_t i = 0; i < 5; ++i)
                    row.cells.push_back(row.cells[i]);
            if (number == failedRow) {
                row.span = weir::tables::MessageSpan::Fields;
                row.messageLead = QStringLiteral("Cannot decode value:");
                row.message = QStringLiteral("byte 23");
            }
            rows.push_back(std::move(row));
        }
        return rows;
    }

    void setRange(qint64 first, qint64 end)
    {
        m_first = first;
        m_end = end;
    }
    std::vector<weir::tables::TableColumn>& editColumns() { return m_columns; }

    qint64 failedRow = -1;
    bool cellsAgain = false; ///< ten cells in place of five
    mutable std::vector<std::pair<qint64, int>> asked;

private:
    qint64 m_first;
    qint64 m_end;
    std::vector<weir::tables::TableColumn> m_columns;
};
