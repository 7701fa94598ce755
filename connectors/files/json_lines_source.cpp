// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/files/json_lines_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>
#include <unistd.h>

namespace weir::files {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t chunkBytes = 1 << 18;
constexpr std::size_t longestLine = std::size_t{64} << 20;
constexpr std::size_t batchLines = 8192;

/// An open file, closed when it goes.
class File
{
public:
    explicit File(const std::string& path) : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) { }
    File(File&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) { }
    File& operator=(File&& other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    bool isOpen() const { return m_descriptor >= 0; }
    ssize_t read(char* out, std::size_t size) const { return ::read(m_descriptor, out, size); }

private:
    int m_descriptor;
};

class JsonLinesSource final : public Source
{
public:
    explicit JsonLinesSource(const JsonLinesRequest& request)
        : m_request(request), m_topic(std::make_shared<const std::string>(request.path))
    {
        m_state.connection = Connection::Up;
        m_state.partitions.emplace_back();
    }

    Result<void> findFiles();
    Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds timeout) override;
    SourceState state() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_state;
    }
    const std::string& topic() const override { return *m_topic; }

private:
    bool follows() const { return m_request.monitorInterval.count() > 0; }
    Result<bool> readChunk();
    Result<bool> openNext();
    RecordBatchPtr takeLines(bool last);
    void publish(bool ended);
    Error unreadable(const std::string& path) const
    {
        return {ErrorKind::Io, std::string("cannot be read: ") + std::strerror(errno) + ".", path};
    }

    JsonLinesRequest m_request;
    std::shared_ptr<const std::string> m_topic;
    std::vector<std::string> m_files; ///< not yet opened, in order
    std::set<std::string> m_known;
    std::optional<File> m_file;
    std::string m_path; ///< of m_file
    std::string m_pending; ///< bytes read but not yet handed out as lines
    std::size_t m_scanned = 0; ///< no line ends before this position of m_pending
    std::int64_t m_nextOffset = 0;
    std::chrono::steady_clock::time_point m_lookedAt;
    mutable std::mutex m_mutex;
    SourceState m_state; ///< guarded
};

bool isHidden(const fs::path& path)
{
    const std::string name = path.filename().string();
    return name.starts_with('.') || name.starts_with('_');
}

/// All files below a folder but hidden ones and what lies in hidden folders, as Flink takes them.
void addFilesBelow(const fs::path& folder, std::vector<std::string>& found, std::error_code& failed)
{
    fs::recursive_directory_iterator entry(folder, failed);
    for (const fs::recursive_directory_iterator end; !failed && entry != end; entry.increment(failed)) {
        std::error_code gone; // between being listed and being looked at
        if (isHidden(entry->path()))
            entry.disable_recursion_pending();
        else if (entry->is_regular_file(gone))
            found.push_back(entry->path().string());
    }
}

} // namespace

Result<void> JsonLinesSource::findFiles()
{
    std::error_code failed;
    const fs::path path(m_request.path);
    const fs::file_status status = fs::status(path, failed);
    if (!fs::exists(status))
        return Error{ErrorKind::NotFound, "there is no such file or folder.", m_request.path};
    std::vector<std::string> found;
    if (fs::is_directory(status))
        addFilesBelow(path, found, failed);
    else
        found.push_back(m_request.path);
    if (failed)
        return Error{ErrorKind::Io, "cannot be listed: " + failed.message() + ".", m_request.path};
    std::sort(found.begin(), found.end());
    for (std::string& file : found) {
        if (m_known.insert(file).second)
            m_files.push_back(std::move(file));
    }
    m_lookedAt = m_request.clock->steady();
    return {};
}

/// Opens the next file; false when there is none.
Result<bool> JsonLinesSource::openNext()
{
    if (m_files.empty())
        return false;
    File file(m_files.front());
    if (!file.isOpen())
        return unreadable(m_files.front());
    m_path = m_files.front();
    m_files.erase(m_files.begin());
    m_file = std::move(file);
    return true;
}

