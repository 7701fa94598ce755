// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace weir::capture {

namespace {

constexpr std::uint32_t polynomial = 0x82F63B78; // bits reversed

using Table = std::array<std::uint32_t, 256>;

constexpr std::array<Table, 8> makeTables()
{
    std::array<Table, 8> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
        tables[0][byte] = crc;
    }
    for (std::size_t byte = 0; byte < 256; ++byte) {
        for (std::size_t t = 1; t < 8; ++t)
            tables[t][byte] = (tables[t - 1][byte] >> 8) ^ tables[0][tables[t - 1][byte] & 0xFF];
    }
    return tables;
}

constexpr std::array<Table, 8> tables = makeTables();

std::uint32_t portable(std::uint32_t crc, const char* at, std::size_t size)
{
    for (; size >= 8; size -= 8, at += 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8); // little endian: what is big has no tables to match and takes the bytes below
        if constexpr (std::endian::native != std::endian::little)
            break;
        word ^= crc;
        crc = 0;
        for (std::size_t t = 0; t < 8; ++t)
            crc ^= tables[7 - t][(word >> (8 * t)) & 0xFF];
    }
    for (; size > 0; --size, ++at)
        crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xFF];
    return crc;
}

#if defined(__x86_64__)

/// The checksum of `Length` zero bytes behind a checksum is linear in its bits: four look-ups do it.
template <std::size_t Length>
class ZerosBehind
{
public:
    constexpr ZerosBehind()
    {
        std::array<std::uint32_t, 32> ofBit{};
        for (std::size_t bit = 0; bit < 32; ++bit) {
            std::uint32_t crc = std::uint32_t{1} << bit;
            for (std::size_t byte = 0; byte < Length; ++byte)
                crc = (crc >> 8) ^ tables[0][crc & 0xFF];
            ofBit[bit] = crc;
        }
        for (std::size_t part = 0; part < 4; ++part) {
            for (std::size_t byte = 0; byte < 256; ++byte) {
                std::uint32_t crc = 0;
                for (std::size_t bit = 0; bit < 8; ++bit)
                    crc ^= ((byte >> bit) & 1) != 0 ? ofBit[part * 8 + bit] : 0;
                m_tables[part][byte] = crc;
            }
        }
    }
    std::uint32_t operator()(std::uint32_t crc) const
    {
        return m_tables[0][crc & 0xFF] ^ m_tables[1][(crc >> 8) & 0xFF] ^ m_tables[2][(crc >> 16) & 0xFF]
            ^ m_tables[3][crc >> 24];
    }

private:
    std::array<Table, 4> m_tables{};
};

__attribute__((target("sse4.2"))) inline std::uint64_t step(std::uint64_t crc, const char* at)
{
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    return _mm_crc32_u64(crc, word);
}

/// One instruction takes three cycles to answer and can be started every cycle: three stretches side by side.
template <std::size_t Length>
__attribute__((target("sse4.2"))) std::uint32_t stretches(std::uint32_t crc, const char*& at, std::size_t& size)
{
    static const ZerosBehind<Length> behind;
    for (; size >= 3 * Length; size -= 3 * Length, at += 3 * Length) {
        std::uint64_t first = crc;
        std::uint64_t second = 0;
        std::uint64_t third = 0;
        for (std::size_t i = 0; i < Length; i += 8) {
            first = step(first, at + i);
            second = step(second, at + Length + i);
            third = step(third, at + 2 * Length + i);
        }
        crc = behind(static_cast<std::uint32_t>(first)) ^ static_cast<std::uint32_t>(second);
        crc = behind(crc) ^ static_cast<std::uint32_t>(third);
    }
    return crc;
}

__attribute__((target("sse4.2"))) std::uint32_t accelerated(std::uint32_t crc, const char* at, std::size_t size)
{
    crc = stretches<4096>(crc, at, size);
    crc = stretches<256>(crc, at, size);
    for (; size >= 8; size -= 8, at += 8)
        crc = static_cast<std::uint32_t>(step(crc, at));
    for (; size > 0; --size, ++at)
        crc = _mm_crc32_u8(crc, static_cast<unsigned char>(*at));
    return crc;
}

const bool hasInstruction = __builtin_cpu_supports("sse4.2") != 0;

#endif

} // namespace

std::uint32_t crc32cPortable(std::span<const char> bytes, std::uint32_t before)
{
    return ~portable(~before, bytes.data(), bytes.size());
}

std::uint32_t crc32c(std::span<const char> bytes, std::uint32_t before)
{
#if defined(__x86_64__)
    if (hasInstruction)
        return ~accelerated(~before, bytes.data(), bytes.size());
#endif
    return crc32cPortable(bytes, before);
}

} // namespace weir::capture
