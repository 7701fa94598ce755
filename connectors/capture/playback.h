// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"

#include <mutex>
#include <optional>

namespace weir::capture {

/// When a capture was received.
struct PlaybackSpan
{
    EpochMs begin = 0; ///< its first record
    EpochMs end = 0; ///< the last millisecond of the second in which the last one came
    bool operator==(const PlaybackSpan&) const = default;
};

enum class PlaybackState : std::uint8_t {
    Everything, ///< the whole capture is there at once: its time stands at its end
    Paused,
    Playing,
    Ended, ///< played to its end
};

/// The time of an opened capture. Readers get what was received by then, in the order in which it came, whatever the
/// pace: it decides when they get it, never what. Goes forward only. All functions from any thread.
class Playback final : public Clock
{
public:
    /// `paced`: begins paused in front of the first record, instead of with everything. `real` outlives it.
    Playback(const Clock& real, bool paced);

    /// The capture's time; the end of the span where everything is there.
    EpochMs wallMs() const override;
    std::chrono::steady_clock::time_point steady() const override;
    /// Whether what was received at that time may be handed out.
    bool has(EpochMs received) const;

    /// Told by the folder when it was looked at; until then, time stands still.
    void setSpan(PlaybackSpan span);
    std::optional<PlaybackSpan> span() const;
    PlaybackState state() const;
    double speed() const;

    /// From where it stands, `speed` times as fast as it was. Does nothing where everything is there.
    void play(double speed);
    void pause();
    /// To a later time, and stays there.
    void stepTo(EpochMs time);
    /// Hands out all there is, for good.
    void everything();

private:
    EpochMs position() const;

    const Clock& m_real;
    mutable std::mutex m_mutex; ///< guards what follows
    std::optional<PlaybackSpan> m_span;
    bool m_everything;
    double m_speed = 0; ///< 0: paused
    EpochMs m_from = 0; ///< where it stood…
    std::chrono::steady_clock::time_point m_since; ///< …at this real time
};

} // namespace weir::capture
