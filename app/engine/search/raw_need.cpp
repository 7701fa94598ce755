// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/raw_need.h"

#include <algorithm>
#include <cstring>

namespace weir::search {

namespace {

bool holds(std::string_view bytes, std::string_view needle)
{
    return ::memmem(bytes.data(), bytes.size(), needle.data(), needle.size()) != nullptr;
}

bool holds(std::string_view bytes, char c)
{
    return std::memchr(bytes.data(), c, bytes.size()) != nullptr;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z';
}

/// "1e3", or what looks like it.
bool hasExponent(std::string_view bytes)
{
    for (std::size_t i = 1; i + 1 < bytes.size(); ++i) {
        if ((bytes[i] | 0x20) == 'e' && isDigit(bytes[i - 1])
            && (isDigit(bytes[i + 1]) || bytes[i + 1] == '+' || bytes[i + 1] == '-'))
            return true;
    }
    return false;
}

bool isAscii(std::string_view bytes)
{
    return std::none_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; });
}

RawNeed joined(RawNeed::Kind kind, RawNeed left, RawNeed right)
{
    if (left.kind != kind)
        left = {kind, {}, {std::move(left)}};
    left.parts.push_back(std::move(right));
    return left;
}

} // namespace

bool RawNeed::mayMatch(const RecordBatch& batch, std::size_t row) const
{
    const auto may = [&](const RawNeed& part) { return part.mayMatch(batch, row); };
    switch (kind) {
    case Kind::Nothing:
        return true;
    case Kind::All:
        return std::all_of(parts.begin(), parts.end(), may);
    case Kind::Any:
        return std::any_of(parts.begin(), parts.end(), may);
    case Kind::Key:
        return batch.key(row) == std::string_view(bytes);
    case Kind::Text:
    case Kind::Digits:
        break;
    }
    const auto value = batch.value(row);
    if (!value)
        return false; // every field is NULL, and NULL equals nothing
    if (holds(*value, bytes) || holds(*value, '\\'))
        return true;
    return kind == Kind::Digits && (hasExponent(*value) || !isAscii(*value));
}

RawNeed bothOf(RawNeed left, RawNeed right)
{
    if (left.isNothing())
        return right;
    if (right.isNothing())
        return left;
    return joined(RawNeed::Kind::All, std::move(left), std::move(right));
}

RawNeed eitherOf(RawNeed left, RawNeed right)
{
    if (left.isNothing() || right.isNothing())
        return {};
    return joined(RawNeed::Kind::Any, std::move(left), std::move(right));
}

std::string plainPart(std::string_view text)
{
    std::string_view longest;
    std::size_t begin = 0;
    bool hasWord = false; // a letter that no number is written with
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool inside =
            i < text.size() && (isLetter(text[i]) || isDigit(text[i]) || text[i] == '_' || text[i] == '-');
        if (inside) {
            hasWord = hasWord || (isLetter(text[i]) && (text[i] | 0x20) != 'e');
            continue;
        }
        if (hasWord && i - begin > longest.size())
            longest = text.substr(begin, i - begin);
        begin = i + 1;
        hasWord = false;
    }
    return std::string(longest);
}

} // namespace weir::search
