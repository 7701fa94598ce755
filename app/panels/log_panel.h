// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/log_model.h"

#include <QWidget>

class QComboBox;
class QTableView;

namespace weir {

/// The log: what happened, newest last, with its level; shows all of it or only what is worse than a note.
class LogPanel : public QWidget
{
    Q_OBJECT
public:
    explicit LogPanel(LogModel& log, QWidget* parent = nullptr);
    QTableView* table() const { return m_table; }
    /// Lines of this level and worse.
    void setLeast(LogLevel level);

private:
    void createTable();
    void copySelection() const;
    void follow();

    class LevelFilter;
    LevelFilter* m_filter;
    QComboBox* m_least;
    QTableView* m_table;
};

} // namespace weir
