// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/read_file.h"

#include "connectors/record/file_error.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::capture {

Result<std::shared_ptr<ReadFile>> ReadFile::open(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fileError("cannot be opened", path);
    return std::shared_ptr<ReadFile>(new ReadFile(descriptor, path));
}

ReadFile::~ReadFile()
{
    ::close(m_descriptor);
}

Result<std::size_t> ReadFile::size() const
{
    struct stat status
    { };
    if (::fstat(m_descriptor, &status) != 0)
        return fileError("cannot be looked at", m_path);
    return static_cast<std::size_t>(status.st_size);
}

Result<std::size_t> ReadFile::read(char* out, std::size_t size, std::size_t position) const
{
    std::size_t done = 0;
    while (done < size) {
        const ssize_t count = ::pread(m_descriptor, out + done, size - done, static_cast<off_t>(position + done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fileError("cannot be read", m_path);
        if (count == 0)
            break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

Result<ByteBuffer> readWhole(const std::string& path, std::size_t most)
{
    auto file = ReadFile::open(path);
    if (!file)
        return file.error();
    const auto size = (*file)->size();
    if (!size)
        return size.error();
    if (*size > most)
        return Error{ErrorKind::ResourceLimit,
            "is larger than the " + std::to_string(most >> 20) + " MiB that such a file may have.", path};
    ByteBuffer bytes;
    bytes.reserve(*size);
    auto count = (*file)->read(bytes.data(), *size, 0);
    if (!count)
        return count.error();
    bytes.commit(*count);
    return bytes;
}

} // namespace weir::capture
