// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/row_order.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace weir::search {

namespace {

constexpr std::size_t longestText = 255; ///< bytes of a text that count

struct Named
{
    const char* name;
    RowOrder::By by;
};
constexpr std::array named = {Named{"time", RowOrder::By::Time}, Named{"topic", RowOrder::By::Topic},
    Named{"partition", RowOrder::By::Partition}, Named{"offset", RowOrder::By::Offset}, Named{"key", RowOrder::By::Key},
    Named{"value", RowOrder::By::Value}, Named{"size", RowOrder::By::Size}};
constexpr std::string_view headerPrefix = "header:";
constexpr std::string_view fieldPrefix = "field:";
constexpr std::string_view descendingSuffix = " desc";

/// What a key begins with: values of different kinds stand in this order.
enum Kind : char { Null = 1, False, True, Negative, Zero, Positive, Text, Container };

void appendInteger(std::string& key, std::int64_t number)
{
    const std::uint64_t bits = static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63);
    for (int shift = 56; shift >= 0; shift -= 8)
        key += static_cast<char>(bits >> shift);
}

void appendText(std::string& key, const std::optional<std::string_view>& text)
{
    key += text ? Text : Null;
    key += text.value_or(std::string_view()).substr(0, longestText);
}

/// A JSON number as its digits, without zeros around them, and where the point stands among them.
struct Digits
{
    std::string digits;
    std::int64_t exponent = 0; ///< the number is 0.digits times ten to the power of it
    bool negative = false;
};

std::int64_t exponentIn(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    std::int64_t exponent = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
    constexpr std::int64_t far = 1'000'000;
    if (read.ec == std::errc::result_out_of_range)
        return text.starts_with('-') ? -far : far;
    return std::clamp(exponent, -far, far);
}

Digits digitsOf(std::string_view number)
{
    Digits result;
    result.negative = number.starts_with('-');
    const std::size_t end = std::min(number.find_first_of("eE"), number.size());
    if (end < number.size())
        result.exponent = exponentIn(number.substr(end + 1));
    bool behindPoint = false;
    for (const char c : number.substr(result.negative ? 1 : 0, end - (result.negative ? 1 : 0))) {
        if (c == '.') {
            behindPoint = true;
            continue;
        }
        const bool leading = result.digits.empty() && c == '0';
        if (!leading)
            result.digits += c;
        if (behindPoint && leading)
            --result.exponent;
        else if (!behindPoint && !leading)
            ++result.exponent;
    }
    result.digits.erase(result.digits.find_last_not_of('0') + 1);
    return result;
}

/// Kind, exponent, digits two to a byte, and a last byte that is below (of negative numbers: above) all digits.
void appendNumber(std::string& key, std::string_view number)
{
    const Digits parts = digitsOf(number);
    if (parts.digits.empty()) {
        key += Zero;
        return;
    }
    const std::size_t begin = key.size() + 1;
    key += parts.negative ? Negative : Positive;
    constexpr std::int64_t furthest = std::numeric_limits<std::int16_t>::max();
    const auto biased = static_cast<std::uint16_t>(std::clamp(parts.exponent, -furthest, furthest) + furthest);
    key += static_cast<char>(biased >> 8);
    key += static_cast<char>(biased & 0xff);
    const auto digit = [&](std::size_t i) { return i < parts.digits.size() ? parts.digits[i] - '0' + 1 : 0; };
    for (std::size_t i = 0; i < parts.digits.size(); i += 2)
        key += static_cast<char>(digit(i) << 4 | digit(i + 1));
    key += '\0';
    if (!parts.negative)
        return;
    for (std::size_t i = begin; i < key.size(); ++i)
        key[i] = static_cast<char>(~key[i]);
}

std::optional<std::string_view> headerOf(const RecordBatch& batch, std::size_t row, const std::string& name)
{
    for (std::size_t h = batch.headerCount(row); h > 0; --h) {
        if (const Header header = batch.header(row, h - 1); header.name == name)
            return header.value;
    }
    return std::nullopt;
}

} // namespace

Result<RowOrder> RowOrder::parse(std::string_view words)
{
    RowOrder order;
    if (words.ends_with(descendingSuffix)) {
        order.descending = true;
        words.remove_suffix(descendingSuffix.size());
    }
    for (const Named& one : named) {
        if (words == one.name) {
            order.by = one.by;
            return order;
        }
    }
    const bool isHeader = words.starts_with(headerPrefix);
    if (isHeader && words.size() > headerPrefix.size()) {
        order.by = By::Header;
        order.header = words.substr(headerPrefix.size());
        return order;
    }
    if (words.starts_with(fieldPrefix))
        words.remove_prefix(fieldPrefix.size());
    auto path = JsonFieldPath::parse(words);
    if (isHeader || !path)
        return Error{ErrorKind::InvalidInput,
            "'" + std::string(words)
                + "' is nothing to sort by. Give time, topic, partition, offset, key, value, size, header:NAME or a "
                  "field as in customer.id, with ' desc' behind it for the other way round.",
            "order"};
    order.by = By::Field;
    order.field = *std::move(path);
    return order;
}

std::string RowOrder::text() const
{
    std::string words;
    for (const Named& one : named) {
        if (one.by == by)
            words = one.name;
    }
    if (by == By::Header)
        words = std::string(headerPrefix) + header;
    else if (by == By::Field)
        words = std::string(fieldPrefix) + field.text();
    return words + std::string(descending ? descendingSuffix : std::string_view());
}

void RowOrderKeys::make(const RecordBatch& batch, std::size_t first, std::vector<std::string>& keys)
{
    keys.resize(batch.size() - std::min(first, batch.size()));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        keys[i].clear();
        append(batch, first + i, keys[i]);
    }
}

void RowOrderKeys::append(const RecordBatch& batch, std::size_t row, std::string& key)
{
    switch (m_order.by) {
    case RowOrder::By::Time:
        appendInteger(key,
            batch.timestampType(row) == TimestampType::NotAvailable ? std::numeric_limits<std::int64_t>::min()
                                                                    : batch.timestamp(row));
        break;
    case RowOrder::By::Topic:
        appendText(key, batch.topic());
        break;
    case RowOrder::By::Partition:
        appendInteger(key, batch.partition().value);
        appendInteger(key, batch.offset(row));
        break;
    case RowOrder::By::Offset:
        appendInteger(key, batch.offset(row));
        break;
    case RowOrder::By::Key:
        appendText(key, batch.key(row));
        break;
    case RowOrder::By::Value:
        appendText(key, batch.value(row));
        break;
    case RowOrder::By::Size:
        appendInteger(key, batch.value(row) ? static_cast<std::int64_t>(batch.value(row)->size()) : -1);
        break;
    case RowOrder::By::Header:
        appendText(key, headerOf(batch, row, m_order.header));
        break;
    case RowOrder::By::Field:
        appendField(batch.value(row), key);
        break;
    }
}

void RowOrderKeys::appendField(const std::optional<std::string_view>& value, std::string& key)
{
    const std::optional<JsonScalar> field = value ? m_members.find(*value, m_order.field) : std::nullopt;
    switch (field ? field->kind : JsonScalarKind::Null) {
    case JsonScalarKind::Null:
        key += Null;
        break;
    case JsonScalarKind::False:
        key += False;
        break;
    case JsonScalarKind::True:
        key += True;
        break;
    case JsonScalarKind::Number:
        appendNumber(key, field->text);
        break;
    case JsonScalarKind::String:
        appendText(key, field->text);
        break;
    case JsonScalarKind::Container:
        key += Container;
        key += field->text.substr(0, longestText);
        break;
    }
}

} // namespace weir::search
