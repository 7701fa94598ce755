// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/source.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// Lines to stdout through one buffer. One thread.
class LineWriter
{
public:
    LineWriter();
    ~LineWriter();
    /// Adds one line; false once stdout cannot be written any more (a closed pipe, a full disk).
    bool line(std::string_view text);
    bool flush();

private:
    std::string m_buffer;
    bool m_terminal = false; ///< a person waits for every line
    bool m_failed = false;
};

/// A progress line on stderr that overwrites itself; only on a terminal, at most four times a second.
class ProgressLine
{
public:
    ProgressLine();
    ~ProgressLine();
    void show(const std::string& text);

private:
    bool m_terminal = false;
    std::size_t m_width = 0;
    std::chrono::steady_clock::time_point m_shownAt;
};

/// Tells each problem of a source once on stderr when it comes, and once when it is gone.
class ProblemReporter
{
public:
    explicit ProblemReporter(std::string what);
    void report(const SourceState& state);

private:
    std::string m_what;
    std::vector<Problem> m_shown;
};

/// Rows of text as aligned columns; the first row is the head. `rightAligned` by column.
std::string alignedTable(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& rightAligned);

/// 148,812
std::string grouped(std::int64_t number);

/// A JSON string literal with its quotes. `text` is UTF-8.
std::string jsonString(std::string_view text);

} // namespace weir::cli
