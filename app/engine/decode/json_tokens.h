// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_number.h"
#include "app/engine/decode/json_scalar.h"
#include "app/engine/decode/json_text.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <string>

namespace weir {

/// The tokens of one JSON value, read through simdjson and each of them checked: On-Demand does not look at what it
/// skips. In a header since it is the inside of the decoder's loop. Private to `decode`.
class JsonTokens
{
public:
    using Value = simdjson::ondemand::value;

    /// Texts that must be unescaped, and the compact text of containers, go to `heap`.
    void setHeap(const std::shared_ptr<StringHeap>& heap) { m_heap = heap; }
    const std::shared_ptr<StringHeap>& heap() const { return m_heap; }

    void restart(std::string_view text)
    {
        m_begin = text.data();
        m_end = text.data() + text.size();
        m_at = m_begin;
        m_failure = nullptr;
    }
    void setEscapes(bool escapes) { m_escapes = escapes; }

    simdjson::ondemand::parser& parser() { return m_parser; }
    simdjson::ondemand::document& document() { return m_document; }

    const char* failure() const { return m_failure; }
    bool fail(const char* message)
    {
        m_failure = message;
        return false;
    }
    bool fail(simdjson::error_code code) { return fail(simdjson::error_message(code)); }

    /// Whether a container may stand inside `depth` others.
    bool mayOpen(int depth) { return depth < depthLimit || fail("the value is nested deeper than 512 levels"); }

    /// The newest token, for the byte of an error.
    void moveTo(const char* at) { m_at = at; }
    void moveToBegin() { m_at = m_begin; }
    std::size_t byte() const { return m_at >= m_begin && m_at <= m_end ? static_cast<std::size_t>(m_at - m_begin) : 0; }

    /// Any value, looked at and left out.
    bool check(Value value, int depth);
    /// A value that is no container, with its raw token.
    bool readScalar(Value value, std::string_view token, JsonScalar& scalar);
    /// An object or array, looked at; its compact text if it is `wanted`.
    bool readContainer(Value value, std::string_view token, int depth, bool wanted, JsonScalar& scalar);
    /// A key as it is meant; `unescaped` is false where it stands like that in the text.
    bool readKey(simdjson::ondemand::field& field, std::string_view& key, bool& unescaped);

    static bool hasEscape(std::string_view text) { return std::memchr(text.data(), '\\', text.size()) != nullptr; }
    static std::string_view withoutTrailingSpace(std::string_view token)
    {
        while (!token.empty() && isSpace(token.back()))
            token.remove_suffix(1);
        return token;
    }

private:
    static constexpr int depthLimit = 512;

    static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    bool checkObject(Value value, int depth);
    bool checkArray(Value value, int depth);
    bool checkString(Value value, std::string_view token);
    bool checkKey(simdjson::ondemand::field& field);
    bool readString(Value value, std::string_view token, JsonScalar& scalar);

    /// simdjson takes a string that nobody has read for a key when a colon follows, so that ["a":1] would pass. A token
    /// reaches to the next one.
    bool checkEnd(std::string_view token)
    {
        return *(token.data() + token.size()) != ':' || fail("a colon cannot stand behind a value");
    }

