// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/document_writer.h"

#include <QFile>

#include <algorithm>

namespace weir {

namespace {

QString removeFile(const QString& path)
{
    QFile file(path);
    if (!file.exists() || file.remove())
        return {};
    return QStringLiteral("%1 could not be removed: %2").arg(path, file.errorString());
}

QString writeFile(const QString& path, const DocumentKind& kind, const QJsonObject& body)
{
    const Result<void> written = writeDocument(path, kind, body);
    return written ? QString() : QString::fromStdString(written.error().text());
}

} // namespace

DocumentWriter::DocumentWriter() : m_thread([this](const std::stop_token& stop) { run(stop); }) { }

DocumentWriter::~DocumentWriter()
{
    flush();
}

void DocumentWriter::write(const QString& path, const DocumentKind& kind, const QJsonObject& body)
{
    put({path, kind, body});
}

void DocumentWriter::remove(const QString& path)
{
    put({path, {}, std::nullopt});
}

void DocumentWriter::put(Job job)
{
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_jobs, [&](const Job& older) { return older.path == job.path; });
    m_jobs.push_back(std::move(job));
    m_changed.notify_all();
}

void DocumentWriter::run(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return !m_jobs.empty(); })) {
        const Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        m_busy = true;
        lock.unlock();
        const QString failure = job.body ? writeFile(job.path, job.kind, *job.body) : removeFile(job.path);
        lock.lock();
        m_busy = false;
        if (!failure.isEmpty())
            m_failures.append(failure);
        m_changed.notify_all();
    }
}

void DocumentWriter::flush()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_jobs.empty() && !m_busy; });
}

QStringList DocumentWriter::takeFailures()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_failures, {});
}

} // namespace weir
