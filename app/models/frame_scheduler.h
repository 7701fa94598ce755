// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <vector>

namespace weir {

/// What the scheduler asks of one view. Both functions run on the GUI thread and must not block.
struct FrameClient
{
    /// A number that differs from the one before when there is something new to show. Cheap: a pointer and a compare.
    std::function<std::uint64_t()> generation;
    std::function<void()> pull;
    int minimumIntervalMs = 0; ///< pulls at most this often; 0: every frame
};

/// The one timer that moves the window: every 16 ms it asks each registered view that is visible whether there is
/// something new, and lets it pull. Hidden and clean views cost nothing. When pulls have taken their share of a frame,
/// the views that are left have their turn in the next one. GUI thread.
class FrameScheduler : public QObject
{
    Q_OBJECT
public:
    static constexpr int frameMs = 16;
    static constexpr double pullShareMs = 5; ///< the rest is for drawing what was pulled

    explicit FrameScheduler(QObject* parent = nullptr);

    /// Registers a view for as long as `widget` lives. A view that becomes visible again is pulled at once if dirty.
    void add(QWidget* widget, FrameClient client);
    void start();
    void stop() { m_timer.stop(); }
    /// What the timer does; for tests.
    void frame();

    /// Time spent in pulls of the busiest frame of the last second, in ms.
    double frameCostMs() const { return m_lastSecondCost; }

private:
    struct Entry
    {
        QPointer<QWidget> widget;
        FrameClient client;
        std::uint64_t seen = 0;
        bool pulledOnce = false;
        qint64 pulledAt = 0;
    };

    bool pullIfDirty(Entry& entry, qint64 now);
    void measure(double costMs, qint64 now);

    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<Entry> m_entries;
    std::vector<Entry> m_added; ///< registered during a frame
    std::size_t m_next = 0; ///< the entry whose turn is first
    bool m_inFrame = false;
    double m_worst = 0;
    double m_lastSecondCost = 0;
    qint64 m_secondBegan = 0;
};

} // namespace weir
