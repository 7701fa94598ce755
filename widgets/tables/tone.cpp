// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/tone.h"

#include "widgets/style/theme.h"

namespace weir::tables {

QColor toneColor(Tone tone)
{
    const style::Colors& color = style::Theme::current().color;
    switch (tone) {
    case Tone::Primary:
        return color.text.primary;
    case Tone::Secondary:
        return color.text.secondary;
    case Tone::Muted:
    case Tone::Null:
        return color.text.muted;
    case Tone::Ok:
        return color.state.ok;
    case Tone::Warn:
        return color.state.warn;
    case Tone::Error:
        return color.state.error;
    case Tone::Info:
        return color.state.info;
    case Tone::Stale:
        return color.state.stale;
    case Tone::Provisional:
        return color.state.provisional;
    case Tone::Accent:
        return color.accent.base;
    }
    return color.text.primary;
}

std::optional<style::Icon> glyphIcon(RowGlyph glyph)
{
    switch (glyph) {
    case RowGlyph::None:
        return std::nullopt;
    case RowGlyph::DecodeFailure:
        return style::Icon::Error;
    case RowGlyph::Tombstone:
        return style::Icon::Tombstone;
    case RowGlyph::Control:
        return style::Icon::Info;
    case RowGlyph::Missing:
        return style::Icon::Incomplete;
    case RowGlyph::Final:
        return style::Icon::Check;
    case RowGlyph::Provisional:
        return style::Icon::Provisional;
    case RowGlyph::Marked:
        return style::Icon::Star;
    }
    return std::nullopt;
}

QColor glyphColor(RowGlyph glyph)
{
    const style::Colors& color = style::Theme::current().color;
    switch (glyph) {
    case RowGlyph::DecodeFailure:
        return color.state.error;
    case RowGlyph::Missing:
        return color.state.warn;
    case RowGlyph::Final:
        return color.state.ok;
    case RowGlyph::Provisional:
        return color.state.provisional;
    case RowGlyph::Marked:
        return color.accent.base;
    case RowGlyph::None:
    case RowGlyph::Tombstone:
    case RowGlyph::Control:
        break;
    }
    return color.text.muted;
}

QColor tintSurface(RowTint tint)
{
    const style::Colors& color = style::Theme::current().color;
    switch (tint) {
    case RowTint::None:
        return {};
    case RowTint::Error:
        return color.state.errorTint;
    case RowTint::Warn:
        return color.state.warnTint;
    case RowTint::Ok:
        return color.state.okTint;
    case RowTint::Info:
        return color.state.infoTint;
    case RowTint::Accent:
        return color.accent.tint;
    case RowTint::Stale:
        return color.state.staleTint;
    case RowTint::Provisional:
        return color.state.provisionalTint;
    }
    return {};
}

} // namespace weir::tables
