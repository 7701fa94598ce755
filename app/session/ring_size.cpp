// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/ring_size.h"

#include "app/engine/sql/duration.h"
#include "app/session/byte_size.h"

namespace weir {

namespace {

constexpr std::size_t leastBytes = std::size_t{1} << 16;
constexpr std::chrono::milliseconds leastAge = std::chrono::seconds(1);

} // namespace

Result<RingSize> parseRing(const std::string& text)
{
    RingSize ring;
    if (const auto bytes = parseByteSize(text, 0)) {
        if (*bytes < leastBytes)
            return Error{ErrorKind::InvalidInput, "'" + text + "' is too little. Give at least 64KiB.", {}};
        ring.bytes = *bytes;
        return ring;
    }
    const auto age = sql::parseDuration(text);
    if (!age)
        return Error{ErrorKind::InvalidInput,
            "'" + text + "' is no size and no time. Write 2GiB for so many newest bytes, 30min for what came within.",
            {}};
    if (*age < leastAge)
        return Error{ErrorKind::InvalidInput, "'" + text + "' is too short. Give at least 1s.", {}};
    ring.age = *age;
    return ring;
}

} // namespace weir
