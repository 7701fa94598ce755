// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/live_buffers.h"

#include "app/engine/pipeline/reaper.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

namespace weir {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t usualLimit = std::uint64_t{8} << 30;
constexpr std::uint64_t leastLimit = std::uint64_t{64} << 20;
constexpr std::uint64_t keptFree = std::uint64_t{512} << 20; ///< of the disk, for others
constexpr const char* lockName = "lock";

/// Bytes that the disk of the nearest folder above has left; 0 where nobody can tell.
std::uint64_t freeBytes(fs::path folder)
{
    std::error_code failed;
    while (!fs::exists(folder, failed) && folder.has_relative_path())
        folder = folder.parent_path();
    const fs::space_info space = fs::space(folder, failed);
    return failed ? 0 : space.available;
}

/// A lock file that is held until it is closed; -1 when somebody else holds it, or it cannot be made.
int lockFile(const std::string& path, int how)
{
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return -1;
    if (::flock(descriptor, how) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

/// Closing something that writes or reads waits for the disk.
template <typename Rows>
std::shared_ptr<Rows> reaped(std::unique_ptr<Rows> rows)
{
    return std::shared_ptr<Rows>(
        rows.release(), [](Rows* gone) { Reaper::instance().take(std::shared_ptr<Rows>(gone)); });
}

} // namespace

std::shared_ptr<LiveBuffers> LiveBuffers::open(
    LiveBufferSettings settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock)
{
    return std::shared_ptr<LiveBuffers>(new LiveBuffers(std::move(settings), std::move(budget), clock));
}

LiveBuffers::LiveBuffers(LiveBufferSettings settings, std::shared_ptr<MemoryBudget> budget, const Clock& clock)
    : m_settings(std::move(settings)), m_budget(std::move(budget)), m_clock(clock)
{
    m_limit = m_settings.limitBytes;
    if (m_limit == 0)
        m_limit = std::clamp(freeBytes(m_settings.folder) / 4, leastLimit, usualLimit);
    m_cleaning = std::jthread([this] { removeLeftovers(); });
}

LiveBuffers::~LiveBuffers()
{
    m_cleaning = {};
    if (m_lock < 0)
        return;
    std::error_code failed;
    fs::remove_all(m_own, failed);
    ::close(m_lock);
}

/// Folders whose lock nobody holds are those of runs that were killed.
void LiveBuffers::removeLeftovers()
{
    std::error_code failed;
    if (!fs::is_directory(m_settings.folder, failed))
        return;
    const int all = lockFile(m_settings.folder + "/" + lockName, LOCK_EX); // nobody makes a folder meanwhile
    std::vector<fs::path> folders;
    for (const fs::directory_entry& entry : fs::directory_iterator(m_settings.folder, failed)) {
        if (entry.is_directory(failed))
            folders.push_back(entry.path());
    }
    for (const fs::path& folder : folders) {
        const int lock = lockFile((folder / lockName).string(), LOCK_EX | LOCK_NB);
        if (lock < 0)
            continue;
        fs::remove_all(folder, failed);
        ::close(lock);
    }
    if (all >= 0)
        ::close(all);
}

/// The caller holds m_mutex.
Result<void> LiveBuffers::makeOwnFolder()
{
    if (m_lock >= 0)
        return {};
    std::error_code failed;
    fs::create_directories(m_settings.folder, failed);
    const auto refused = [&](const std::string& why, const std::string& path) {
        return Error{ErrorKind::Io, "no rows can be kept there: " + why + ".", path};
    };
    if (failed)
        return refused(failed.message(), m_settings.folder);
    const int all = lockFile(m_settings.folder + "/" + lockName, LOCK_EX);
    if (all < 0)
        return refused(std::strerror(errno), m_settings.folder);
    std::string own = m_settings.folder + "/" + std::to_string(::getpid()) + "-XXXXXX";
    if (::mkdtemp(own.data()))
        m_lock = lockFile(own + "/" + lockName, LOCK_EX | LOCK_NB);
    const std::string why = std::strerror(errno);
    ::close(all);
    if (m_lock < 0)
        return refused(why, own);
    m_own = own;
    return {};
}

Result<std::string> LiveBuffers::newFolder()
{
    const std::lock_guard lock(m_mutex);
    if (auto made = makeOwnFolder(); !made)
        return made.error();
    return m_own + "/" + std::to_string(++m_made);
}

std::size_t LiveBuffers::cacheBytes() const
{
    constexpr std::size_t usual = std::size_t{64} << 20;
    return m_budget ? std::min(usual, m_budget->limit() / 16) : usual;
}

Result<std::shared_ptr<RowBuffer>> LiveBuffers::forTopics(capture::Manifest about, GapReason holes)
{
    auto folder = newFolder();
    if (!folder)
        return folder.error();
    rows::LiveLogSettings settings;
    settings.folder = *folder;
    settings.about = std::move(about);
    settings.holes = holes;
    settings.allowance = [self = shared_from_this()](std::uint64_t held) { return self->allowanceFor(held); };
    settings.firstAllowance = m_limit / (logs().size() + 1);
    settings.age = m_settings.age;
    settings.cacheBytes = cacheBytes();
    settings.queueBytes = cacheBytes() / 2;
    settings.budget = m_budget;
    auto log = rows::LiveLog::create(std::move(settings), m_clock);
    if (!log)
        return log.error();
    std::shared_ptr<rows::LiveLog> shared = reaped(std::move(*log));
    const std::lock_guard lock(m_mutex);
    m_logs.push_back(shared);
    return std::shared_ptr<RowBuffer>(std::move(shared));
}

Result<std::shared_ptr<RowBuffer>> LiveBuffers::forFolder(
    std::shared_ptr<const capture::CaptureFolder> folder, const std::vector<ReadRequest>& requests)
{
    auto index = newFolder();
    if (!index)
        return index.error();
    rows::FolderRowsSettings settings;
    settings.folder = std::move(folder);
    for (const ReadRequest& request : requests)
        settings.topics.push_back(request.topic);
    settings.isolation = requests.front().isolation;
    settings.indexFolder = *index;
    settings.cacheBytes = cacheBytes();
    settings.budget = m_budget;
    auto rows = rows::FolderRows::create(std::move(settings));
    if (!rows)
        return rows.error();
    return std::shared_ptr<RowBuffer>(reaped(std::move(*rows)));
}

std::vector<std::shared_ptr<rows::LiveLog>> LiveBuffers::logs() const
{
    std::vector<std::shared_ptr<rows::LiveLog>> alive;
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_logs, [&](const std::weak_ptr<rows::LiveLog>& log) {
        if (auto one = log.lock())
            alive.push_back(std::move(one));
        return log.expired();
    });
    return alive;
}

std::uint64_t LiveBuffers::usedBytes() const
{
    std::uint64_t used = 0;
    for (const auto& log : logs())
        used += log->bytes();
    return used;
}

/// What the others leave, but at least an equal share; less when the disk gets full.
std::uint64_t LiveBuffers::allowanceFor(std::uint64_t held) const
{
    std::uint64_t used = 0;
    std::uint64_t count = 0;
    for (const auto& log : logs()) {
        used += log->bytes();
        ++count;
    }
    const std::uint64_t room = used + freeBytes(m_settings.folder);
    const std::uint64_t limit = std::min<std::uint64_t>(m_limit, room > keptFree ? room - keptFree : 0);
    const std::uint64_t others = used > held ? used - held : 0;
    return std::max(limit / std::max<std::uint64_t>(count, 1), limit > others ? limit - others : 0);
}

} // namespace weir
