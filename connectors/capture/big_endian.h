// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace weir::capture {

/// Kafka's numbers on disk: big endian, anywhere.
template <typename Number>
Number loadBig(const char* bytes)
{
    std::make_unsigned_t<Number> value;
    std::memcpy(&value, bytes, sizeof value);
    if constexpr (std::endian::native == std::endian::little) {
        if constexpr (sizeof value == 8)
            value = __builtin_bswap64(value);
        else if constexpr (sizeof value == 4)
            value = __builtin_bswap32(value);
        else if constexpr (sizeof value == 2)
            value = __builtin_bswap16(value);
    }
    return static_cast<Number>(value);
}

template <typename Number>
void storeBig(char* bytes, Number number)
{
    const auto swapped = loadBig<Number>(reinterpret_cast<const char*>(&number));
    std::memcpy(bytes, &swapped, sizeof swapped);
}

} // namespace weir::capture
