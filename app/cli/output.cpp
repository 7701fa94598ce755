// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include "connectors/record/text_encoding.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace weir::cli {

namespace {

constexpr std::size_t bufferBytes = 256 * 1024;
constexpr auto progressPause = std::chrono::milliseconds(250);

bool samePlace(const Problem& a, const Problem& b)
{
    return a.kind == b.kind && a.partition == b.partition;
}

bool contains(const std::vector<Problem>& problems, const Problem& problem)
{
    return std::any_of(problems.begin(), problems.end(), [&](const Problem& p) { return samePlace(p, problem); });
}

} // namespace

DataWriter::DataWriter() : m_terminal(isatty(STDOUT_FILENO) == 1)
{
    m_buffer.reserve(bufferBytes + 4096);
}

DataWriter::~DataWriter()
{
    flush();
}

bool DataWriter::line(std::string_view text)
{
    m_buffer.append(text);
    m_buffer.push_back('\n');
    return m_terminal || m_buffer.size() >= bufferBytes ? flush() : m_error == 0;
}

bool DataWriter::text(std::string_view text)
{
    m_buffer.append(text);
    return m_terminal || m_buffer.size() >= bufferBytes ? flush() : m_error == 0;
}

bool DataWriter::flush()
{
    if (m_error == 0 && !m_buffer.empty()) {
        errno = 0;
        const std::size_t written = std::fwrite(m_buffer.data(), 1, m_buffer.size(), stdout);
        if (written != m_buffer.size() || std::fflush(stdout) != 0)
            m_error = errno != 0 ? errno : EIO;
    }
    m_buffer.clear();
    return m_error == 0;
}

bool DataWriter::readerLeft() const
{
    pollfd out{STDOUT_FILENO, 0, 0};
    return m_error == EPIPE || (::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0);
}

ExitCode DataWriter::finish(ExitCode code)
{
    if (flush() || m_error == EPIPE)
        return code;
    complain(std::string("standard output cannot be written: ") + std::strerror(m_error));
    return ExitCode::Failed;
}

ProgressLine::ProgressLine() : m_terminal(isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0) { }

ProgressLine::~ProgressLine()
{
    if (m_width > 0)
        std::fprintf(stderr, "\r%*s\r", static_cast<int>(m_width), "");
}

void ProgressLine::show(const std::string& text)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_terminal || now - m_shownAt < progressPause)
        return;
    m_shownAt = now;
    std::fprintf(stderr, "\r%-*s", static_cast<int>(m_width), text.c_str());
    std::fflush(stderr);
    m_width = text.size();
}

ProblemReporter::ProblemReporter(std::string what) : m_what(std::move(what)) { }

void ProblemReporter::report(const SourceState& state)
{
    for (const Problem& problem : state.problems) {
        if (!contains(m_shown, problem))
            complain(m_what + ": " + problem.text);
    }
    for (const Problem& problem : m_shown) {
        if (!contains(state.problems, problem))
            complain(m_what + ": over: " + problem.text);
    }
    m_shown = state.problems;
}

ExitCode tellMissing(const std::string& topic, std::int64_t offsets)
{
    if (offsets == 0)
        return ExitCode::Done;
    complain("Incomplete: " + grouped(offsets) + " of the offsets asked for are no longer in " + topic
        + ", or cannot be read.");
    return ExitCode::Incomplete;
}

namespace {

/// Of UTF-8: bytes that begin one.
std::size_t charactersIn(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

std::string alignedTable(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& rightAligned)
{
    std::vector<std::size_t> widths(rightAligned.size());
    for (const auto& row : rows) {
        for (std::size_t c = 0; c < row.size(); ++c)
            widths[c] = std::max(widths[c], charactersIn(row[c]));
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string fill(widths[c] - charactersIn(row[c]), ' ');
            line += rightAligned[c] ? fill + row[c] : row[c] + fill;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

std::string grouped(std::int64_t number)
{
    const auto size = static_cast<std::uint64_t>(number);
    return number < 0 ? "-" + grouped(~size + 1) : grouped(size);
}

std::string drainText(const DrainSnapshot& drain)
{
    return grouped(static_cast<std::uint64_t>(drain.recordsPerSecond)) + "/s, " + grouped(drain.behind())
        + " behind the end";
}

std::string jsonString(std::string_view text)
{
    std::string quoted;
    appendJsonString(quoted, text);
    return quoted;
}

} // namespace weir::cli
