// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QSocketNotifier;

namespace weir {

/// Ctrl-C and SIGTERM close the window in order: captures are ended, what views keep on disk is removed. GUI thread.
class QuitSignals : public QObject
{
    Q_OBJECT
public:
    /// In main before the first thread: all of them inherit that they do not get these signals.
    static void block();

    explicit QuitSignals(QObject* parent = nullptr);
    ~QuitSignals() override;

private:
    int m_descriptor = -1;
    QSocketNotifier* m_notifier = nullptr;
};

} // namespace weir
