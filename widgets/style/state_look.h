// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/icons.h"

#include <QColor>
#include <QString>

namespace weir::style {

/// States of panels, rows and connections. The order of the first six is the order of lines under a plot: worst first.
enum class State {
    Alert,
    Stale,
    Incomplete,
    Provisional,
    Reduced,
    Paused,
    Live,
    Final,
    DecodeFailure,
    Tombstone,
    Control,
    ReadOnly,
    Writable,
    NotConnected,
    Connecting,
    Failed
};

/// Never colour alone: a glyph and a word as well.
struct StateLook
{
    Icon glyph = Icon::Dot;
    QString word;
    QColor color;
    QColor tint;
};

/// In the current theme.
StateLook stateLook(State state);

/// A line that tells a state in words, with its number: "Firing since 14:11:17: …".
struct StateLine
{
    State state = State::Live;
    QString text;
};

} // namespace weir::style
