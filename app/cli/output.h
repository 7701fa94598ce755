// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/verb.h"
#include "app/engine/pipeline/source_drain.h"
#include "app/session/grouped_number.h"
#include "connectors/record/source.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// Data to stdout through one buffer. One thread writes; readerLeft() may be asked from any.
class DataWriter
{
public:
    DataWriter();
    ~DataWriter();
    /// Adds one line; false once stdout cannot be written any more (a closed pipe, a full disk).
    bool line(std::string_view text);
    /// Adds text that ends its own lines.
    bool text(std::string_view text);
    bool flush();
    /// Whether nobody reads any more, as behind `| head`; notices it also while there is nothing to write.
    bool readerLeft() const;
    /// Writes what is left. `code` if all was written, or if the reader has left: it has what it wanted. Failed, with a
    /// word on stderr, when stdout cannot be written for another reason.
    ExitCode finish(ExitCode code);

private:
    std::string m_buffer;
    bool m_terminal = false; ///< a person waits for every line
    std::atomic<int> m_error{0}; ///< errno of the first failed write
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

/// Done when no offset that was asked for is missing, else Incomplete and a word on stderr.
ExitCode tellMissing(const std::string& topic, std::int64_t offsets);

/// Rows of text as aligned columns; the first row is the head. `rightAligned` by column.
std::string alignedTable(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& rightAligned);

/// 148,812
std::string grouped(std::int64_t number);
using weir::grouped;

/// "12,000/s, 300 behind the end"
std::string drainText(const DrainSnapshot& drain);

/// A JSON string literal with its quotes. `text` is UTF-8.
std::string jsonString(std::string_view text);

} // namespace weir::cli
