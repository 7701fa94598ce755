// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/log_model.h"

#include "widgets/style/format.h"

namespace weir {

LogModel::LogModel(const Clock& clock, QObject* parent) : QAbstractTableModel(parent), m_clock(clock) { }

void LogModel::add(LogLevel level, const QString& where, const QString& text)
{
    if (static_cast<int>(m_lines.size()) == capacity) {
        beginRemoveRows({}, 0, 0);
        m_lines.pop_front();
        endRemoveRows();
    }
    const int row = static_cast<int>(m_lines.size());
    beginInsertRows({}, row, row);
    m_lines.push_back({m_clock.wallMs(), level, where, text});
    endInsertRows();
}

void LogModel::setCondition(const QString& key, const QString& where, const QString& text)
{
    const auto known = m_conditions.constFind(key);
    if (known != m_conditions.constEnd() && known->text == text)
        return;
    m_conditions.insert(key, {m_clock.wallMs(), LogLevel::Warning, where, text});
    add(LogLevel::Warning, where, text);
}

void LogModel::clearCondition(const QString& key)
{
    const auto known = m_conditions.constFind(key);
    if (known == m_conditions.constEnd())
        return;
    const Line line = *known;
    m_conditions.erase(known);
    const auto lasted = static_cast<double>(m_clock.wallMs() - line.time);
    add(LogLevel::Info, line.where, QStringLiteral("Over after %1: %2").arg(format::duration(lasted), line.text));
}

int LogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int LogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= static_cast<int>(m_lines.size()))
        return {};
    const Line& line = m_lines[static_cast<std::size_t>(index.row())];
    if (role == LevelRole)
        return static_cast<int>(line.level);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case TimeColumn:
        return format::time(line.time);
    case LevelColumn:
        return line.level == LogLevel::Info   ? tr("Info")
            : line.level == LogLevel::Warning ? tr("Warning")
                                              : tr("Error");
    case WhereColumn:
        return line.where;
    default:
        return line.text;
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names{tr("Time"), tr("Level"), tr("Where"), tr("What")};
    return names.value(section);
}

} // namespace weir
