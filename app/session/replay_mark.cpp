// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/replay_mark.h"

#include "connectors/capture/read_file.h"
#include "connectors/capture/storage.h"

#include <charconv>
#include <sstream>

namespace weir {

namespace {

constexpr std::string_view firstLine = "weir replay 1";
constexpr std::string_view lastLine = "end";
constexpr std::size_t largestFile = std::size_t{16} << 20;

template <typename Number>
bool readNumber(std::string_view text, Number& into)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc() && end == text.data() + text.size() && into >= 0;
}

/// "3 4711": the next offset of partition 3.
bool readPartition(std::string_view line, ReplayMark& mark)
{
    const std::size_t blank = line.find(' ');
    std::int32_t partition = 0;
    std::int64_t next = 0;
    if (blank == std::string_view::npos || !readNumber(line.substr(0, blank), partition)
        || !readNumber(line.substr(blank + 1), next))
        return false;
    mark.next[PartitionId{partition}] = next;
    return true;
}

} // namespace

Result<ReplayMark> ReplayMark::load(const std::string& path)
{
    const auto content = capture::readWhole(path, largestFile);
    if (!content)
        return content.error();
    const Error corrupt{ErrorKind::Corrupt, "this is not how far a replay got. Name another file.", path};
    std::istringstream lines(std::string(content->data(), content->size()));
    ReplayMark mark;
    std::string line;
    if (!std::getline(lines, line) || line != firstLine || !std::getline(lines, mark.source)
        || !std::getline(lines, mark.target))
        return corrupt;
    while (std::getline(lines, line)) {
        if (line == lastLine)
            return mark;
        if (!readPartition(line, mark))
            break;
    }
    return corrupt;
}

Result<void> ReplayMark::save(const std::string& path) const
{
    std::string text(firstLine);
    text += '\n' + source + '\n' + target + '\n';
    for (const auto& [partition, offset] : next)
        text += std::to_string(partition.value) + ' ' + std::to_string(offset) + '\n';
    text += lastLine;
    text += '\n';
    return capture::replaceFile(capture::Storage::disk(), path, text);
}

} // namespace weir
