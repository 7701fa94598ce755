// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

#include <vector>

namespace weir::tables {

/// How the user arranged a table's columns: in visual order, by column id. Columns that a state does not name keep
/// their own width and come last; names of columns that are gone are ignored, so states survive changed schemas.
struct TableState
{
    struct Column
    {
        QString id;
        int width = 0;
        bool hidden = false;

        bool operator==(const Column&) const = default;
    };
    std::vector<Column> columns;

    QJsonObject toJson() const;
    /// Never fails: what is not understood is left out, widths are clamped to 1…4000.
    static TableState fromJson(const QJsonObject& object);
    bool operator==(const TableState&) const = default;
};

} // namespace weir::tables
