// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/mapped_file.h"

#include "connectors/record/file_error.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace weir::rows {

Result<std::unique_ptr<MappedFile>> MappedFile::make(const std::string& path, std::size_t size)
{
    std::unique_ptr<MappedFile> file(new MappedFile(path, size));
    file->m_descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file->m_descriptor < 0)
        return fileError("cannot be made", path);
    if (const int code = ::posix_fallocate(file->m_descriptor, 0, static_cast<off_t>(size)); code != 0)
        return fileError("has no room", path, code);
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file->m_descriptor, 0);
    if (mapped == MAP_FAILED)
        return fileError("cannot be mapped", path);
    file->m_bytes = static_cast<const char*>(mapped);
    return file;
}

MappedFile::~MappedFile()
{
    if (m_bytes)
        ::munmap(const_cast<char*>(m_bytes), m_size);
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        ::unlink(m_path.c_str());
    }
}

Result<void> MappedFile::write(std::size_t place, std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(place));
        if (written <= 0)
            return fileError("cannot be written", m_path);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        place += static_cast<std::size_t>(written);
    }
    return {};
}

} // namespace weir::rows
