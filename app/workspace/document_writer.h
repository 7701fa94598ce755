// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/document_file.h"

#include <QStringList>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace weir {

/// Writes and removes documents on a thread of its own, in the order asked for, because a disk may take seconds to say
/// that it has them. Of several texts for one file only the newest need be written. Any thread.
class DocumentWriter
{
public:
    DocumentWriter();
    /// Waits until everything asked for is on disk.
    ~DocumentWriter();
    DocumentWriter(const DocumentWriter&) = delete;
    DocumentWriter& operator=(const DocumentWriter&) = delete;

    void write(const QString& path, const DocumentKind& kind, const QJsonObject& body);
    void remove(const QString& path);
    /// Waits until everything asked for so far is on disk.
    void flush();
    /// What went wrong since the last call, a sentence each.
    QStringList takeFailures();

private:
    struct Job
    {
        QString path;
        DocumentKind kind;
        std::optional<QJsonObject> body; ///< nullopt: remove the file
    };

    void put(Job job);
    void run(const std::stop_token& stop);

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Job> m_jobs;
    bool m_busy = false;
    QStringList m_failures;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace weir
