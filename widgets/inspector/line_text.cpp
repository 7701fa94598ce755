// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/line_text.h"

#include <QFontMetrics>
#include <QPainter>

namespace weir::inspector {

namespace {

constexpr qsizetype longestPainted = 1000;

} // namespace

QString paintable(const QString& text)
{
    QString line = text.left(longestPainted);
    for (QChar& c : line) {
        if (c.category() == QChar::Other_Control || c == QChar::LineSeparator || c == QChar::ParagraphSeparator)
            c = QLatin1Char(' ');
    }
    return line;
}

void paintElided(QPainter& painter, const QRect& rect, const QString& text, Qt::Alignment side)
{
    if (rect.width() <= 0 || text.isEmpty())
        return;
    const QString shown = painter.fontMetrics().elidedText(paintable(text), Qt::ElideRight, rect.width());
    painter.drawText(rect, static_cast<int>(side) | Qt::AlignVCenter | Qt::TextSingleLine, shown);
}

} // namespace weir::inspector
