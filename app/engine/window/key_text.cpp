// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/key_text.h"

#include "app/engine/event/row_text.h"

#include <algorithm>

namespace weir::window {

namespace {

constexpr std::size_t shownBytes = 40;

} // namespace

std::size_t keyBytes(const std::vector<Column>& keys, std::size_t row)
{
    std::size_t bytes = 0;
    for (const Column& key : keys) {
        const bool text = physicalTypeOf(key.type()) == PhysicalType::String;
        bytes += text && !key.isNull(row) ? key.values<std::string_view>()[row].size() : sizeof(std::int64_t);
    }
    return bytes;
}

std::string keyText(const std::vector<Column>& keys, std::size_t row)
{
    std::string text;
    for (const Column& key : keys)
        text += (text.empty() ? "" : ", ") + cellText(key, row);
    if (text.size() <= shownBytes)
        return text;
    std::size_t cut = shownBytes;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U)
        --cut; // not within a character
    return text.substr(0, cut) + "…";
}

void noteLargest(
    std::vector<KeyUse>& largest, std::size_t count, std::size_t bytes, const std::function<std::string()>& text)
{
    if (largest.size() == count && bytes <= largest.back().bytes)
        return;
    KeyUse use{text(), bytes};
    const auto known =
        std::find_if(largest.begin(), largest.end(), [&](const KeyUse& other) { return other.key == use.key; });
    if (known != largest.end())
        known->bytes = std::max(known->bytes, bytes);
    else
        largest.push_back(std::move(use));
    std::stable_sort(largest.begin(), largest.end(),
        [](const KeyUse& left, const KeyUse& right) { return left.bytes > right.bytes; });
    if (largest.size() > count)
        largest.pop_back();
}

std::vector<KeyUse> largestOf(
    const std::vector<Column>& keys, std::size_t count, const std::function<std::size_t(std::size_t)>& stateBytes)
{
    std::vector<KeyUse> largest;
    const std::size_t size = keys.empty() ? 0 : keys.front().size();
    for (std::size_t row = 0; row < size; ++row)
        noteLargest(largest, count, keyBytes(keys, row) + stateBytes(row), [&] { return keyText(keys, row); });
    return largest;
}

} // namespace weir::window
