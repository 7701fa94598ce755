// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/area_text.h"

#include <Qsci/qsciscintilla.h>

namespace weir::editor {

QByteArray areaUtf8(const QsciScintilla& area)
{
    const long length = area.SendScintilla(QsciScintilla::SCI_GETLENGTH);
    const void* bytes = area.SendScintillaPtrResult(QsciScintilla::SCI_GETCHARACTERPOINTER);
    // The pointer is Scintilla's own and good until the next change: copied.
    return bytes ? QByteArray(static_cast<const char*>(bytes), length) : QByteArray();
}

QFont inPoints(const QFont& font, const QsciScintilla& area)
{
    constexpr qreal pointsPerInch = 72;
    QFont sized = font;
    if (font.pixelSize() > 0)
        sized.setPointSizeF(font.pixelSize() * pointsPerInch / area.logicalDpiY());
    return sized;
}

} // namespace weir::editor
