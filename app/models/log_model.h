// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"

#include <QAbstractTableModel>
#include <QHash>

#include <deque>

namespace weir {

enum class LogLevel { Info, Warning, Error };

/// What happened, newest last. Keeps the newest lines only.
class LogModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Columns { TimeColumn, LevelColumn, WhereColumn, TextColumn, ColumnCount };
    static constexpr int capacity = 2000;
    static constexpr int LevelRole = Qt::UserRole + 1; ///< LogLevel as int

    explicit LogModel(const Clock& clock, QObject* parent = nullptr);

    void add(LogLevel level, const QString& where, const QString& text);
    /// A state that lasts: logged when it appears and once more when it goes. `key` names it.
    void setCondition(const QString& key, const QString& where, const QString& text);
    void clearCondition(const QString& key);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Line
    {
        EpochMs time = 0;
        LogLevel level = LogLevel::Info;
        QString where;
        QString text;
    };

    const Clock& m_clock;
    std::deque<Line> m_lines;
    QHash<QString, Line> m_conditions;
};

} // namespace weir
