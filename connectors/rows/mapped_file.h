// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <memory>
#include <span>
#include <string>

namespace weir::rows {

/// A file of our own with a fixed size: allocated before it is mapped, written with pwrite, never truncated, so that
/// reading it through the mapping cannot fail. Goes when it is destroyed. One thread writes; who reads must know what
/// has been written.
class MappedFile
{
public:
    static Result<std::unique_ptr<MappedFile>> make(const std::string& path, std::size_t size);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const char> bytes() const { return {m_bytes, m_size}; }
    Result<void> write(std::size_t place, std::span<const char> bytes);

private:
    MappedFile(std::string path, std::size_t size) : m_path(std::move(path)), m_size(size) { }

    const std::string m_path;
    const std::size_t m_size;
    int m_descriptor = -1;
    const char* m_bytes = nullptr; ///< mapped
};

} // namespace weir::rows
