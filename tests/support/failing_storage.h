// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/storage.h"

#include <atomic>
#include <map>
#include <mutex>

namespace weir::test {

/// The disk, but one step fails: the N-th of those that change it, once or from there on.
class FailingStorage final : public capture::Storage
{
public:
    enum class Steps { All, Writes, Syncs };

    /// `failAt` counts from 1; 0: never. ErrorKind::ResourceLimit is a full disk.
    FailingStorage(int failAt, bool forEver, ErrorKind kind = ErrorKind::Io, Steps steps = Steps::All)
        : m_failAt(failAt), m_forEver(forEver), m_kind(kind), m_steps(steps)
    { }

    int steps() const { return m_step; } ///< taken so far
    bool hasFailed() const { return m_failed; }

    Result<std::unique_ptr<capture::AppendFile>> create(const std::string& path) override;
    Result<void> makeFolder(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override;
    Result<void> syncFolder(const std::string& path) override;

    /// The next step; an Error if it is the one that fails.
    Result<void> step(Steps kind);

private:
    const int m_failAt;
    const bool m_forEver;
    const ErrorKind m_kind;
    const Steps m_steps;
    std::atomic<int> m_step{0};
    std::atomic<bool> m_failed{false};
};

/// The disk, but with room for so many bytes only; what is removed makes room again.
class SmallDisk final : public capture::Storage
{
public:
    explicit SmallDisk(std::size_t bytes) : m_left(static_cast<std::int64_t>(bytes)) { }

    Result<std::unique_ptr<capture::AppendFile>> create(const std::string& path) override;
    Result<void> makeFolder(const std::string& path) override { return Storage::disk().makeFolder(path); }
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override;
    Result<void> syncFolder(const std::string& path) override { return Storage::disk().syncFolder(path); }

    /// False when there is no room for it.
    bool take(const std::string& path, std::int64_t bytes);

private:
    std::mutex m_mutex;
    std::int64_t m_left; ///< guarded
    std::map<std::string, std::int64_t> m_files; ///< guarded
};

} // namespace weir::test
