// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/quit_signals.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

namespace weir {

namespace {

sigset_t quitting()
{
    sigset_t quits;
    sigemptyset(&quits);
    sigaddset(&quits, SIGINT);
    sigaddset(&quits, SIGTERM);
    return quits;
}

} // namespace

void QuitSignals::block()
{
    const sigset_t quits = quitting();
    pthread_sigmask(SIG_BLOCK, &quits, nullptr);
}

QuitSignals::QuitSignals(QObject* parent) : QObject(parent)
{
    const sigset_t quits = quitting();
    m_descriptor = ::signalfd(-1, &quits, SFD_CLOEXEC | SFD_NONBLOCK);
    if (m_descriptor < 0)
        return;
    m_notifier = new QSocketNotifier(m_descriptor, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [this] {
        signalfd_siginfo seen{};
        while (::read(m_descriptor, &seen, sizeof seen) == static_cast<ssize_t>(sizeof seen)) { }
        QCoreApplication::quit();
    });
}

QuitSignals::~QuitSignals()
{
    delete m_notifier; // it watches what is closed here
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace weir
