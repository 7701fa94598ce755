// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QString>

class QPainter;

namespace weir::inspector {

/// A single line for painting: control characters become spaces, and what no screen is wide enough for is cut off.
QString paintable(const QString& text);
/// Paints one line in the painter's font and pen, vertically centred, elided at the right.
void paintElided(QPainter& painter, const QRect& rect, const QString& text, Qt::Alignment side);

} // namespace weir::inspector
