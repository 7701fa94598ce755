// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/arrivals.h"
#include "connectors/capture/safe_appender.h"

#include <functional>
#include <map>
#include <mutex>

namespace weir::capture {

/// Writes arrivals.log in the root of a capture, one file after another. Thread-safe.
class ArrivalsWriter final : private SafeAppender::Owner
{
public:
    ArrivalsWriter(Storage& storage, std::string root, bool durable);

    /// What a file begins with: the partitions declared so far and what is past. Set before the first append().
    void setPreamble(std::function<std::vector<ArrivalEntry>()> preamble) { m_preamble = std::move(preamble); }

    /// Numbers the entry and writes it; the number comes back.
    Result<std::uint64_t> append(ArrivalEntry entry);
    /// No entry written from now on has a lower number.
    std::uint64_t nextSequence();
    Result<void> sync();
    Result<void> close();
    /// Removes files that tell of nothing from number `sequence` on.
    Result<void> forgetBefore(std::uint64_t sequence);

private:
    Result<std::unique_ptr<AppendFile>> open(const Chunk& first) override;
    void written(const Chunk& chunk, std::size_t position) override;
    Result<void> closed(std::size_t size) override;
    std::string pathOf(std::size_t number) const { return m_root + "/" + arrivalFileName(number); }

    Storage& m_storage;
    const std::string m_root;
    const bool m_durable;
    std::function<std::vector<ArrivalEntry>()> m_preamble;

    std::mutex m_mutex; ///< guards what follows
    SafeAppender m_appender;
    std::size_t m_number = 0; ///< of the newest file
    std::uint64_t m_next = 1; ///< sequence
    std::map<std::size_t, std::uint64_t> m_firstOf; ///< by file, oldest first: its first sequence
};

} // namespace weir::capture
