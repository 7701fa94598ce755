// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFont>

class QsciScintilla;

namespace weir::editor {

/// The bytes of a text area as they are, without a detour over QString.
QByteArray areaUtf8(const QsciScintilla& area);

/// The same font sized in points: QScintilla asks for those only, and the theme sizes fonts in pixels.
QFont inPoints(const QFont& font, const QsciScintilla& area);

} // namespace weir::editor