    simdjson::ondemand::parser m_parser;
    simdjson::ondemand::document m_document;
    std::shared_ptr<StringHeap> m_heap;
    const char* m_begin = nullptr; ///< of the value at hand
    const char* m_end = nullptr;
    const char* m_at = nullptr;
    const char* m_failure = nullptr;
    bool m_escapes = false; ///< there is a backslash in the value at hand
};

inline bool JsonTokens::check(Value value, int depth)
{
    const std::string_view token = value.raw_json_token();
    m_at = token.data();
    switch (token.front()) {
    case '{':
        return checkObject(value, depth);
    case '[':
        return checkArray(value, depth);
    case '"':
        return checkString(value, token);
    case 't':
    case 'f':
    case 'n': {
        const std::string_view atom = withoutTrailingSpace(token);
        return atom == "true" || atom == "false" || atom == "null" || fail("this is no JSON value");
    }
    default:
        return !numberText(token).empty() || fail("this is no JSON value");
    }
}

inline bool JsonTokens::readScalar(Value value, std::string_view token, JsonScalar& scalar)
{
    switch (token.front()) {
    case '"':
        return readString(value, token, scalar);
    case 't':
    case 'f':
    case 'n':
        token = withoutTrailingSpace(token);
        if (token != "true" && token != "false" && token != "null")
            return fail("this is no JSON value");
        scalar.kind = token == "true" ? JsonScalarKind::True
            : token == "false"        ? JsonScalarKind::False
                                      : JsonScalarKind::Null;
        return true;
    default:
        scalar.kind = JsonScalarKind::Number;
        scalar.text = numberText(token);
        return !scalar.text.empty() || fail("this is no JSON value");
    }
}

inline bool JsonTokens::readContainer(Value value, std::string_view token, int depth, bool wanted, JsonScalar& scalar)
{
    const char* begin = token.data();
    if (!check(value, depth))
        return false;
    const char* next = nullptr;
    if (const auto code = m_document.current_location().get(next))
        return fail(code);
    scalar.kind = JsonScalarKind::Container;
    if (wanted) {
        // Behind the container stand white space and a comma, brace or bracket of those around it at most.
        std::string_view raw(begin, static_cast<std::size_t>(next - begin));
        raw = raw.substr(0, endOfFirstJsonValue(raw));
        scalar.text = m_heap->add(compactJson(raw));
    }
    m_at = begin;
    return true;
}

/// Most strings have no escapes and stay where they are; the others are unescaped into the heap.
inline bool JsonTokens::readString(Value value, std::string_view token, JsonScalar& scalar)
{
    const std::string_view whole = token;
    token = withoutTrailingSpace(token);
    if (token.size() < 2 || token.back() != '"')
        return fail("the string has no end");
    scalar.kind = JsonScalarKind::String;
    scalar.text = token.substr(1, token.size() - 2);
    if (!m_escapes || !hasEscape(scalar.text))
        return checkEnd(whole);
    std::string_view unescaped;
    if (const auto code = value.get_string().get(unescaped))
        return fail(code);
    scalar.text = m_heap->add(unescaped);
    return true;
}

inline bool JsonTokens::readKey(simdjson::ondemand::field& field, std::string_view& key, bool& unescaped)
{
    const char* const begin = field.key().raw();
    m_at = begin - 1;
    const char* quote = begin;
    while (*quote != '"' && *quote != '\\')
        ++quote;
    key = std::string_view(begin, static_cast<std::size_t>(quote - begin));
    unescaped = *quote == '\\';
    if (!unescaped)
        return true;
    const auto code = field.unescaped_key().get(key);
    return code ? fail(code) : true;
}

inline bool JsonTokens::checkString(Value value, std::string_view token)
{
    const std::string_view text = withoutTrailingSpace(token);
    if (text.size() < 2 || text.back() != '"')
        return fail("the string has no end");
    if (!m_escapes || !hasEscape(text))
        return checkEnd(token);
    std::string_view unescaped;
    const auto code = value.get_string().get(unescaped);
    return code ? fail(code) : true;
}

inline bool JsonTokens::checkKey(simdjson::ondemand::field& field)
{
    std::string_view key;
    bool unescaped = false;
    return readKey(field, key, unescaped);
}

inline bool JsonTokens::checkObject(Value value, int depth)
{
    if (!mayOpen(depth))
        return false;
    simdjson::ondemand::object object;
    if (const auto code = value.get_object().get(object))
        return fail(code);
    for (auto entry : object) {
        simdjson::ondemand::field field;
        if (const auto code = std::move(entry).get(field))
            return fail(code);
        if (!checkKey(field) || !check(field.value(), depth + 1))
            return false;
    }
    return true;
}

inline bool JsonTokens::checkArray(Value value, int depth)
{
    if (!mayOpen(depth))
        return false;
    simdjson::ondemand::array array;
    if (const auto code = value.get_array().get(array))
        return fail(code);
    for (auto entry : array) {
        Value element;
        if (const auto code = std::move(entry).get(element))
            return fail(code);
        if (!check(element, depth + 1))
            return false;
    }
    return true;
}

} // namespace weir
