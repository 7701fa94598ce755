// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_tokens.h"

#include "app/engine/decode/json_escape.h"
#include "app/engine/decode/json_text.h"

namespace weir {

JsonTokens::Place JsonTokens::start(std::string_view text)
{
    m_text = text.data();
    m_value = m_text;
    m_at = m_text;
    m_failure = nullptr;
    if (m_parser.capacity() < text.size() + 1) {
        constexpr std::size_t least = 4096;
        const std::size_t capacity = std::max(least, text.size() + text.size() / 4);
        if (const auto code = m_parser.allocate(capacity, 1))
            return fail(m_text, simdjson::error_message(code));
    }
    auto& stage = *m_parser.implementation;
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(m_text);
    if (const auto code = stage.stage1(bytes, text.size(), simdjson::stage1_mode::regular))
        return fail(m_text, simdjson::error_message(code));
    m_escapes = std::memchr(m_text, '\\', text.size()) != nullptr;
    m_last = stage.structural_indexes.get() + stage.n_structural_indexes;
    return stage.structural_indexes.get();
}

JsonTokens::Place JsonTokens::enter(Place from, std::string_view value)
{
    while (at(from) < value.data() && from != m_last)
        ++from;
    m_value = value.data();
    return at(from) < value.data() + value.size() ? from : fail(m_value, "the value is empty");
}

bool JsonTokens::unescape(Place value, std::string_view& text)
{
    const auto meant = unescapeJson(text);
    if (!meant)
        return fail(value, "a string has an escape that is none of JSON's") != nullptr;
    text = m_heap->add(*meant);
    return true;
}

JsonTokens::Place JsonTokens::readContainer(Place value, int depth, bool wanted, JsonScalar& scalar)
{
    const Place behind = check(value, depth);
    scalar.kind = JsonScalarKind::Container;
    if (behind && wanted) {
        const auto size = static_cast<std::size_t>(at(behind - 1) + 1 - at(value));
        scalar.text = m_heap->add(compactJson({at(value), size}));
    }
    return behind;
}

} // namespace weir
