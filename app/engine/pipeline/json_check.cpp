// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/json_check.h"

#include "connectors/record/text_encoding.h"

#include <bitset>
#include <cstddef>

namespace weir {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The functions take where they begin and give where they ended, null where the text is no JSON. What a function walks
/// with stays in registers that way.
class Walker
{
public:
    explicit Walker(std::string_view text) : m_begin(text.data()), m_end(text.data() + text.size()) { }

    JsonShape walk()
    {
        const char* at = skipSpace(m_begin);
        const bool container = at != m_end && (*at == '{' || *at == '[');
        at = value(at);
        while (at && m_depth > 0)
            at = afterValue(at);
        if (!at)
            return JsonShape::Invalid;
        m_onlySpaceFollows = skipSpace(at) == m_end;
        return container ? JsonShape::Container : JsonShape::Scalar;
    }

    bool onlySpaceFollows() const { return m_onlySpaceFollows; } ///< after walk() of a valid one

private:
    static constexpr std::size_t maxDepth = 512;

    const char* skipSpace(const char* at) const
    {
        while (at != m_end && *at <= ' ' && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
            ++at;
        return at;
    }

    const char* take(const char* at, char wanted) const { return at != m_end && *at == wanted ? at + 1 : nullptr; }

    /// A scalar, or everything up to and with the first scalar or empty container within. No space before it.
    const char* value(const char* at)
    {
        for (;;) {
            if (at == m_end)
                return nullptr;
            if (*at == '"')
                return string(at + 1);
            if (*at != '{' && *at != '[')
                return isDigit(*at) || *at == '-' ? number(at) : word(at);
            const bool object = *at == '{';
            at = skipSpace(at + 1);
            if (const char* closed = take(at, object ? '}' : ']'))
                return closed;
            if (m_depth == maxDepth)
                return nullptr;
            m_isObject[m_depth++] = object;
            if (object && !(at = name(at)))
                return nullptr;
        }
    }

    /// A name, its colon, and the space behind it.
    const char* name(const char* at) const
    {
        at = take(at, '"');
        if (!at || !(at = string(at)))
            return nullptr;
        at = take(skipSpace(at), ':');
        return at ? skipSpace(at) : nullptr;
    }

    /// A comma and the next value, or the end of the innermost container.
    const char* afterValue(const char* at)
    {
        at = skipSpace(at);
        const bool object = m_isObject[m_depth - 1];
        if (const char* next = take(at, ',')) {
            next = skipSpace(next);
            if (object)
                next = name(next);
            return next ? value(next) : nullptr;
        }
        --m_depth;
        return take(at, object ? '}' : ']');
    }

    const char* word(const char* at) const
    {
        const std::string_view text(at, static_cast<std::size_t>(m_end - at));
        for (const std::string_view wanted : {"true", "false", "null"}) {
            if (text.starts_with(wanted))
                return at + wanted.size();
        }
        return nullptr;
    }

    /// From behind the opening quote.
    const char* string(const char* at) const
    {
        while (at != m_end) {
            if (m_end - at >= 16) {
                const std::size_t plain = plainJsonBytes(at);
                at += plain;
                if (plain == 16)
                    continue;
            }
            const char c = *at++;
            if (c == '"')
                return at;
            if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !(at = escape(at))))
                return nullptr;
        }
        return nullptr;
    }

    const char* escape(const char* at) const
    {
        if (at == m_end)
            return nullptr;
        const char c = *at++;
        if (c != 'u')
            return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos ? at : nullptr;
        for (int digit = 0; digit < 4; ++digit, ++at) {
            if (at == m_end || std::string_view("0123456789abcdefABCDEF").find(*at) == std::string_view::npos)
                return nullptr;
        }
        return at;
    }

    /// At least one.
    const char* digits(const char* at) const
    {
        const char* const begin = at;
        while (at != m_end && isDigit(*at))
            ++at;
        return at != begin ? at : nullptr;
    }

    const char* number(const char* at) const
    {
        if (*at == '-')
            ++at;
        const char* zero = take(at, '0');
        at = zero ? zero : digits(at);
        if (const char* fraction = at ? take(at, '.') : nullptr)
            at = digits(fraction);
        if (!at || at == m_end || (*at | 0x20) != 'e')
            return at;
        ++at;
        if (at != m_end && (*at == '+' || *at == '-'))
            ++at;
        return digits(at);
    }

    const char* m_begin;
    const char* m_end;
    std::bitset<maxDepth> m_isObject;
    std::size_t m_depth = 0;
    bool m_onlySpaceFollows = false;
};

} // namespace

JsonShape jsonShape(std::string_view text)
{
    return text.empty() ? JsonShape::Invalid : Walker(text).walk();
}

bool isJsonContainer(std::string_view text)
{
    if (text.empty())
        return false;
    Walker walker(text);
    return walker.walk() == JsonShape::Container && walker.onlySpaceFollows();
}

} // namespace weir
