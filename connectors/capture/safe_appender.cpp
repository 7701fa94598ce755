// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/safe_appender.h"

namespace weir::capture {

namespace {

constexpr std::size_t mostSpare = 8;
constexpr std::size_t largestSpare = std::size_t{2} << 20;

} // namespace

Result<void> SafeAppender::append(Chunk chunk)
{
    m_unsyncedBytes += chunk.bytes.size();
    m_unsynced.push_back(std::move(chunk));
    auto appended = appendNewest();
    if (appended && !m_durable)
        keepUpTo(m_size);
    return appended;
}

Result<void> SafeAppender::appendNewest()
{
    if (!m_file)
        return open();
    auto written = write(m_unsynced.back());
    if (!written && written.error().kind != ErrorKind::ResourceLimit)
        return condemn();
    if (!written)
        forgetNewest();
    return written;
}

/// The file itself is well: it ends before this chunk.
void SafeAppender::forgetNewest()
{
    m_unsyncedBytes -= m_unsynced.back().bytes.size();
    m_unsynced.pop_back();
}

/// Begins a file with all that is not synced. One failure may be a passing one.
Result<void> SafeAppender::open()
{
    m_size = m_syncedSize = 0;
    auto opened = m_owner.open(m_unsynced.front());
    if (!opened && opened.error().kind != ErrorKind::ResourceLimit)
        opened = m_owner.open(m_unsynced.front());
    if (!opened) {
        if (opened.error().kind == ErrorKind::ResourceLimit)
            forgetNewest();
        return opened.error();
    }
    m_file = std::move(*opened);
    for (std::size_t i = 0; i < m_unsynced.size(); ++i) {
        auto written = write(m_unsynced[i]);
        if (written)
            continue;
        if (written.error().kind == ErrorKind::ResourceLimit && i + 1 == m_unsynced.size())
            forgetNewest();
        return written;
    }
    return {};
}

/// What is left of a chunk that did not fit is cut off again; where even that fails, readers cut it.
Result<void> SafeAppender::write(const Chunk& chunk)
{
    auto written = m_file->append(chunk.bytes.bytes());
    if (!written) {
        static_cast<void>(m_file->cutTo(m_size).ok());
        return written;
    }
    const std::size_t position = m_size;
    m_size += chunk.bytes.size();
    m_owner.written(chunk, position);
    return {};
}

Result<void> SafeAppender::condemn()
{
    static_cast<void>(m_file->cutTo(m_syncedSize).ok());
    m_file.reset();
    m_size = 0;
    if (auto closed = m_owner.closed(m_syncedSize); !closed)
        return closed;
    return m_unsynced.empty() ? Result<void>() : open();
}

Result<void> SafeAppender::roll()
{
    if (!m_file && m_unsynced.empty())
        return {};
    if (!m_file) {
        if (auto opened = open(); !opened)
            return opened;
    }
    for (int attempt = 0; attempt < 2 && !m_unsynced.empty(); ++attempt) {
        const Mark all = mark();
        if (auto settled = settle(all, all.file->sync()); !settled)
            return settled;
    }
    if (!m_unsynced.empty())
        return Error{ErrorKind::Io, "the disk fails again and again to keep what is written.", {}};
    m_file.reset();
    return m_owner.closed(std::exchange(m_size, 0));
}

SafeAppender::Mark SafeAppender::mark() const
{
    if (m_unsynced.empty())
        return {};
    return {m_file, m_size};
}

Result<void> SafeAppender::settle(const Mark& mark, const Result<void>& synced)
{
    if (!mark.file || mark.file != m_file)
        return {};
    if (!synced)
        return condemn();
    keepUpTo(mark.size);
    return {};
}

/// What stands before `size` in the file is safe there.
void SafeAppender::keepUpTo(std::size_t size)
{
    while (!m_unsynced.empty() && m_syncedSize + m_unsynced.front().bytes.size() <= size) {
        const std::size_t bytes = m_unsynced.front().bytes.size();
        m_syncedSize += bytes;
        m_unsyncedBytes -= bytes;
        ByteBuffer& spare = m_unsynced.front().bytes;
        spare.clear();
        if (m_spare.size() < mostSpare && spare.capacity() <= largestSpare)
            m_spare.push_back(std::move(spare));
        m_unsynced.pop_front();
    }
}

ByteBuffer SafeAppender::takeBuffer()
{
    if (m_spare.empty())
        return {};
    ByteBuffer buffer = std::move(m_spare.back());
    m_spare.pop_back();
    return buffer;
}

} // namespace weir::capture
