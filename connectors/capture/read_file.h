// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/byte_buffer.h"
#include "connectors/record/result.h"

#include <memory>
#include <string>

namespace weir::capture {

/// A file that others may change at any moment: read with pread, never mapped, no size believed for longer than a call.
/// Thread-safe.
class ReadFile
{
public:
    /// ErrorKind::NotFound when there is none.
    static Result<std::shared_ptr<ReadFile>> open(const std::string& path);
    ~ReadFile();

    const std::string& path() const { return m_path; }
    Result<std::size_t> size() const;
    /// Up to `size` bytes from `position`; fewer only where the file ends.
    Result<std::size_t> read(char* out, std::size_t size, std::size_t position) const;

private:
    ReadFile(int descriptor, std::string path) : m_descriptor(descriptor), m_path(std::move(path)) { }

    const int m_descriptor;
    const std::string m_path;
};

/// All of a file, `most` bytes of it at most (ErrorKind::ResourceLimit).
Result<ByteBuffer> readWhole(const std::string& path, std::size_t most);

} // namespace weir::capture
