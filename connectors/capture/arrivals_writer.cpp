// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/arrivals_writer.h"

namespace weir::capture {

namespace {

constexpr std::size_t fileBytes = std::size_t{4} << 20;

} // namespace

ArrivalsWriter::ArrivalsWriter(Storage& storage, std::string root, bool durable)
    : m_storage(storage), m_root(std::move(root)), m_durable(durable), m_appender(*this, durable)
{ }

Result<std::uint64_t> ArrivalsWriter::append(ArrivalEntry entry)
{
    const std::lock_guard lock(m_mutex);
    if (m_appender.isOpen() && m_appender.size() >= fileBytes) {
        if (auto rolled = m_appender.roll(); !rolled)
            return rolled.error();
    }
    entry.sequence = m_next;
    Chunk chunk{m_appender.takeBuffer(), {}};
    const bool first = !m_appender.isOpen();
    if (first && m_preamble) {
        for (ArrivalEntry& past : m_preamble()) {
            past.sequence = m_next++;
            appendArrival(chunk.bytes, past);
        }
        entry.sequence = m_next;
    }
    ++m_next;
    appendArrival(chunk.bytes, entry);
    if (auto appended = m_appender.append(std::move(chunk)); !appended)
        return appended.error();
    return entry.sequence;
}

std::uint64_t ArrivalsWriter::nextSequence()
{
    const std::lock_guard lock(m_mutex);
    return m_next;
}

/// A file that takes the place of a condemned one begins with what was not safe there: at its front or in the file
/// before, the partitions are declared.
Result<std::unique_ptr<AppendFile>> ArrivalsWriter::open(const Chunk& first)
{
    auto file = m_storage.create(pathOf(m_number + 1));
    if (!file)
        return file;
    ++m_number;
    ArrivalReader reader(first.bytes.bytes());
    ArrivalEntry entry;
    reader.next(entry);
    m_firstOf[m_number] = entry.sequence;
    const auto synced = m_durable ? m_storage.syncFolder(m_root) : Result<void>();
    if (!synced)
        return synced.error();
    return file;
}

void ArrivalsWriter::written(const Chunk&, std::size_t) { }

Result<void> ArrivalsWriter::closed(std::size_t size)
{
    if (size > 0)
        return {};
    m_firstOf.erase(m_number);
    return m_storage.remove(pathOf(m_number--));
}

Result<void> ArrivalsWriter::sync()
{
    SafeAppender::Mark mark;
    {
        const std::lock_guard lock(m_mutex);
        mark = m_appender.mark();
    }
    if (!mark.file)
        return {};
    const auto synced = mark.file->sync();
    const std::lock_guard lock(m_mutex);
    return m_appender.settle(mark, synced);
}

Result<void> ArrivalsWriter::close()
{
    const std::lock_guard lock(m_mutex);
    return m_appender.roll();
}

Result<void> ArrivalsWriter::forgetBefore(std::uint64_t sequence)
{
    const std::lock_guard lock(m_mutex);
    while (m_firstOf.size() > 1 && std::next(m_firstOf.begin())->second <= sequence) {
        if (auto removed = m_storage.remove(pathOf(m_firstOf.begin()->first)); !removed)
            return removed;
        m_firstOf.erase(m_firstOf.begin());
    }
    return {};
}

} // namespace weir::capture
