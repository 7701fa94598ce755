// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/key_order.h"

namespace weir {

void KeyOrder::learn(std::string_view key, std::size_t number)
{
    const std::size_t place = m_place++;
    if (place >= mostKeys)
        return;
    if (place >= m_keys.size())
        m_keys.resize(place + 1);
    Key& known = m_keys[place];
    known = Key{};
    if (key.size() + 1 > readBytes)
        return;
    std::array<char, readBytes> text{};
    std::array<char, readBytes> mask{};
    std::memcpy(text.data(), key.data(), key.size());
    text[key.size()] = '"';
    std::memset(mask.data(), 0xff, key.size() + 1);
    std::memcpy(known.bytes.data(), text.data(), readBytes);
    known.last = key.size() / sizeof(std::uint64_t);
    std::memcpy(&known.lastMask, mask.data() + known.last * sizeof(std::uint64_t), sizeof(std::uint64_t));
    known.number = number;
}

} // namespace weir
