// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <utility>

namespace weir {

/// Runs what blocks (asking a cluster, opening sources) away from the GUI thread and brings the result back to it, at a
/// lower priority: threads that the work starts (those that read, decode and aggregate) inherit it, so that the window
/// comes first where all cores are busy. Lives as long as the window; GUI thread.
class Background : public QObject
{
    Q_OBJECT
public:
    explicit Background(QObject* parent = nullptr);
    /// Waits up to two seconds for what runs; results of later ones go nowhere.
    ~Background() override;

    /// `work` runs on the pool and must not touch widgets; `done(result)` runs on the GUI thread while `asker` lives.
    template <typename Work, typename Done>
    void run(QObject* asker, Work work, Done done)
    {
        auto deliver = [asker = QPointer<QObject>(asker), done = std::move(done)](auto&& result) mutable {
            if (asker)
                done(std::forward<decltype(result)>(result));
        };
        m_pool->start([post = m_post, work = std::move(work), deliver = std::move(deliver)]() mutable {
            letTheWindowGoFirst();
            auto result = std::make_shared<decltype(work())>(work());
            (*post)([result, deliver = std::move(deliver)]() mutable { deliver(std::move(*result)); });
        });
    }

    /// Runs `call` on the GUI thread while `asker` lives; for progress out of `work`. From any thread.
    std::function<void(std::function<void()>)> poster(QObject* asker) const;

private:
    using Post = std::function<void(std::function<void()>)>;

    /// For the calling thread and all that it starts from now on.
    static void letTheWindowGoFirst();

    QThreadPool* m_pool; ///< deleted only when idle: its destructor would wait without end
    std::shared_ptr<Post> m_post; ///< outlives this object in late work; then it drops what it is given
};

} // namespace weir
