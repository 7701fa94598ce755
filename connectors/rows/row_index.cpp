// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/row_index.h"

#include "connectors/rows/mapped_file.h"

#include <algorithm>

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
    explicit File(std::unique_ptr<MappedFile> file) : m_file(std::move(file)) { }

    bool isFull() const { return m_size == entriesPerFile; }
    std::span<const RowEntry> entries() const
    {
        return {reinterpret_cast<const RowEntry*>(m_file->bytes().data()), m_size};
    }
    /// Behind the others, where nobody sees it until publish().
    Result<void> write(const RowEntry& entry)
    {
        return m_file->write(m_size * sizeof entry, {reinterpret_cast<const char*>(&entry), sizeof entry});
    }
    void publish() { ++m_size; }

private:
    const std::unique_ptr<MappedFile> m_file;
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
        auto made = MappedFile::make(m_folder + "/rows-" + std::to_string(m_made + 1) + ".index", fileBytes);
        if (!made)
            return made.error();
        ++m_made;
        next = std::make_unique<File>(std::move(*made));
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

std::optional<RowEntry> RowIndex::find(std::uint16_t topic, PartitionId partition, std::int64_t offset) const
{
    const std::lock_guard lock(m_mutex);
    for (auto file = m_files.rbegin(); file != m_files.rend(); ++file) {
        const auto entries = (*file)->entries();
        for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
            if (entry->kind == RowKind::Records && entry->topic == topic && entry->partition == partition.value
                && entry->first <= offset && offset < entry->end)
                return *entry;
        }
    }
    return std::nullopt;
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
