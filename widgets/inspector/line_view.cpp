// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/line_view.h"

#include "widgets/style/theme.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <limits>

namespace weir::inspector {

using style::Theme;

LineView::LineView(QWidget* parent) : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    verticalScrollBar()->setSingleStep(1);
    connect(&style::ThemeSwitch::instance(), &style::ThemeSwitch::changed, this, [this] { measure(); });
    measure();
}

void LineView::measure()
{
    m_lineHeight = std::max(Theme::rowHeight(m_lineToken, Theme::fonts().data), 1);
    if (m_ready)
        linesChanged();
}

void LineView::setLineHeightToken(int pixels)
{
    m_lineToken = pixels;
    m_lineHeight = std::max(Theme::rowHeight(m_lineToken, Theme::fonts().data), 1);
}

qint64 LineView::topLine() const
{
    return verticalScrollBar()->value();
}

int LineView::visibleLines() const
{
    return std::max(viewport()->height() - headHeight(), 0) / m_lineHeight;
}

void LineView::showLine(qint64 line)
{
    const qint64 page = std::max(visibleLines(), 1);
    const qint64 top = std::clamp(topLine(), line - page + 1, line);
    verticalScrollBar()->setValue(static_cast<int>(std::min<qint64>(top, verticalScrollBar()->maximum())));
}

void LineView::linesChanged()
{
    m_ready = true;
    const int page = std::max(visibleLines(), 1);
    const qint64 most = std::numeric_limits<int>::max() - page;
    verticalScrollBar()->setRange(0, static_cast<int>(std::clamp<qint64>(lineCount() - page, 0, most)));
    verticalScrollBar()->setPageStep(page);
    horizontalScrollBar()->setRange(0, std::max(contentWidth() - viewport()->width(), 0));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(20);
    viewport()->update();
}

qint64 LineView::lineAtY(int y) const
{
    const int below = y - headHeight();
    return below < 0 ? topLine() - 1 : topLine() + below / m_lineHeight;
}

QRect LineView::rectOf(qint64 line) const
{
    const int y = headHeight() + static_cast<int>(line - topLine()) * m_lineHeight;
    return {-horizontalScrollBar()->value(), y, std::max(viewport()->width(), contentWidth()), m_lineHeight};
}

void LineView::paintHead(QPainter&) { }

void LineView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::current().color.bg.well);
    const qint64 first = topLine();
    const qint64 fits = visibleLines() + 1;
    paintLines(painter, first, static_cast<int>(std::clamp<qint64>(lineCount() - first, 0, fits)));
    if (headHeight() > 0)
        paintHead(painter);
}

void LineView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    linesChanged();
}

void LineView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        measure();
}

void LineView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void LineView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void LineView::scrollContentsBy(int, int)
{
    viewport()->update();
}

} // namespace weir::inspector
