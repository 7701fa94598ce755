// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/partial_file.h"

#include "connectors/record/file_error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::exporter {

namespace {

using FileStat = struct stat;

constexpr const char* nameTaken = "there is a file of that name already. Choose another name, or say that it is to be "
                                  "replaced.";

std::string folderOf(const std::string& path)
{
    const std::size_t slash = path.find_last_of('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

PartialFile::PartialFile(std::string path, Existing existing)
    : m_path(std::move(path)), m_partial(m_path + ".partial"), m_existing(existing)
{ }

PartialFile::~PartialFile()
{
    if (m_isOurs)
        ::unlink(m_partial.c_str());
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<std::unique_ptr<PartialFile>> PartialFile::open(const std::string& path, Existing existing)
{
    FileStat there{};
    std::string target = path;
    if (::stat(path.c_str(), &there) == 0) {
        if (S_ISDIR(there.st_mode))
            return Error{ErrorKind::InvalidInput, "is a folder. Name a file.", path};
        if (!S_ISREG(there.st_mode)) // a device would be replaced by a file
            return Error{ErrorKind::InvalidInput, "is no regular file.", path};
        if (existing == Existing::Refuse)
            return Error{ErrorKind::InvalidInput, nameTaken, path};
        std::error_code failed;
        target = std::filesystem::canonical(path, failed).string(); // what a link leads to is replaced, not the link
        if (failed)
            return Error{ErrorKind::Io, "cannot be found: " + failed.message() + ".", path};
    }
    std::unique_ptr<PartialFile> file(new PartialFile(target, existing));
    if (auto claimed = file->claim(); !claimed)
        return claimed.error();
    return file;
}

Result<void> PartialFile::claim()
{
    m_descriptor = ::open(m_partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_descriptor < 0)
        return fileError("cannot be created", m_partial);
    // Whoever writes it holds the lock; and it may have got its final name between our two looks.
    FileStat opened{};
    FileStat named{};
    const bool locked = ::flock(m_descriptor, LOCK_EX | LOCK_NB) == 0;
    m_isOurs = locked && ::fstat(m_descriptor, &opened) == 0 && ::stat(m_partial.c_str(), &named) == 0
        && opened.st_ino == named.st_ino;
    if (!m_isOurs)
        return Error{ErrorKind::InvalidInput, "another program is writing it.", m_partial};
    return ::ftruncate(m_descriptor, 0) == 0 ? Result<void>() : fileError("cannot be written", m_partial);
}

Result<void> PartialFile::giveName()
{
    if (m_existing == Existing::Replace)
        return std::rename(m_partial.c_str(), m_path.c_str()) == 0 ? Result<void>()
                                                                   : fileError("cannot be given its name", m_path);
    // Unlike rename, a link never takes the place of another file.
    if (::link(m_partial.c_str(), m_path.c_str()) == 0) {
        ::unlink(m_partial.c_str());
        return {};
    }
    if (errno == EEXIST)
        return Error{ErrorKind::InvalidInput, nameTaken, m_path};
    if (::renameat2(AT_FDCWD, m_partial.c_str(), AT_FDCWD, m_path.c_str(), RENAME_NOREPLACE) == 0)
        return {};
    return fileError("cannot be given its name", m_path);
}

Result<void> PartialFile::complete()
{
    if (::fsync(m_descriptor) != 0)
        return fileError("cannot be brought to the disk", m_partial);
    if (auto named = giveName(); !named)
        return named;
    m_isOurs = false;
    const int folder = ::open(folderOf(m_path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

} // namespace weir::exporter
