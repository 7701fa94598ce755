// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/table_state.h"

#include <QJsonArray>

#include <algorithm>

namespace weir::tables {

namespace {

constexpr int widest = 4000;

} // namespace

QJsonObject TableState::toJson() const
{
    QJsonArray list;
    for (const Column& column : columns) {
        QJsonObject entry{{QStringLiteral("id"), column.id}, {QStringLiteral("width"), column.width}};
        if (column.hidden)
            entry.insert(QStringLiteral("hidden"), true);
        list.append(entry);
    }
    return {{QStringLiteral("columns"), list}};
}

TableState TableState::fromJson(const QJsonObject& object)
{
    TableState state;
    const QJsonArray list = object.value(QStringLiteral("columns")).toArray();
    for (const QJsonValue& value : list) {
        const QJsonObject entry = value.toObject();
        const QString id = entry.value(QStringLiteral("id")).toString();
        const bool known = std::any_of(
            state.columns.begin(), state.columns.end(), [&id](const Column& column) { return column.id == id; });
        if (id.isEmpty() || known)
            continue;
        const double width = entry.value(QStringLiteral("width")).toDouble(100);
        state.columns.push_back({id, static_cast<int>(std::clamp(width, 1.0, double(widest))),
            entry.value(QStringLiteral("hidden")).toBool(false)});
    }
    return state;
}

} // namespace weir::tables
