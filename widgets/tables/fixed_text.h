// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QPointF>
#include <QRawFont>
#include <QString>

#include <array>

class QPainter;

namespace weir::tables {

/// Paints single lines of a fixed font quickly: printable ASCII goes to the screen without text layout.
class FixedText
{
public:
    void setFont(const QFont& font);
    /// Width in pixels if `text` can be painted by draw(), else -1.
    qreal widthOf(const QString& text) const;
    /// The first `length` characters.
    void draw(QPainter& painter, QPointF baseline, const QString& text, qsizetype length) const;
    qreal advance() const { return m_advance; }

private:
    QRawFont m_raw;
    std::array<quint32, 128> m_glyphs{};
    qreal m_advance = 0;
};

} // namespace weir::tables
