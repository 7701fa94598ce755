// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace weir {

/// Says on standard output when the window came into view: "first frame painted", "first point plotted", a line each,
/// at once, with the milliseconds since the process was started (read from /proc, so in steps of 10 ms). GUI thread.
class StartMarks : public QObject
{
    Q_OBJECT
public:
    /// Watches until both were seen; make it before the window is shown. `window` outlives it.
    explicit StartMarks(const QWidget& window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void painted();

    const QWidget& m_window;
    bool m_framePainted = false;
    bool m_lookingAround = false;
};

} // namespace weir
