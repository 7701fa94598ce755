// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/transactions.h"

#include "connectors/capture/batch_decoder.h"

namespace weir::capture {

Result<Transactions> Transactions::of(const PartitionLog& log)
{
    Transactions transactions;
    std::int64_t next = log.beginOffset();
    for (;;) {
        auto open = log.openAt(next);
        if (!open)
            return open.error();
        if (!*open)
            return transactions;
        SegmentReader& reader = *(*open)->reader;
        const std::int64_t before = next;
        for (;;) {
            const auto step = reader.look();
            if (!step)
                return step.error();
            if (*step == SegmentReader::Step::End)
                break;
            if (*step == SegmentReader::Step::Batch) {
                transactions.add(reader.batch());
                next = reader.batch().header.endOffset();
            }
            reader.advance();
        }
        if (next == before)
            return transactions;
    }
}

void Transactions::add(const FoundBatch& batch)
{
    const BatchHeader& header = batch.header;
    if (!header.isTransactional())
        return;
    if (!header.isControl()) {
        m_open.emplace(header.producerId, header.baseOffset);
        return;
    }
    const ControlType type = controlTypeOf(header, batch.bytes.subspan(batchHeaderBytes));
    const auto open = m_open.find(header.producerId);
    if (open == m_open.end() || type == ControlType::Other)
        return;
    if (type == ControlType::Abort)
        m_aborted[header.producerId].push_back({open->second, header.baseOffset});
    m_open.erase(open);
}

bool Transactions::isAborted(const BatchHeader& header) const
{
    const auto found = m_aborted.find(header.producerId);
    if (!header.isTransactional() || found == m_aborted.end())
        return false;
    return std::any_of(found->second.begin(), found->second.end(),
        [&](const Range& range) { return header.baseOffset >= range.first && header.baseOffset < range.end; });
}

std::int64_t Transactions::firstOpen() const
{
    std::int64_t first = INT64_MAX;
    for (const auto& [producer, offset] : m_open)
        first = std::min(first, offset);
    return first;
}

} // namespace weir::capture
