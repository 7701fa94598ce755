// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/stream_writer.h"

#include <cerrno>
#include <unistd.h>

namespace weir::exporter {

Result<std::unique_ptr<ExportWriter>> StreamWriter::open(
    const ExportSettings& settings, std::unique_ptr<RowFormat> format)
{
    const bool toStandardOutput = settings.path == "-";
    std::unique_ptr<StreamWriter> writer(
        new StreamWriter(toStandardOutput ? "standard output" : settings.path, std::move(format)));
    if (!toStandardOutput) {
        auto file = PartialFile::open(settings.path, settings.existing);
        if (!file)
            return file.error();
        writer->m_file = std::move(*file);
    }
    if (auto written = writer->write(writer->m_format->head()); !written)
        return written.error();
    return std::unique_ptr<ExportWriter>(std::move(writer));
}

Result<void> StreamWriter::write(std::string_view bytes)
{
    const int descriptor = m_file ? m_file->descriptor() : STDOUT_FILENO;
    m_counters.bytes += bytes.size();
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fileError("cannot be written", m_path);
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
