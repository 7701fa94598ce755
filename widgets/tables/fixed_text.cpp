// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/fixed_text.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace weir::tables {

namespace {

constexpr char16_t firstGlyph = 0x20;
constexpr char16_t lastGlyph = 0x7e;

} // namespace

void FixedText::setFont(const QFont& font)
{
    m_raw = QRawFont::fromFont(font);
    m_glyphs.fill(0);
    QString all;
    for (char16_t c = firstGlyph; c <= lastGlyph; ++c)
        all += QChar(c);
    const QList<quint32> indexes = m_raw.glyphIndexesForString(all);
    const QList<QPointF> advances = m_raw.advancesForGlyphIndexes(indexes);
    m_advance = QFontMetricsF(font).horizontalAdvance(QLatin1Char('0'));
    // Whoever chose a font of uneven widths as the fixed one gets ordinary text layout.
    const bool even = std::all_of(advances.begin(), advances.end(),
        [&](const QPointF& a) { return std::abs(a.x() - advances.front().x()) < 0.01; });
    if (!m_raw.isValid() || !even || indexes.size() != lastGlyph - firstGlyph + 1 || m_advance <= 0)
        return;
    for (qsizetype i = 0; i < indexes.size(); ++i)
        m_glyphs[static_cast<std::size_t>(i + firstGlyph)] = indexes[i];
}

qreal FixedText::widthOf(const QString& text) const
{
    for (const QChar c : text) {
        if (c.unicode() >= m_glyphs.size() || m_glyphs[c.unicode()] == 0)
            return -1;
    }
    return m_advance * static_cast<qreal>(text.size());
}

void FixedText::draw(QPainter& painter, QPointF baseline, const QString& text, qsizetype length) const
{
    QList<quint32> glyphs;
    QList<QPointF> places;
    glyphs.reserve(length);
    places.reserve(length);
    for (qsizetype i = 0; i < std::min(length, text.size()); ++i) {
        if (text[i] == QLatin1Char(' '))
            continue;
        glyphs.append(m_glyphs[text[i].unicode()]);
        places.append(QPointF(m_advance * static_cast<qreal>(i), 0));
    }
    QGlyphRun run;
    run.setRawFont(m_raw);
    run.setGlyphIndexes(glyphs);
    run.setPositions(places);
    painter.drawGlyphRun(baseline, run);
}

} // namespace weir::tables
