// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <memory>
#include <span>
#include <string>

namespace weir::capture {

/// A file of ours that only grows. append() from one thread; sync() may run beside it on another.
class AppendFile
{
public:
    virtual ~AppendFile() = default;
    /// All of the bytes behind those written so far, or an Error: ResourceLimit when the disk is full, Io otherwise.
    virtual Result<void> append(std::span<const char> bytes) = 0;
    /// What was appended before the call outlives a power failure once this succeeded. After a failure nothing is known
    /// of what was not synced before, and a second try proves nothing.
    virtual Result<void> sync() = 0;
    /// Takes back what stands behind `size` bytes.
    virtual Result<void> cutTo(std::size_t size) = 0;
};

/// How captures change the disk; a seam, so that tests can let any single step fail. Any thread.
class Storage
{
public:
    virtual ~Storage() = default;
    /// A new file; an Error when there is one.
    virtual Result<std::unique_ptr<AppendFile>> create(const std::string& path) = 0;
    /// The folder must not exist.
    virtual Result<void> makeFolder(const std::string& path) = 0;
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// Nothing there is as good as removed.
    virtual Result<void> remove(const std::string& path) = 0;
    /// New and renamed files of the folder outlive a power failure.
    virtual Result<void> syncFolder(const std::string& path) = 0;

    /// The disk itself.
    static Storage& disk();
};

/// Replaces a file's content so that at any moment the old or the new one is there, whole: temporary name, sync,
/// rename.
Result<void> replaceFile(Storage& storage, const std::string& path, std::span<const char> content);

} // namespace weir::capture
