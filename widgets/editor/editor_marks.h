// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// Numbers that Scintilla wants for margins, markers and indicators. A marker's number is a ProblemSeverity.
namespace weir::editor::marks {

inline constexpr int glyphMargin = 0;
inline constexpr int numberMargin = 1;
inline constexpr int gapMargin = 2;
inline constexpr int severities = 3;
inline constexpr int firstIndicator = 8; ///< below are Scintilla's own for lexers

} // namespace weir::editor::marks
