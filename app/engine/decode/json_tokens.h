// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_number.h"
#include "app/engine/decode/json_scalar.h"

#include <simdjson.h>

#include <cstring>
#include <memory>

namespace weir {

/// The tokens of one JSON value: simdjson's first stage finds where they begin (and looks at the encoding), the walk
/// over them here checks each one exactly once, those that are skipped too. In a header since it is the inside of the
/// decoder's loop. Private to `decode`.
///
/// Several values that stand behind each other can be started as one text and entered one by one, as long as each ends
/// with its own last token: behind a string without an end nothing is what it seems.
///
/// Reading functions take the place of a token and give the place behind what they read, or null where the text is no
/// JSON; `failure()` and `byte()` then say why and where.
class JsonTokens
{
public:
    using Place = const std::uint32_t*;

    /// Texts that must be unescaped, and the compact text of containers, go to `heap`.
    void setHeap(const std::shared_ptr<StringHeap>& heap) { m_heap = heap; }
    const std::shared_ptr<StringHeap>& heap() const { return m_heap; }

    /// Finds the tokens of `text`, which has RecordBatch::padding readable bytes behind it; its first place.
    Place start(std::string_view text);
    /// The first place, from `from` on, of a value that is a part of the text; null if it has none.
    Place enter(Place from, std::string_view value);
    /// The byte at which a token begins.
    const char* at(Place place) const { return m_text + *place; }

    const char* failure() const { return m_failure; }
    Place fail(const char* at, const char* message)
    {
        m_failure = message;
        m_at = at;
        return nullptr;
    }
    Place fail(Place place, const char* message) { return fail(at(place), message); }

    /// The byte of an error: of the token that failed or was moved to.
    void moveTo(Place place) { m_at = at(place); }
    void moveToBegin() { m_at = m_value; }
    std::size_t byte() const { return static_cast<std::size_t>(m_at - m_value); }

    static bool isContainer(char first) { return first == '{' || first == '['; }

    /// Any value, looked at and left out.
    Place check(Place value, int depth);
    /// A value that is no container.
    Place readScalar(Place value, JsonScalar& scalar);
    /// An object or array, looked at; its compact text if it is `wanted`.
    Place readContainer(Place value, int depth, bool wanted, JsonScalar& scalar);

    /// Calls `visit(key, value)` for the members of an object inside `depth` containers: `key` is the place of the
    /// key, and what `visit` gives the place behind the value.
    template <typename Visit>
    Place forEachMember(Place object, int depth, Visit&& visit);
    /// Calls `visit(value)` for the elements of an array in the same way.
    template <typename Visit>
    Place forEachElement(Place array, int depth, Visit&& visit);

    /// The content of a string, as it is meant; false where it is broken.
    bool readString(Place value, std::string_view& text);
    /// Whether that content is what stands in the text, without any escapes.
    bool standsAt(Place value, std::string_view text) const { return text.data() == at(value) + 1; }

private:
    static constexpr int depthLimit = 512;

    /// Behind the last byte of a token: the white space between it and the next one left out.
    const char* endOf(Place place) const
    {
        const char* end = m_text + place[1];
        while (isJsonSpace(end[-1]))
            --end;
        return end;
    }
    Place readNumber(Place value, JsonScalar& scalar);
    bool unescape(Place value, std::string_view& text);
    Place checkKey(Place key);

