// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/filtered_rows.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace weir {

/// Finds text, bytes or a regular expression among the rows of a view, and goes from one match to the next; the rows
/// stay as they are. Counts on while it looks. Hidden until it is asked for. GUI thread.
class FindBar : public QWidget
{
    Q_OBJECT
public:
    explicit FindBar(QWidget* parent = nullptr);
    ~FindBar() override;

    /// The rows to look among; matches of others are forgotten.
    void setRows(std::shared_ptr<const RowStore> rows, std::shared_ptr<MemoryBudget> budget);
    void open(); ///< shows itself and takes the focus
    /// Grows when there is something new to tell.
    std::uint64_t generation() const { return m_found ? m_found->generation() : 0; }
    void refresh();
    bool hasMatches() const { return m_found && m_found->endRow() > m_found->firstRow(); }
    bool isMatch(qint64 row) const { return m_found && m_found->contains(row); }
    /// The next match behind `row`, or the one before it; from the other end where there is none. -1: none at all.
    qint64 matchFrom(qint64 row, bool forward) const;

signals:
    /// The user wants to be at the next match, or the one before.
    void nextRequested(bool forward);
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void look();
    void forget();

    std::shared_ptr<const RowStore> m_rows;
    std::shared_ptr<MemoryBudget> m_budget;
    std::shared_ptr<FilteredRows> m_found;
    QTimer m_pause;
    bool m_goesToFirst = false; ///< with the first match, once there is one
    QLineEdit* m_edit = nullptr;
    QComboBox* m_kind = nullptr;
    QComboBox* m_place = nullptr;
    QToolButton* m_case = nullptr;
    QLabel* m_count = nullptr;
};

} // namespace weir
