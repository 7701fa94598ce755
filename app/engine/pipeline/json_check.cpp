// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/json_check.h"

#include <bitset>
#include <cstddef>

namespace weir {

namespace {

class Walker
{
public:
    explicit Walker(std::string_view text) : m_at(text.data()), m_end(text.data() + text.size()) { }

    JsonShape walk()
    {
        skipSpace();
        const bool container = m_at != m_end && (*m_at == '{' || *m_at == '[');
        if (!value())
            return JsonShape::Invalid;
        while (m_depth > 0) {
            if (!afterValue())
                return JsonShape::Invalid;
        }
        return container ? JsonShape::Container : JsonShape::Scalar;
    }

private:
    static constexpr std::size_t maxDepth = 512;

    void skipSpace()
    {
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
    }

    bool take(char wanted)
    {
        if (m_at == m_end || *m_at != wanted)
            return false;
        ++m_at;
        return true;
    }

    bool open(bool object)
    {
        if (m_depth == maxDepth)
            return false;
        m_isObject[m_depth++] = object;
        return true;
    }

    /// A scalar, or everything up to and with the first scalar or empty container within.
    bool value()
    {
        for (;;) {
            skipSpace();
            if (take('[')) {
                skipSpace();
                if (take(']'))
                    return true;
                if (!open(false))
                    return false;
            } else if (take('{')) {
                skipSpace();
                if (take('}'))
                    return true;
                if (!open(true) || !name())
                    return false;
            } else {
                return scalar();
            }
        }
    }

    bool name()
    {
        skipSpace();
        if (!string())
            return false;
        skipSpace();
        return take(':');
    }

    /// A comma and the next value, or the end of the innermost container.
    bool afterValue()
    {
        skipSpace();
        const bool object = m_isObject[m_depth - 1];
        if (take(','))
            return (!object || name()) && value();
        if (!take(object ? '}' : ']'))
            return false;
        --m_depth;
        return true;
    }

    bool scalar()
    {
        if (m_at == m_end)
            return false;
        switch (*m_at) {
        case '"':
            return string();
        case 't':
            return word("true");
        case 'f':
            return word("false");
        case 'n':
            return word("null");
        default:
            return number();
        }
    }

    bool word(std::string_view wanted)
    {
        if (static_cast<std::size_t>(m_end - m_at) < wanted.size() || std::string_view(m_at, wanted.size()) != wanted)
            return false;
        m_at += wanted.size();
        return true;
    }

    bool string()
    {
        if (!take('"'))
            return false;
        while (m_at != m_end) {
            const char c = *m_at++;
            if (c == '"')
                return true;
            if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !escape()))
                return false;
        }
        return false;
    }

    bool escape()
    {
        if (m_at == m_end)
            return false;
        const char c = *m_at++;
        if (c != 'u')
            return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
        for (int digit = 0; digit < 4; ++digit, ++m_at) {
            if (m_at == m_end || std::string_view("0123456789abcdefABCDEF").find(*m_at) == std::string_view::npos)
                return false;
        }
        return true;
    }

    bool digits()
    {
        const char* const begin = m_at;
        while (m_at != m_end && *m_at >= '0' && *m_at <= '9')
            ++m_at;
        return m_at != begin;
    }

    bool number()
    {
        take('-');
        if (!take('0') && !digits())
            return false;
        if (take('.') && !digits())
            return false;
        if (take('e') || take('E')) {
            if (!take('+'))
                take('-');
            return digits();
        }
        return true;
    }

    const char* m_at;
    const char* m_end;
    std::bitset<maxDepth> m_isObject;
    std::size_t m_depth = 0;
};

} // namespace

JsonShape jsonShape(std::string_view text)
{
    return text.empty() ? JsonShape::Invalid : Walker(text).walk();
}

} // namespace weir
