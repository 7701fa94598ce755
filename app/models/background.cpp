// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/background.h"

#include <mutex>
#include <sys/resource.h>
#include <unistd.h>

namespace weir {

namespace {

constexpr int backgroundNice = 10; ///< of the scheduler's -20 to 19: about a tenth of the weight of the GUI thread

/// The way back to the GUI thread, closed when the window goes.
struct WayBack
{
    std::mutex mutex;
    QObject* receiver = nullptr;
};

} // namespace

Background::Background(QObject* parent) : QObject(parent), m_pool(new QThreadPool)
{
    m_pool->setMaxThreadCount(6); // they wait for answers, they do not compute
    auto way = std::make_shared<WayBack>();
    way->receiver = this;
    connect(this, &QObject::destroyed, [way] {
        const std::scoped_lock lock(way->mutex);
        way->receiver = nullptr;
    });
    m_post = std::make_shared<Post>([way](std::function<void()> call) {
        const std::scoped_lock lock(way->mutex);
        if (way->receiver)
            QMetaObject::invokeMethod(way->receiver, std::move(call), Qt::QueuedConnection);
    });
}

Background::~Background()
{
    m_pool->clear();
    if (m_pool->waitForDone(2000))
        delete m_pool;
}

void Background::letTheWindowGoFirst()
{
    // On Linux a nice value belongs to a thread.
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), backgroundNice);
}

std::function<void(std::function<void()>)> Background::poster(QObject* asker) const
{
    return [post = m_post, asker = QPointer<QObject>(asker)](std::function<void()> call) {
        (*post)([asker, call = std::move(call)] {
            if (asker)
                call();
        });
    };
}

} // namespace weir
