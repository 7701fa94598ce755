// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>

namespace weir::capture {

/// Kafka's varints: zigzag, seven bits a byte, low ones first.
constexpr std::uint64_t zigzag(std::int64_t value)
{
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

constexpr std::size_t varintSize(std::int64_t value)
{
    const std::uint64_t bits = zigzag(value) | 1;
    return (static_cast<std::size_t>(std::bit_width(bits)) + 6) / 7;
}

/// Returns the end of what was written: at most ten bytes.
inline char* writeVarint(char* out, std::int64_t value)
{
    std::uint64_t bits = zigzag(value);
    for (; bits >= 0x80; bits >>= 7)
        *out++ = static_cast<char>(bits | 0x80);
    *out++ = static_cast<char>(bits);
    return out;
}

/// Reads forward within [at, end). Once something did not fit, `failed` stays true and zeros are read.
class VarintReader
{
public:
    VarintReader(const char* at, const char* end) : m_at(at), m_end(end) { }

    bool failed() const { return m_failed; }
    const char* at() const { return m_at; }
    std::size_t left() const { return static_cast<std::size_t>(m_end - m_at); }

    std::int64_t number()
    {
        if (m_at != m_end && static_cast<unsigned char>(*m_at) < 0x80) { // nearly always
            const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(*m_at++));
            return decoded(byte);
        }
        std::uint64_t bits = 0;
        for (int shift = 0; shift < 70 && m_at != m_end; shift += 7) {
            const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(*m_at++));
            bits |= (byte & 0x7F) << (shift & 63);
            if (byte < 0x80)
                return decoded(bits);
        }
        return fail();
    }
    /// A length that the bytes behind it have, or -1 for null.
    std::int32_t length()
    {
        const std::int64_t value = number();
        if (value < -1 || value > static_cast<std::int64_t>(left()))
            return static_cast<std::int32_t>(fail());
        return static_cast<std::int32_t>(value);
    }
    void skip(std::int32_t bytes) { m_at += bytes > 0 ? bytes : 0; }

private:
    static std::int64_t decoded(std::uint64_t bits)
    {
        return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
    }
    std::int64_t fail()
    {
        m_failed = true;
        m_at = m_end;
        return 0;
    }

    const char* m_at;
    const char* m_end;
    bool m_failed = false;
};

} // namespace weir::capture
