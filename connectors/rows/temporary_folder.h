// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace weir::rows {

/// A folder that goes with all that is in it.
class TemporaryFolder
{
public:
    /// `path` is there, or will be made.
    explicit TemporaryFolder(std::string path) : m_path(std::move(path)) { }
    ~TemporaryFolder()
    {
        std::error_code failed;
        std::filesystem::remove_all(m_path, failed);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return m_path; }

private:
    const std::string m_path;
};

} // namespace weir::rows
