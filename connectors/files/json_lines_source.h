// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/source.h"

#include <chrono>
#include <memory>
#include <string>

namespace weir::files {

struct JsonLinesRequest
{
    std::string path; ///< a file, or a folder: the files in and below it are one partition, by name
    std::chrono::milliseconds monitorInterval{0}; ///< 0: read what is there and end; else look for more so often
    std::shared_ptr<MemoryBudget> budget; ///< may be null
    const Clock* clock = &SystemClock::instance();
};

/// JSON Lines as a Source: line n is the record at offset n of partition 0, its text the value; no key, no headers, no
/// timestamp. What is hidden (a dot or underscore in front) in a folder is passed over, as Flink does. A last line
/// without its end is read at the end of bounded input, and waited for otherwise. Errors: nothing at `path`, a file
/// that cannot be read, a line over 64 MiB.
Result<std::unique_ptr<Source>> openJsonLines(const JsonLinesRequest& request);

} // namespace weir::files
