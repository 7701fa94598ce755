// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/storage.h"

#include "connectors/record/file_error.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::capture {

namespace {

class DiskFile final : public AppendFile
{
public:
    DiskFile(int descriptor, std::string path) : m_descriptor(descriptor), m_path(std::move(path)) { }
    ~DiskFile() override { ::close(m_descriptor); }

    Result<void> append(std::span<const char> bytes) override
    {
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t count =
                ::pwrite(m_descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(m_size + done));
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                return fileError("cannot be written", m_path);
            done += static_cast<std::size_t>(count);
        }
        m_size += bytes.size();
        return {};
    }

    Result<void> sync() override
    {
        return ::fdatasync(m_descriptor) == 0 ? Result<void>() : fileError("cannot be brought to the disk", m_path);
    }

    Result<void> cutTo(std::size_t size) override
    {
        if (::ftruncate(m_descriptor, static_cast<off_t>(size)) != 0)
            return fileError("cannot be cut", m_path);
        m_size = size;
        return {};
    }

private:
    const int m_descriptor;
    const std::string m_path;
    std::size_t m_size = 0;
};

class Disk final : public Storage
{
public:
    Result<std::unique_ptr<AppendFile>> create(const std::string& path) override
    {
        const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (descriptor < 0)
            return fileError("cannot be created", path);
        return std::unique_ptr<AppendFile>(std::make_unique<DiskFile>(descriptor, path));
    }
    Result<void> makeFolder(const std::string& path) override
    {
        return ::mkdir(path.c_str(), 0755) == 0 ? Result<void>() : fileError("the folder cannot be made", path);
    }
    Result<void> rename(const std::string& from, const std::string& to) override
    {
        return std::rename(from.c_str(), to.c_str()) == 0 ? Result<void>() : fileError("cannot be given its name", to);
    }
    Result<void> remove(const std::string& path) override
    {
        return ::unlink(path.c_str()) == 0 || errno == ENOENT ? Result<void>() : fileError("cannot be removed", path);
    }
    Result<void> syncFolder(const std::string& path) override
    {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0)
            return fileError("cannot be opened", path);
        const bool done = ::fsync(descriptor) == 0;
        const Result<void> result = done ? Result<void>() : fileError("cannot be brought to the disk", path);
        ::close(descriptor);
        return result;
    }
};

} // namespace

Storage& Storage::disk()
{
    static Disk disk;
    return disk;
}

Result<void> replaceFile(Storage& storage, const std::string& path, std::span<const char> content)
{
    const std::string temporary = path + ".tmp";
    if (auto removed = storage.remove(temporary); !removed)
        return removed;
    auto file = storage.create(temporary);
    if (!file)
        return file.error();
    auto done = (*file)->append(content);
    if (done)
        done = (*file)->sync();
    if (done)
        done = storage.rename(temporary, path);
    if (!done) {
        // What stands under the temporary name is nobody's; the error that counts is the first one.
        static_cast<void>(storage.remove(temporary).ok());
        return done;
    }
    const std::size_t slash = path.find_last_of('/');
    return storage.syncFolder(slash == std::string::npos ? "." : path.substr(0, slash));
}

} // namespace weir::capture
