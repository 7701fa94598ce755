// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/known_batches.h"

#include <algorithm>

namespace weir::capture {

void KnownBatches::add(const KnownBatch& batch)
{
    if (m_batches.empty() || m_batches.back().end <= batch.first)
        m_batches.push_back(batch);
}

void KnownBatches::drop(std::int64_t offset)
{
    const auto end = std::find_if(
        m_batches.begin(), m_batches.end(), [offset](const KnownBatch& batch) { return batch.first >= offset; });
    m_batches.erase(m_batches.begin(), end);
}

const KnownBatch* KnownBatches::next(std::int64_t offset) const
{
    const auto found = std::lower_bound(m_batches.begin(), m_batches.end(), offset,
        [](const KnownBatch& batch, std::int64_t at) { return batch.first < at; });
    return found == m_batches.end() ? nullptr : &*found;
}

const KnownBatch* KnownBatches::find(std::int64_t first) const
{
    const KnownBatch* found = next(first);
    return found && found->first == first ? found : nullptr;
}

KnownBatches::Verdict KnownBatches::judge(const BatchHeader& header, const char* front, std::int64_t expected) const
{
    if (const KnownBatch* known = find(header.baseOffset))
        return known->end == header.endOffset() && known->front == frontChecksum(front) ? Verdict::Vouched
                                                                                        : Verdict::Wrong;
    const KnownBatch* following = next(expected);
    if (!following) // behind all that is known: written just before the end came
        return Verdict::Unknown;
    return following->afterDamage && header.endOffset() <= following->first ? Verdict::Unknown : Verdict::Wrong;
}

} // namespace weir::capture
