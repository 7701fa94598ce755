// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/row_index.h"

#include "connectors/record/file_error.h"

#include <algorithm>
#include <fcntl.h>
#include <span>
#include <sys/mman.h>
#include <unistd.h>

namespace weir::rows {

namespace {

constexpr std::size_t entriesPerFile = 16384;
constexpr std::size_t fileBytes = entriesPerFile * sizeof(RowEntry);

static_assert(sizeof(RowEntry) == 64);

} // namespace

/// One file of the index: so many entries, of which the first size() are written.
class RowIndex::File
{
public:
    static Result<std::unique_ptr<File>> make(const std::string& path)
    {
        std::unique_ptr<File> file(new File(path));
        file->m_descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file->m_descriptor < 0)
            return fileError("cannot be made", path);
        if (const int code = ::posix_fallocate(file->m_descriptor, 0, fileBytes); code != 0)
            return fileError("has no room", path, code);
        void* const mapped = ::mmap(nullptr, fileBytes, PROT_READ, MAP_SHARED, file->m_descriptor, 0);
        if (mapped == MAP_FAILED)
            return fileError("cannot be mapped", path);
        file->m_entries = static_cast<const RowEntry*>(mapped);
        return file;
    }
    ~File()
    {
        if (m_entries)
            ::munmap(const_cast<RowEntry*>(m_entries), fileBytes);
        if (m_descriptor >= 0) {
            ::close(m_descriptor);
            ::unlink(m_path.c_str());
        }
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool isFull() const { return m_size == entriesPerFile; }
    std::span<const RowEntry> entries() const { return {m_entries, m_size}; }
    /// Behind the others, where nobody sees it until publish().
    Result<void> write(const RowEntry& entry)
    {
        const auto place = static_cast<off_t>(m_size * sizeof entry);
        if (::pwrite(m_descriptor, &entry, sizeof entry, place) != static_cast<ssize_t>(sizeof entry))
            return fileError("cannot be written", m_path);
        return {};
    }
    void publish() { ++m_size; }

private:
    explicit File(std::string path) : m_path(std::move(path)) { }

    const std::string m_path;
    int m_descriptor = -1;
    const RowEntry* m_entries = nullptr; ///< mapped
    std::size_t m_size = 0;
};

RowIndex::RowIndex(std::string folder) : m_folder(std::move(folder)) { }

RowIndex::~RowIndex() = default;

Result<void> RowIndex::add(RowEntry entry)
{
    const std::lock_guard adding(m_adding);
    std::unique_ptr<File> next;
    File* file = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        file = m_files.empty() || m_files.back()->isFull() ? nullptr : m_files.back().get();
        entry.firstRow = m_endRow;
    }
    if (!file) {
        auto made = File::make(m_folder + "/rows-" + std::to_string(m_made + 1) + ".index");
        if (!made)
            return made.error();
        ++m_made;
        next = std::move(*made);
        file = next.get();
    }
    auto written = file->write(entry);
    const std::lock_guard lock(m_mutex);
    if (next)
        m_files.push_back(std::move(next));
    if (written) {
        file->publish();
        m_endRow = entry.endRow();
    }
    return written;
}

std::int64_t RowIndex::endRow() const
{
    const std::lock_guard lock(m_mutex);
    return m_endRow;
}

std::vector<RowEntry> RowIndex::entries(std::int64_t first, std::int64_t count) const
{
    const auto endsBefore = [](const RowEntry& entry, std::int64_t row) { return entry.endRow() <= row; };
    const std::lock_guard lock(m_mutex);
    std::vector<RowEntry> found;
    auto file = std::lower_bound(m_files.begin(), m_files.end(), first, [](const auto& candidate, std::int64_t row) {
        const auto entries = candidate->entries();
        return !entries.empty() && entries.back().endRow() <= row;
    });
    for (; file != m_files.end(); ++file) {
        const auto entries = (*file)->entries();
        auto entry = std::lower_bound(entries.begin(), entries.end(), first, endsBefore);
        for (; entry != entries.end(); ++entry) {
            if (entry->firstRow >= first + count)
                return found;
            found.push_back(*entry);
        }
    }
    return found;
}

void RowIndex::forgetBefore(std::int64_t row)
{
    std::vector<std::unique_ptr<File>> gone; // unmapped and removed outside of the lock
    const std::lock_guard lock(m_mutex);
    while (m_files.size() > 1 && m_files.front()->isFull() && m_files.front()->entries().back().endRow() <= row) {
        gone.push_back(std::move(m_files.front()));
        m_files.pop_front();
    }
}

std::uint64_t RowIndex::bytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_files.size() * fileBytes;
}

} // namespace weir::rows
