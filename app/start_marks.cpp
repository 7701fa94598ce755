// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/start_marks.h"

#include "widgets/plots/time_plot.h"

#include <QCoreApplication>
#include <QEvent>
#include <QTimer>
#include <QWidget>

#include <cstdio>
#include <fstream>
#include <string>
#include <time.h>
#include <unistd.h>

namespace weir {

namespace {

constexpr int startTimeField = 22; ///< of /proc/self/stat, counted from 1: see proc(5)

/// Since the process was started; -1 where /proc does not tell.
double processAgeMs()
{
    std::ifstream stat("/proc/self/stat");
    std::string field;
    std::getline(stat, field, ')'); // the program's name may have blanks in it
    double ticks = -1;
    for (int i = 3; i < startTimeField && stat >> field; ++i) { }
    if (!(stat >> ticks))
        return -1;
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double nowMs = static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
    return nowMs - ticks * 1e3 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void say(const char* what)
{
    std::printf("%s after %.0f ms\n", what, processAgeMs());
    std::fflush(stdout);
}

} // namespace

StartMarks::StartMarks(const QWidget& window) : m_window(window)
{
    QCoreApplication::instance()->installEventFilter(this);
}

bool StartMarks::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Paint && !m_lookingAround) {
        const auto* widget = qobject_cast<QWidget*>(watched);
        if (widget && widget->window() == &m_window) {
            m_lookingAround = true;
            // One paint event of many: the frame is there when all of them are through.
            QTimer::singleShot(0, this, &StartMarks::painted);
        }
    }
    return QObject::eventFilter(watched, event);
}

void StartMarks::painted()
{
    m_lookingAround = false;
    if (!std::exchange(m_framePainted, true))
        say("first frame painted");
    for (const plots::TimePlot* plot : m_window.findChildren<plots::TimePlot*>()) {
        if (plot->pointsDrawn() == 0)
            continue;
        say("first point plotted");
        QCoreApplication::instance()->removeEventFilter(this);
        return;
    }
}

} // namespace weir
