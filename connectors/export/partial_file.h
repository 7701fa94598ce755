// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <memory>

namespace weir::exporter {

/// What happens when there is a file of that name already.
enum class Existing : std::uint8_t { Refuse, Replace };

/// A file that has its final name only once it is complete: until then NAME.partial, which goes away with this object.
/// One that a killed program left is written over; one that another program is writing is not.
class PartialFile
{
public:
    static Result<std::unique_ptr<PartialFile>> open(const std::string& path, Existing existing);
    ~PartialFile();
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    int descriptor() const { return m_descriptor; }
    const std::string& partialPath() const { return m_partial; }
    /// Brings it to the disk and gives it its name. Use once.
    Result<void> complete();

private:
    PartialFile(std::string path, Existing existing);
    Result<void> claim();
    Result<void> giveName();

    const std::string m_path;
    const std::string m_partial;
    const Existing m_existing;
    int m_descriptor = -1;
    bool m_isOurs = false;
};

} // namespace weir::exporter
