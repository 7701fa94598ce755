// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/icons.h"

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

namespace weir::dashboard {

/// One cell of a strip: label over value, with a note beside it ("4,829,410" "1,842/s").
struct Counter
{
    QString label;
    QString value = {};
    QString note = {};
    std::optional<style::Tint> tint = {}; ///< of the value; none: text.primary
    std::optional<style::Icon> glyph = {}; ///< before the value, in the tint
    QString toolTip = {};
};

/// Counters side by side, 50 px high, divided by lines. Cells only grow while the strip is shown, so that nothing
/// jumps. What does not fit is cut at whole cells from the right and stands in the tool tip.
class CounterStrip : public QWidget
{
    Q_OBJECT
public:
    explicit CounterStrip(QWidget* parent = nullptr);
    void setCounters(std::vector<Counter> counters);
    const std::vector<Counter>& counters() const { return m_counters; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    int cellWidth(const Counter& counter) const;
    void paintCell(QPainter& painter, const QRect& cell, const Counter& counter) const;

    std::vector<Counter> m_counters;
    std::vector<int> m_widths;
};

} // namespace weir::dashboard
