// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/arrivals.h"

#include "connectors/capture/big_endian.h"
#include "connectors/capture/crc32c.h"

#include <charconv>

namespace weir::capture {

namespace {

constexpr std::size_t longestName = 4096; ///< bytes; Kafka allows 249, others more

bool isKnown(std::uint8_t kind, std::uint8_t reason)
{
    return kind >= static_cast<std::uint8_t>(ArrivalKind::Partition)
        && kind <= static_cast<std::uint8_t>(ArrivalKind::PastHole) && reason < gapReasonCount;
}

} // namespace

void appendArrival(ByteBuffer& out, const ArrivalEntry& entry)
{
    const std::string& name = entry.name.topic;
    const std::size_t size = arrivalEntryBytes + name.size();
    char* const at = out.room(size);
    at[4] = static_cast<char>(entry.kind);
    at[5] = static_cast<char>(entry.reason);
    storeBig(at + 6, static_cast<std::uint16_t>(name.size()));
    storeBig(at + 8, entry.sequence);
    storeBig(at + 16, entry.receiveTime);
    storeBig(at + 24, entry.partition);
    storeBig(at + 28, entry.front);
    storeBig(at + 32, entry.first);
    storeBig(at + 40, entry.end);
    storeBig(at + 48, entry.kind == ArrivalKind::Partition ? entry.name.partition.value : entry.amount);
    std::memcpy(at + arrivalEntryBytes, name.data(), name.size());
    storeBig(at, crc32c({at + 4, size - 4}));
    out.commit(size);
}

bool ArrivalReader::next(ArrivalEntry& entry)
{
    if (m_bytes.size() - m_at < arrivalEntryBytes)
        return false;
    const char* const at = m_bytes.data() + m_at;
    const std::size_t nameSize = loadBig<std::uint16_t>(at + 6);
    const std::size_t size = arrivalEntryBytes + nameSize;
    if (nameSize > longestName || size > m_bytes.size() - m_at
        || loadBig<std::uint32_t>(at) != crc32c({at + 4, size - 4})
        || !isKnown(static_cast<std::uint8_t>(at[4]), static_cast<std::uint8_t>(at[5])))
        return false;
    entry.kind = static_cast<ArrivalKind>(at[4]);
    entry.reason = static_cast<GapReason>(at[5]);
    entry.sequence = loadBig<std::uint64_t>(at + 8);
    entry.receiveTime = loadBig<std::int64_t>(at + 16);
    entry.partition = loadBig<std::uint32_t>(at + 24);
    entry.front = loadBig<std::uint32_t>(at + 28);
    entry.first = loadBig<std::int64_t>(at + 32);
    entry.end = loadBig<std::int64_t>(at + 40);
    entry.amount = loadBig<std::int64_t>(at + 48);
    entry.name = {};
    if (entry.kind == ArrivalKind::Partition) {
        entry.name = {std::string(at + arrivalEntryBytes, nameSize), {static_cast<std::int32_t>(entry.amount)}};
        entry.amount = 0;
    }
    m_at += size;
    return true;
}

std::string arrivalFileName(std::size_t number)
{
    return number == 1 ? "arrivals.log" : "arrivals-" + std::to_string(number) + ".log";
}

std::size_t arrivalFileNumber(std::string_view name)
{
    if (name == "arrivals.log")
        return 1;
    constexpr std::string_view front = "arrivals-";
    constexpr std::string_view back = ".log";
    if (!name.starts_with(front) || !name.ends_with(back) || name.size() > front.size() + back.size() + 9)
        return 0;
    name.remove_prefix(front.size());
    name.remove_suffix(back.size());
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc() && end == name.data() + name.size() && number > 1 ? number : 0;
}

} // namespace weir::capture
