// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_nested.h"

#include <algorithm>

namespace weir {

namespace {

namespace ondemand = simdjson::ondemand;

/// What the children of a type are read as.
std::vector<LogicalType> partsOf(const LogicalType& type)
{
    std::vector<LogicalType> parts;
    if (type.kind == TypeKind::Row) {
        for (const RowField& field : *type.children)
            parts.push_back(field.type);
    } else if (type.isNested()) {
        parts.push_back(elementType(type, type.kind == TypeKind::Array ? 0 : 1));
    }
    return parts;
}

/// Calls `visit(key, value)`, which is false where the text breaks, for the members of an object.
template <typename Visit>
bool forEachMember(JsonTokens::Value value, JsonTokens& tokens, Visit&& visit)
{
    ondemand::object object;
    if (const auto code = value.get_object().get(object))
        return tokens.fail(code);
    for (auto entry : object) {
        ondemand::field field;
        std::string_view key;
        bool unescaped = false;
        if (const auto code = std::move(entry).get(field))
            return tokens.fail(code);
        if (!tokens.readKey(field, key, unescaped) || !visit(key, field.value()))
            return false;
    }
    return true;
}

} // namespace

NestedTarget::NestedTarget(const LogicalType& type, TimestampStandard standard) : m_type(type), m_scalar(type, 1)
{
    for (const LogicalType& part : partsOf(type))
        m_children.push_back(std::make_unique<NestedTarget>(part, standard));
    m_outcomes.resize(m_children.size());
    if (!type.isNested())
        m_target.emplace(m_scalar, standard);
}

void NestedTarget::setHeap(const std::shared_ptr<StringHeap>& heap)
{
    m_scalar.heap() = heap;
    for (const auto& child : m_children)
        child->setHeap(heap);
}

NestedOutcome NestedTarget::read(JsonTokens::Value value, Reading& reading, int depth)
{
    const std::string_view token = value.raw_json_token();
    reading.tokens.moveTo(token.data());
    if (!m_type.isNested())
        return readScalar(value, token, reading, depth);
    if (token.front() != (m_type.kind == TypeKind::Array ? '[' : '{')) {
        if (!reading.tokens.check(value, depth))
            return NestedOutcome::Broken;
        return token.front() == 'n' ? NestedOutcome::Null : NestedOutcome::Bad;
    }
    if (!reading.tokens.mayOpen(depth))
        return NestedOutcome::Broken;
    m_elements.clear();
    NestedOutcome outcome = m_type.kind == TypeKind::Row ? readRow(value, reading, depth)
        : m_type.kind == TypeKind::Array                 ? readArray(value, reading, depth)
                                                         : readMap(value, reading, depth);
    if (outcome == NestedOutcome::Stored && !m_elements.fits())
        outcome = NestedOutcome::Bad;
    if (outcome == NestedOutcome::Bad)
        reading.tokens.moveTo(token.data());
    return outcome;
}

NestedOutcome NestedTarget::readScalar(JsonTokens::Value value, std::string_view token, Reading& reading, int depth)
{
    JsonScalar scalar;
    const bool container = token.front() == '{' || token.front() == '[';
    const bool isRead = container ? reading.tokens.readContainer(value, token, depth, m_type.isString(), scalar)
                                  : reading.tokens.readScalar(value, token, scalar);
    if (!isRead)
        return NestedOutcome::Broken;
    if (scalar.kind == JsonScalarKind::Null)
        return NestedOutcome::Null;
    m_scalar.validity().clear();
    return m_target->store(0, scalar) ? NestedOutcome::Stored : NestedOutcome::Bad;
}

/// A bad element is NULL or makes the whole bad. What follows is looked at all the same.
NestedOutcome NestedTarget::readElement(JsonTokens::Value value, NestedTarget& element, Reading& reading, int depth)
{
    const NestedOutcome outcome = element.read(value, reading, depth + 1);
    if (outcome != NestedOutcome::Bad || !reading.ignoreParseErrors)
        return outcome;
    reading.repaired = true;
    return NestedOutcome::Null;
}

NestedOutcome NestedTarget::readRow(JsonTokens::Value value, Reading& reading, int depth)
{
    constexpr auto missing = NestedOutcome::Broken; // which ends the reading at once, so that no field has it
    std::fill(m_outcomes.begin(), m_outcomes.end(), missing);
    const std::vector<RowField>& fields = *m_type.children;
    const bool whole = forEachMember(value, reading.tokens, [&](std::string_view key, JsonTokens::Value member) {
        const auto found =
            std::find_if(fields.begin(), fields.end(), [key](const RowField& one) { return one.name == key; });
        if (found == fields.end())
            return reading.tokens.check(member, depth + 1);
        const auto number = static_cast<std::size_t>(found - fields.begin());
        m_outcomes[number] = readElement(member, *m_children[number], reading, depth);
        return m_outcomes[number] != NestedOutcome::Broken;
    });
    if (!whole)
        return NestedOutcome::Broken;
    bool bad = false;
    for (std::size_t i = 0; i < m_children.size(); ++i) {
        const bool lacks = m_outcomes[i] == missing && reading.failOnMissingField;
        bad = bad || m_outcomes[i] == NestedOutcome::Bad || (lacks && !reading.ignoreParseErrors);
        reading.repaired = reading.repaired || lacks;
        m_children[i]->addTo(m_elements, m_outcomes[i]);
    }
    return bad ? NestedOutcome::Bad : NestedOutcome::Stored;
}

NestedOutcome NestedTarget::readArray(JsonTokens::Value value, Reading& reading, int depth)
{
    ondemand::array array;
    if (const auto code = value.get_array().get(array)) {
        reading.tokens.fail(code);
        return NestedOutcome::Broken;
    }
    bool bad = false;
    for (auto entry : array) {
        JsonTokens::Value element;
        if (const auto code = std::move(entry).get(element)) {
            reading.tokens.fail(code);
            return NestedOutcome::Broken;
        }
        const NestedOutcome outcome = readElement(element, *m_children.front(), reading, depth);
        if (outcome == NestedOutcome::Broken)
            return outcome;
        bad = bad || outcome == NestedOutcome::Bad;
        m_children.front()->addTo(m_elements, outcome);
    }
    return bad ? NestedOutcome::Bad : NestedOutcome::Stored;
}

/// Of equal keys the last wins.
NestedOutcome NestedTarget::readMap(JsonTokens::Value value, Reading& reading, int depth)
{
    m_pairs.clear();
    bool bad = false;
    const bool whole = forEachMember(value, reading.tokens, [&](std::string_view key, JsonTokens::Value member) {
        std::optional<std::string>& pair = m_pairs[std::string(key)];
        const NestedOutcome outcome = readElement(member, *m_children.front(), reading, depth);
        bad = bad || outcome == NestedOutcome::Bad;
        pair = m_children.front()->element(outcome);
        return outcome != NestedOutcome::Broken;
    });
    if (!whole)
        return NestedOutcome::Broken;
    for (const auto& [key, element] : m_pairs) {
        m_elements.add(key);
        if (element)
            m_elements.add(*element);
        else
            m_elements.addNull();
    }
    return bad ? NestedOutcome::Bad : NestedOutcome::Stored;
}

std::optional<std::string> NestedTarget::element(NestedOutcome outcome) const
{
    if (outcome != NestedOutcome::Stored || m_scalar.isNull(0)) // a DECIMAL that is too wide is stored as NULL
        return std::nullopt;
    ElementRoom room;
    return m_type.isNested() ? m_elements.bytes() : std::string(elementBytes(m_scalar, 0, room));
}

void NestedTarget::addTo(PackedBuilder& elements, NestedOutcome outcome) const
{
    if (outcome != NestedOutcome::Stored)
        elements.addNull();
    else if (m_type.isNested())
        elements.add(m_elements.bytes());
    else
        elements.add(m_scalar, 0);
}

} // namespace weir
