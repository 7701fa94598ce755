// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/playback.h"

#include <algorithm>

namespace weir::capture {

Playback::Playback(const Clock& real, bool paced) : m_real(real), m_everything(!paced), m_since(real.steady()) { }

/// The caller holds m_mutex.
EpochMs Playback::position() const
{
    if (!m_span)
        return m_from;
    if (m_everything)
        return m_span->end;
    const std::chrono::duration<double, std::milli> passed = m_real.steady() - m_since;
    const double moved = passed.count() * m_speed;
    const double left = static_cast<double>(m_span->end) - static_cast<double>(m_from);
    return moved >= left ? std::max(m_from, m_span->end) : m_from + static_cast<EpochMs>(moved);
}

EpochMs Playback::wallMs() const
{
    const std::lock_guard lock(m_mutex);
    return position();
}

std::chrono::steady_clock::time_point Playback::steady() const
{
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(wallMs()));
}

bool Playback::has(EpochMs received) const
{
    const std::lock_guard lock(m_mutex);
    return m_everything || (m_span && received <= position());
}

/// A capture that is still being written gets longer; its beginning stays.
void Playback::setSpan(PlaybackSpan span)
{
    const std::lock_guard lock(m_mutex);
    if (m_span) {
        m_from = position();
        m_since = m_real.steady();
        m_span->end = std::max(m_span->end, span.end);
        return;
    }
    m_span = span;
    m_from = std::max(m_from, span.begin - 1); // the first record has not come yet
    m_since = m_real.steady();
}

std::optional<PlaybackSpan> Playback::span() const
{
    const std::lock_guard lock(m_mutex);
    return m_span;
}

PlaybackState Playback::state() const
{
    const std::lock_guard lock(m_mutex);
    if (m_everything)
        return PlaybackState::Everything;
    if (m_span && position() >= m_span->end)
        return PlaybackState::Ended;
    return m_speed > 0 ? PlaybackState::Playing : PlaybackState::Paused;
}

double Playback::speed() const
{
    const std::lock_guard lock(m_mutex);
    return m_speed;
}

void Playback::play(double speed)
{
    const std::lock_guard lock(m_mutex);
    m_from = position();
    m_since = m_real.steady();
    m_speed = std::max(speed, 0.0);
}

void Playback::pause()
{
    play(0);
}

void Playback::stepTo(EpochMs time)
{
    const std::lock_guard lock(m_mutex);
    m_from = std::max(position(), m_span ? std::min(time, m_span->end) : time);
    m_since = m_real.steady();
    m_speed = 0;
}

void Playback::everything()
{
    const std::lock_guard lock(m_mutex);
    m_everything = true;
}

} // namespace weir::capture
