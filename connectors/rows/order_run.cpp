// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/order_run.h"

#include <algorithm>

namespace weir::rows {

namespace {

constexpr std::size_t writtenAtOnce = 16 * 1024; ///< entries

} // namespace

Result<std::shared_ptr<const OrderRun>> OrderRun::merged(
    std::span<const OrderEntry> one, std::span<const OrderEntry> other, const OrderKeys& keys, const std::string& path)
{
    auto run = std::make_shared<OrderRun>();
    const std::size_t count = one.size() + other.size();
    const auto less = [&keys](const OrderEntry& a, const OrderEntry& b) { return keys.isLess(a, b); };
    if (path.empty() || count == 0) {
        run->m_memory.resize(count);
        std::merge(one.begin(), one.end(), other.begin(), other.end(), run->m_memory.begin(), less);
        run->m_entries = run->m_memory;
        return std::shared_ptr<const OrderRun>(std::move(run));
    }
    auto file = MappedFile::make(path, count * sizeof(OrderEntry));
    if (!file)
        return file.error();
    std::vector<OrderEntry> part;
    std::size_t written = 0;
    while (written < count) {
        part.clear();
        while (part.size() < writtenAtOnce && (!one.empty() || !other.empty())) {
            const bool takesOther = one.empty() || (!other.empty() && less(other.front(), one.front()));
            std::span<const OrderEntry>& from = takesOther ? other : one;
            part.push_back(from.front());
            from = from.subspan(1);
        }
        const std::span<const char> bytes(reinterpret_cast<const char*>(part.data()), part.size() * sizeof(OrderEntry));
        if (auto done = (*file)->write(written * sizeof(OrderEntry), bytes); !done)
            return done.error();
        written += part.size();
    }
    run->m_file = std::move(*file);
    run->m_entries = {reinterpret_cast<const OrderEntry*>(run->m_file->bytes().data()), count};
    return std::shared_ptr<const OrderRun>(std::move(run));
}

} // namespace weir::rows
