// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/failing_storage.h"

namespace weir::test {

namespace {

using capture::AppendFile;
using capture::Storage;

class FailingFile final : public AppendFile
{
public:
    FailingFile(FailingStorage& owner, std::unique_ptr<AppendFile> file) : m_owner(owner), m_file(std::move(file)) { }

    /// A write that fails leaves half of the bytes behind, as disks do.
    Result<void> append(std::span<const char> bytes) override
    {
        if (auto step = m_owner.step(FailingStorage::Steps::Writes); !step) {
            static_cast<void>(m_file->append(bytes.first(bytes.size() / 2)).ok());
            return step;
        }
        return m_file->append(bytes);
    }
    Result<void> sync() override
    {
        auto step = m_owner.step(FailingStorage::Steps::Syncs);
        return step ? m_file->sync() : step;
    }
    Result<void> cutTo(std::size_t size) override { return m_file->cutTo(size); }

private:
    FailingStorage& m_owner;
    std::unique_ptr<AppendFile> m_file;
};

class SmallFile final : public AppendFile
{
public:
    SmallFile(SmallDisk& owner, std::string path, std::unique_ptr<AppendFile> file)
        : m_owner(owner), m_path(std::move(path)), m_file(std::move(file))
    { }

    Result<void> append(std::span<const char> bytes) override
    {
        if (m_owner.take(m_path, static_cast<std::int64_t>(bytes.size())))
            return m_file->append(bytes);
        static_cast<void>(m_file->append(bytes.first(bytes.size() / 3)).ok());
        return Error{ErrorKind::ResourceLimit, "No space left on this test's device.", m_path};
    }
    Result<void> sync() override { return m_file->sync(); }
    Result<void> cutTo(std::size_t size) override { return m_file->cutTo(size); }

private:
    SmallDisk& m_owner;
    const std::string m_path;
    std::unique_ptr<AppendFile> m_file;
};

} // namespace

bool SmallDisk::take(const std::string& path, std::int64_t bytes)
{
    const std::lock_guard lock(m_mutex);
    if (bytes > m_left)
        return false;
    m_left -= bytes;
    m_files[path] += bytes;
    return true;
}

Result<std::unique_ptr<AppendFile>> SmallDisk::create(const std::string& path)
{
    auto file = Storage::disk().create(path);
    if (!file)
        return file;
    return std::unique_ptr<AppendFile>(std::make_unique<SmallFile>(*this, path, std::move(*file)));
}

Result<void> SmallDisk::rename(const std::string& from, const std::string& to)
{
    {
        const std::lock_guard lock(m_mutex);
        m_left += std::exchange(m_files[to], std::exchange(m_files[from], 0));
    }
    return Storage::disk().rename(from, to);
}

Result<void> SmallDisk::remove(const std::string& path)
{
    {
        const std::lock_guard lock(m_mutex);
        m_left += std::exchange(m_files[path], 0);
    }
    return Storage::disk().remove(path);
}

Result<void> FailingStorage::step(Steps kind)
{
    if (m_steps != Steps::All && m_steps != kind)
        return {};
    const int now = ++m_step;
    if (m_failAt == 0 || now < m_failAt || (now > m_failAt && !m_forEver))
        return {};
    m_failed = true;
    return Error{m_kind, "the test lets step " + std::to_string(now) + " fail.", {}};
}

Result<std::unique_ptr<AppendFile>> FailingStorage::create(const std::string& path)
{
    if (auto step = this->step(Steps::All); !step)
        return step.error();
    auto file = Storage::disk().create(path);
    if (!file)
        return file;
    return std::unique_ptr<AppendFile>(std::make_unique<FailingFile>(*this, std::move(*file)));
}

Result<void> FailingStorage::makeFolder(const std::string& path)
{
    auto step = this->step(Steps::All);
    return step ? Storage::disk().makeFolder(path) : step;
}

Result<void> FailingStorage::rename(const std::string& from, const std::string& to)
{
    auto step = this->step(Steps::All);
    return step ? Storage::disk().rename(from, to) : step;
}

Result<void> FailingStorage::remove(const std::string& path)
{
    auto step = this->step(Steps::All);
    return step ? Storage::disk().remove(path) : step;
}

Result<void> FailingStorage::syncFolder(const std::string& path)
{
    auto step = this->step(Steps::Syncs);
    return step ? Storage::disk().syncFolder(path) : step;
}

} // namespace weir::test
