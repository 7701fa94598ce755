// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/stream_writer.h"

#include "connectors/record/file_error.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::exporter {

namespace {

using FileStat = struct stat;

} // namespace

Result<std::unique_ptr<ExportWriter>> StreamWriter::open(
    const ExportSettings& settings, std::unique_ptr<RowFormat> format)
{
    std::unique_ptr<StreamWriter> writer(new StreamWriter(settings.path, std::move(format)));
    if (auto begun = writer->begin(settings.existing); !begun)
        return begun.error();
    return std::unique_ptr<ExportWriter>(std::move(writer));
}

StreamWriter::~StreamWriter()
{
    if (!m_file && m_descriptor > STDERR_FILENO)
        ::close(m_descriptor);
}

Result<void> StreamWriter::begin(Existing existing)
{
    FileStat there{};
    const bool exists = ::stat(m_path.c_str(), &there) == 0;
    if (m_path == "-") {
        m_descriptor = STDOUT_FILENO;
    } else if (exists && (S_ISCHR(there.st_mode) || S_ISFIFO(there.st_mode) || S_ISSOCK(there.st_mode))) {
        m_descriptor = ::open(m_path.c_str(), O_WRONLY | O_CLOEXEC);
        if (m_descriptor < 0)
            return fileError("cannot be opened", m_path);
    } else {
        auto file = PartialFile::open(m_path, existing);
        if (!file)
            return file.error();
        m_file = std::move(*file);
        m_descriptor = m_file->descriptor();
    }
    return write(m_format->head());
}

Result<void> StreamWriter::write(std::string_view bytes)
{
    m_counters.bytes += bytes.size();
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fileError("cannot be written", m_path == "-" ? "standard output" : m_path);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> StreamWriter::append(const RowBlock& block)
{
    // Kept by each thread: a block takes as much as the one before it.
    thread_local std::string bytes;
    bytes.clear();
    FormatCounts counts;
    if (auto formatted = m_format->append(block, bytes, counts); !formatted)
        return formatted;
    const std::lock_guard lock(m_mutex);
    m_counters.cells.rows += counts.rows;
    m_counters.cells.defused += counts.defused;
    m_counters.cells.encoded += counts.encoded;
    m_counters.cells.skipped += counts.skipped;
    return write(bytes);
}

Result<void> StreamWriter::finish()
{
    const std::lock_guard lock(m_mutex);
    return m_file ? m_file->complete() : Result<void>();
}

ExportCounters StreamWriter::counters() const
{
    const std::lock_guard lock(m_mutex);
    return m_counters;
}

} // namespace weir::exporter
