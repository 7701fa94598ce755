// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollBar>

#include <vector>

namespace weir::tables {

/// A scroll bar with error marks over its groove.
class MarkScrollBar : public QScrollBar
{
    Q_OBJECT
public:
    using QScrollBar::QScrollBar;

    /// Places of marks, 0 (top) to 1 (bottom).
    void setMarks(std::vector<double> places);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<double> m_marks;
};

} // namespace weir::tables
