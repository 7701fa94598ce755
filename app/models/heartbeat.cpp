// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/heartbeat.h"

#include "widgets/style/format.h"

#include <algorithm>

namespace weir {

Heartbeat::Heartbeat(QObject* parent) : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(5);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
}

void Heartbeat::start()
{
    restart();
    m_timer.start();
}

void Heartbeat::restart()
{
    m_gaps.fill(0);
    m_largest = 0;
    m_beats = 0;
    m_sinceBeat.start();
}

void Heartbeat::beat()
{
    count(static_cast<double>(m_sinceBeat.nsecsElapsed()) / 1e6);
    m_sinceBeat.start();
}

void Heartbeat::count(double gapMs)
{
    m_largest = std::max(m_largest, gapMs);
    ++m_beats;
    ++m_gaps[std::min(bins - 1, static_cast<std::size_t>(gapMs * binsPerMs))];
}

Heartbeat::Reading Heartbeat::reading() const
{
    Reading reading{m_largest, 0, m_beats};
    std::uint64_t above = 0;
    for (std::size_t bin = bins; bin-- > 0;) {
        above += m_gaps[bin];
        if (above * 100 > m_beats) {
            reading.p99GapMs = std::min(m_largest, static_cast<double>(bin + 1) / binsPerMs);
            break;
        }
    }
    return reading;
}

QString Heartbeat::text() const
{
    const Reading now = reading();
    return QStringLiteral("heartbeat: largest gap %1 ms, p99 %2 ms, %3 beats")
        .arg(now.largestGapMs, 0, 'f', 1)
        .arg(now.p99GapMs, 0, 'f', 1)
        .arg(format::grouped(static_cast<std::int64_t>(now.beats)));
}

} // namespace weir
