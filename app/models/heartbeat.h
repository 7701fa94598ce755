// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <array>

namespace weir {

/// How regularly a thread's event loop comes round: a timer of 5 ms, and the time between its calls. GUI thread.
class Heartbeat : public QObject
{
    Q_OBJECT
public:
    struct Reading
    {
        double largestGapMs = 0;
        double p99GapMs = 0;
        std::uint64_t beats = 0;
    };

    explicit Heartbeat(QObject* parent = nullptr);
    void start();
    /// Forgets what was seen so far (the start-up, say).
    void restart();
    Reading reading() const;
    /// "heartbeat: largest gap 12.3 ms, p99 6.1 ms, 1,204 beats"
    QString text() const;

private:
    void beat();
    void count(double gapMs);

    static constexpr std::size_t bins = 4096; ///< of a quarter millisecond; the last one is open
    static constexpr double binsPerMs = 4;

    QTimer m_timer;
    QElapsedTimer m_sinceBeat;
    std::array<std::uint32_t, bins> m_gaps{};
    double m_largest = 0;
    std::uint64_t m_beats = 0;
};

} // namespace weir