    simdjson::dom::parser m_parser;
    std::shared_ptr<StringHeap> m_heap;
    const char* m_text = nullptr; ///< where places count from
    const char* m_value = nullptr; ///< where the value at hand begins
    Place m_last = nullptr; ///< behind its tokens
    const char* m_at = nullptr;
    const char* m_failure = nullptr;
    bool m_escapes = false; ///< there is a backslash in it
};

template <typename Visit>
JsonTokens::Place JsonTokens::forEachMember(Place object, int depth, Visit&& visit)
{
    if (depth >= depthLimit)
        return fail(object, "the value is nested deeper than 512 levels");
    Place next = object + 1;
    if (next != m_last && *at(next) == '}')
        return next + 1;
    for (;;) {
        constexpr std::ptrdiff_t leastOfMember = 4; // key, colon, value and what follows
        if (m_last - next < leastOfMember)
            return fail(object, "the object has no end");
        if (*at(next) != '"')
            return fail(next, "a key in quotes is missing here");
        if (*at(next + 1) != ':')
            return fail(next + 1, "a colon is missing here");
        next = visit(next, next + 2);
        if (!next)
            return nullptr;
        if (next == m_last)
            return fail(object, "the object has no end");
        const char separator = *at(next++);
        if (separator == '}')
            return next;
        if (separator != ',')
            return fail(next - 1, "a comma or the end of the object is missing here");
    }
}

template <typename Visit>
JsonTokens::Place JsonTokens::forEachElement(Place array, int depth, Visit&& visit)
{
    if (depth >= depthLimit)
        return fail(array, "the value is nested deeper than 512 levels");
    Place next = array + 1;
    if (next != m_last && *at(next) == ']')
        return next + 1;
    for (;;) {
        constexpr std::ptrdiff_t leastOfElement = 2; // the value and what follows
        if (m_last - next < leastOfElement)
            return fail(array, "the array has no end");
        next = visit(next);
        if (!next)
            return nullptr;
        if (next == m_last)
            return fail(array, "the array has no end");
        const char separator = *at(next++);
        if (separator == ']')
            return next;
        if (separator != ',')
            return fail(next - 1, "a comma or the end of the array is missing here");
    }
}

/// Most strings have no escapes and stay where they are; the others are unescaped into the heap.
inline bool JsonTokens::readString(Place value, std::string_view& text)
{
    const char* const begin = at(value) + 1;
    const char* const quote = endOf(value) - 1;
    text = std::string_view(begin, static_cast<std::size_t>(quote - begin));
    return !m_escapes || text.find('\\') == std::string_view::npos || unescape(value, text);
}

inline JsonTokens::Place JsonTokens::checkKey(Place key)
{
    std::string_view text;
    return !m_escapes || readString(key, text) ? key + 1 : nullptr;
}

inline JsonTokens::Place JsonTokens::readScalar(Place value, JsonScalar& scalar)
{
    const char* const begin = at(value);
    switch (*begin) {
    case '"':
        scalar.kind = JsonScalarKind::String;
        return readString(value, scalar.text) ? value + 1 : nullptr;
    case 't':
    case 'f':
    case 'n': {
        const std::string_view atom(begin, static_cast<std::size_t>(endOf(value) - begin));
        scalar.kind = *begin == 't' ? JsonScalarKind::True
            : *begin == 'f'         ? JsonScalarKind::False
                                    : JsonScalarKind::Null;
        if (atom != (*begin == 't' ? "true" : *begin == 'f' ? "false" : "null"))
            return fail(value, "this is no JSON value");
        return value + 1;
    }
    default:
        return readNumber(value, scalar);
    }
}

/// Most numbers are a few digits, and known when they have been looked at.
inline JsonTokens::Place JsonTokens::readNumber(Place value, JsonScalar& scalar)
{
    constexpr std::ptrdiff_t alwaysFits = 18; // digits, or a point and 17
    const char* const begin = at(value);
    const char* const end = endOf(value);
    const char* const first = begin + (*begin == '-' ? 1 : 0);
    std::uint64_t magnitude = 0;
    const auto takeDigits = [&magnitude](const char* from) {
        for (; *from >= '0' && *from <= '9'; ++from)
            magnitude = magnitude * 10 + static_cast<std::uint64_t>(*from - '0');
        return from;
    };
    const char* const point = takeDigits(first);
    const char* const digit = *point == '.' ? takeDigits(point + 1) : point;
    const std::ptrdiff_t fraction = digit - point; // with the point
    scalar.kind = JsonScalarKind::Number;
    scalar.fraction = static_cast<std::uint8_t>(fraction > 0 ? fraction - 1 : 0);
    scalar.text = {begin, static_cast<std::size_t>(end - begin)};
    scalar.isPlain = digit == end && point != first && fraction != 1 && digit - first <= alwaysFits
        && (*first != '0' || point - first == 1);
    scalar.integer = static_cast<std::int64_t>(first == begin ? magnitude : 0 - magnitude);
    return scalar.isPlain || !numberText(scalar.text).empty() ? value + 1 : fail(value, "this is no JSON value");
}

inline JsonTokens::Place JsonTokens::check(Place value, int depth)
{
    switch (*at(value)) {
    case '{':
        return forEachMember(
            value, depth, [&](Place key, Place member) { return checkKey(key) ? check(member, depth + 1) : nullptr; });
    case '[':
        return forEachElement(value, depth, [&](Place element) { return check(element, depth + 1); });
    case '"':
        if (!m_escapes)
            return value + 1;
        [[fallthrough]];
    default:
        JsonScalar ignored;
        return readScalar(value, ignored);
    }
}

} // namespace weir
