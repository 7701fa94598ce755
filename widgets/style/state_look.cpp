// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/state_look.h"

#include "widgets/style/theme.h"

namespace weir::style {

StateLook stateLook(State state)
{
    const Colors& c = Theme::current().color;
    switch (state) {
    case State::Alert:
        return {Icon::Bell, "Firing", c.state.error, c.state.errorTint};
    case State::Stale:
        return {Icon::Stale, "Stale", c.state.stale, c.state.staleTint};
    case State::Incomplete:
        return {Icon::Incomplete, "Incomplete", c.state.warn, c.state.warnTint};
    case State::Provisional:
        return {Icon::Provisional, "Provisional", c.state.provisional, c.state.provisionalTint};
    case State::Reduced:
        return {Icon::Reduced, "Reduced", c.state.info, c.state.infoTint};
    case State::Paused:
        return {Icon::Pause, "Paused", c.state.warn, c.state.warnTint};
    case State::Live:
        return {Icon::Dot, "Live", c.state.ok, c.state.okTint};
    case State::Final:
        return {Icon::Check, "final", c.state.ok, c.state.okTint};
    case State::DecodeFailure:
        return {Icon::Error, "Cannot decode", c.state.error, c.state.errorTint};
    case State::Tombstone:
        return {Icon::Tombstone, "tombstone", c.text.muted, c.bg.header};
    case State::Control:
        return {Icon::Info, "control record", c.text.muted, c.bg.header};
    case State::ReadOnly:
        return {Icon::LockClosed, "read-only", c.state.ok, c.state.okTint};
    case State::Writable:
        return {Icon::LockOpen, "writing unlocked", c.state.warn, c.state.warnTint};
    case State::NotConnected:
        return {Icon::Disconnected, "Not connected", c.text.muted, c.bg.header};
    case State::Connecting:
        return {Icon::Connect, "Connecting", c.state.info, c.state.infoTint};
    case State::Failed:
        return {Icon::Error, "Failed", c.state.error, c.state.errorTint};
    }
    return {};
}

} // namespace weir::style
