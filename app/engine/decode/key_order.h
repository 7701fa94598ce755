// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace weir {

/// Remembers which key stood at which place of the last objects, since events of one topic have their keys in one
/// order: a key is then known by comparing a few words instead of being searched for. One thread.
class KeyOrder
{
public:
    /// Bytes that must be readable from the start of a key on.
    static constexpr std::size_t readBytes = 32;

    void restart() { m_place = 0; } ///< a new object
    /// `key` points behind a key's opening quote. The number it was learned with if it is the one expected at this
    /// place, or the next one: a key may be missing.
    std::optional<std::size_t> expected(const char* key)
    {
        for (std::size_t place = m_place; place < m_keys.size() && place < m_place + 2; ++place) {
            if (!m_keys[place].matches(key))
                continue;
            m_place = place + 1;
            return m_keys[place].number;
        }
        return std::nullopt;
    }
    /// The key at this place, raw as it stands, without escapes. Long keys and long objects are not remembered.
    void learn(std::string_view key, std::size_t number);

private:
    static constexpr std::size_t mostKeys = 256;
    static constexpr std::size_t words = readBytes / sizeof(std::uint64_t);

    struct Key
    {
        std::array<std::uint64_t, words> bytes{1}; ///< with the closing quote, zeros behind it; like this none matches
        std::uint64_t lastMask = 0;
        std::size_t last = 0; ///< word that holds the closing quote
        std::size_t number = 0;

        bool matches(const char* key) const
        {
            std::uint64_t word = 0;
            for (std::size_t i = 0; i < last; ++i) {
                std::memcpy(&word, key + i * sizeof word, sizeof word);
                if (word != bytes[i])
                    return false;
            }
            std::memcpy(&word, key + last * sizeof word, sizeof word);
            return (word & lastMask) == bytes[last];
        }
    };

    std::vector<Key> m_keys; ///< by place
    std::size_t m_place = 0;
};

} // namespace weir
