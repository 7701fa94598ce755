// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/icons.h"
#include "widgets/tables/record_rows.h"

#include <QColor>

#include <optional>

namespace weir::tables {

/// Colours and icons of the current theme for what rows say about themselves.
QColor toneColor(Tone tone);
std::optional<style::Icon> glyphIcon(RowGlyph glyph);
QColor glyphColor(RowGlyph glyph);
/// Invalid for RowTint::None.
QColor tintSurface(RowTint tint);

} // namespace weir::tables