/// Appends more bytes to m_pending; false at the end of what is there now.
Result<bool> JsonLinesSource::readChunk()
{
    for (;;) {
        if (!m_file) {
            auto opened = openNext();
            if (!opened || !*opened)
                return opened;
        }
        const std::size_t before = m_pending.size();
        m_pending.resize(before + chunkBytes);
        const ssize_t count = m_file->read(m_pending.data() + before, chunkBytes);
        m_pending.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count < 0)
            return unreadable(m_path);
        if (count > 0)
            return true;
        if (follows() && m_files.empty())
            return false; // the file may still grow
        m_file.reset();
        // A file without a last line end: its last line ends all the same.
        if (!m_pending.empty() && m_pending.back() != '\n')
            m_pending.push_back('\n');
        if (!m_pending.empty())
            return true;
    }
}

/// All complete lines of m_pending (with `last`, the unfinished one too), at most one batch of them.
RecordBatchPtr JsonLinesSource::takeLines(bool last)
{
    std::vector<std::string_view> lines;
    std::size_t begin = 0;
    std::size_t bytes = 0;
    while (lines.size() < batchLines) {
        const std::size_t end = m_pending.find('\n', std::max(begin, m_scanned));
        if (end == std::string::npos)
            break;
        lines.emplace_back(m_pending.data() + begin, end - begin);
        begin = end + 1;
    }
    const bool more = lines.size() == batchLines;
    if (last && !more && begin < m_pending.size()) {
        lines.emplace_back(m_pending.data() + begin, m_pending.size() - begin);
        begin = m_pending.size();
    }
    for (std::string_view& line : lines) {
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        bytes += line.size();
    }
    RecordBatchPtr batch;
    if (!lines.empty()) {
        RecordBatchBuilder builder(m_topic, PartitionId{0}, {lines.size(), 0, bytes});
        for (const std::string_view line : lines)
            builder.add(m_nextOffset++, 0, TimestampType::NotAvailable, std::nullopt, line);
        batch = builder.finish(m_request.clock->wallMs(), m_request.budget);
    }
    m_pending.erase(0, begin);
    m_scanned = more ? 0 : m_pending.size();
    return batch;
}

void JsonLinesSource::publish(bool ended)
{
    const std::lock_guard lock(m_mutex);
    PartitionPosition& position = m_state.partitions.front();
    position.next = m_nextOffset;
    position.low = 0;
    position.high = m_nextOffset;
    position.ended = ended;
    m_state.ended = ended;
}

Result<std::vector<RecordBatchPtr>> JsonLinesSource::poll(std::chrono::milliseconds timeout)
{
    std::vector<RecordBatchPtr> batches;
    if (RecordBatchPtr waiting = takeLines(false)) {
        batches.push_back(std::move(waiting));
        publish(false);
        return batches;
    }
    auto more = readChunk();
    if (!more)
        return more.error();
    if (RecordBatchPtr batch = takeLines(!*more && !follows()))
        batches.push_back(std::move(batch));
    if (m_pending.size() > longestLine)
        return Error{ErrorKind::ResourceLimit,
            "line " + std::to_string(m_nextOffset + 1) + " is longer than 64 MiB. Is this a JSON Lines file?", m_path};
    const bool ended = !*more && !follows() && m_pending.empty();
    publish(ended);
    if (!*more && follows() && batches.empty()) {
        std::this_thread::sleep_for(std::min(timeout, m_request.monitorInterval));
        if (m_request.clock->steady() - m_lookedAt >= m_request.monitorInterval) {
            if (auto found = findFiles(); !found)
                return found.error();
        }
    }
    return batches;
}

Result<std::unique_ptr<Source>> openJsonLines(const JsonLinesRequest& request)
{
    auto source = std::make_unique<JsonLinesSource>(request);
    if (auto found = source->findFiles(); !found)
        return found.error();
    return std::unique_ptr<Source>(std::move(source));
}

} // namespace weir::files
