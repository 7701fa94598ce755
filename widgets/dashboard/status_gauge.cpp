// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dashboard/status_gauge.h"

#include "widgets/style/format.h"
#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace weir::dashboard {

using style::Theme;

namespace {
constexpr double nearlyFull = 0.9;
} // namespace

StatusGauge::StatusGauge(const QString& name, QWidget* parent) : QWidget(parent), m_name(name)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    setValue(0, 0);
}

QString StatusGauge::usedText() const
{
    return format::bytes(m_used);
}

QString StatusGauge::limitText() const
{
    QString limit = format::bytes(m_limit);
    return m_limit > 0 ? " of " + limit.replace(".0 ", " ") : QString();
}

void StatusGauge::setValue(double used, double limit)
{
    const QString before = accessibleName();
    m_used = used;
    m_limit = limit;
    const QString words = m_name + ' ' + usedText() + limitText();
    if (words == before)
        return;
    setAccessibleName(words);
    updateGeometry();
    update();
}

QSize StatusGauge::sizeHint() const
{
    const auto& s = Theme::sizes();
    // Room for the widest value of this kind, so that the bar does not wander.
    const int value = QFontMetrics(Theme::fonts().data)
                          .horizontalAdvance(std::max(usedText(), QString("9,999 MiB"),
                              [](const QString& a, const QString& b) { return a.size() < b.size(); }));
    const QFontMetrics caption(Theme::fonts().caption);
    return {s.space[4] + caption.horizontalAdvance(m_name) + s.space[4] + s.width.gauge + s.space[4] + value
            + caption.horizontalAdvance(limitText()) + s.space[4],
        s.height.statusBar};
}

void StatusGauge::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const auto& s = Theme::sizes();
    const style::Colors& c = Theme::current().color;
    painter.setFont(Theme::fonts().caption);
    painter.setPen(c.text.secondary);
    int x = s.space[4];
    painter.drawText(QRect(x, 0, width(), height()), Qt::AlignVCenter, m_name);
    x += painter.fontMetrics().horizontalAdvance(m_name) + s.space[4];
    const QRect bar(x, (height() - s.space[4]) / 2, s.width.gauge, s.space[4]);
    painter.fillRect(bar, c.border.control);
    const QRect inner = bar.adjusted(1, 1, -1, -1);
    painter.fillRect(inner, c.bg.well);
    if (m_limit > 0) {
        const double share = std::clamp(m_used / m_limit, 0.0, 1.0);
        const QColor fill = share > nearlyFull ? c.state.warn : c.accent.base;
        painter.fillRect(QRect(inner.left(), inner.top(), qRound(inner.width() * share), inner.height()), fill);
        painter.fillRect(
            QRect(inner.left() + qRound(inner.width() * nearlyFull), inner.top(), 1, inner.height()), c.border.control);
    }
    x = bar.right() + 1 + s.space[4];
    painter.setFont(Theme::fonts().data);
    painter.setPen(c.text.primary);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter, usedText());
    x += painter.fontMetrics().horizontalAdvance(usedText());
    painter.setFont(Theme::fonts().caption);
    painter.setPen(c.text.secondary);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter, limitText());
}

} // namespace weir::dashboard
