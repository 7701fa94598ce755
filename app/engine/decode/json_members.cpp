// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_members.h"

#include "app/engine/decode/json_tokens.h"

namespace weir {

JsonMembers::JsonMembers() : m_tokens(std::make_unique<JsonTokens>()) { }

JsonMembers::~JsonMembers() = default;

JsonMembers::Place JsonMembers::start(std::string_view value)
{
    if (!m_tokens->heap() || m_tokens->heap()->bytes() > 0)
        m_tokens->setHeap(std::make_shared<StringHeap>());
    const Place first = m_tokens->start(value);
    return first ? m_tokens->enter(first, value) : nullptr;
}

const std::vector<NamedScalar>* JsonMembers::read(std::string_view value)
{
    JsonTokens& tokens = *m_tokens;
    m_members.clear();
    const Place object = start(value);
    if (!object || *tokens.at(object) != '{')
        return nullptr;
    const Place behind = tokens.forEachMember(object, 0, [&](Place key, Place member) -> Place {
        NamedScalar& next = m_members.emplace_back();
        if (!tokens.readString(key, next.name))
            return nullptr;
        return JsonTokens::isContainer(*tokens.at(member)) ? tokens.readContainer(member, 1, false, next.value)
                                                           : tokens.readScalar(member, next.value);
    });
    return behind ? &m_members : nullptr;
}

JsonMembers::Place JsonMembers::seek(
    Place value, int depth, std::span<const JsonFieldPath::Step> steps, std::optional<JsonScalar>& found)
{
    JsonTokens& tokens = *m_tokens;
    const char first = *tokens.at(value);
    if (steps.empty()) {
        JsonScalar& scalar = found.emplace();
        return JsonTokens::isContainer(first) ? tokens.readContainer(value, depth, true, scalar)
                                              : tokens.readScalar(value, scalar);
    }
    const JsonFieldPath::Step& step = steps.front();
    if (first == '{' && !step.place)
        return tokens.forEachMember(value, depth, [&](Place key, Place member) -> Place {
            std::string_view name;
            if (!tokens.readString(key, name))
                return nullptr;
            if (name != step.name)
                return tokens.check(member, depth + 1);
            found.reset();
            return seek(member, depth + 1, steps.subspan(1), found);
        });
    if (first != '[' || !step.place)
        return tokens.check(value, depth);
    std::size_t place = 0;
    return tokens.forEachElement(value, depth, [&](Place element) {
        return place++ == *step.place ? seek(element, depth + 1, steps.subspan(1), found)
                                      : tokens.check(element, depth + 1);
    });
}

std::optional<JsonScalar> JsonMembers::find(std::string_view value, const JsonFieldPath& path)
{
    std::optional<JsonScalar> found;
    const Place first = start(value);
    return first && seek(first, 0, path.steps, found) ? found : std::nullopt;
}

} // namespace weir
