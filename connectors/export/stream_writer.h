// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/export_writer.h"

#include <mutex>

namespace weir::exporter {

/// Rows as a stream of bytes: to a file, to standard output, or to a device or pipe that has a name. Formatting happens
/// outside of the lock.
class StreamWriter final : public ExportWriter
{
public:
    static Result<std::unique_ptr<ExportWriter>> open(
        const ExportSettings& settings, std::unique_ptr<RowFormat> format);

    ~StreamWriter() override;
    Result<void> append(const RowBlock& block) override;
    Result<void> finish() override;
    ExportCounters counters() const override;

private:
    StreamWriter(std::string path, std::unique_ptr<RowFormat> format)
        : m_path(std::move(path)), m_format(std::move(format))
    { }
    Result<void> begin(Existing existing);
    Result<void> write(std::string_view bytes);

    const std::string m_path;
    const std::unique_ptr<RowFormat> m_format;
    mutable std::mutex m_mutex; ///< guards what follows
    std::unique_ptr<PartialFile> m_file; ///< null: the stream is nobody's file
    int m_descriptor = -1; ///< where it goes
    ExportCounters m_counters;
};

} // namespace weir::exporter
