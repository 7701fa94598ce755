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
    if (depth >= JsonTokens::depthLimit) {
        reading.tokens.fail("the value is nested deeper than 512 levels");
        return NestedOutcome::Broken;
    }
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
    ondemand::object object;
    if (const auto code = value.get_object().get(object)) {
        reading.tokens.fail(code);
        return NestedOutcome::Broken;
    }
    constexpr auto missing = NestedOutcome::Broken; // which ends the reading at once, so that no field has it
    std::fill(m_outcomes.begin(), m_outcomes.end(), missing);
    const std::vector<RowField>& fields = *m_type.children;
    for (auto entry : object) {
        ondemand::field field;
        std::string_view key;
        bool unescaped = false;
        if (const auto code = std::move(entry).get(field)) {
            reading.tokens.fail(code);
            return NestedOutcome::Broken;
        }
        if (!reading.tokens.readKey(field, key, unescaped))
            return NestedOutcome::Broken;
        const auto found =
            std::find_if(fields.begin(), fields.end(), [key](const RowField& one) { return one.name == key; });
        if (found == fields.end()) {
            if (!reading.tokens.check(field.value(), depth + 1))
                return NestedOutcome::Broken;
            continue;
        }
        const auto number = static_cast<std::size_t>(found - fields.begin());
        m_outcomes[number] = readElement(field.value(), *m_children[number], reading, depth);
        if (m_outcomes[number] == NestedOutcome::Broken)
            return NestedOutcome::Broken;
    }
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
    ondemand::object object;
    if (const auto code = value.get_object().get(object)) {
        reading.tokens.fail(code);
        return NestedOutcome::Broken;
    }
    m_pairs.clear();
    bool bad = false;
    for (auto entry : object) {
        ondemand::field field;
        std::string_view key;
        bool unescaped = false;
        if (const auto code = std::move(entry).get(field)) {
            reading.tokens.fail(code);
            return NestedOutcome::Broken;
        }
        if (!reading.tokens.readKey(field, key, unescaped))
            return NestedOutcome::Broken;
        std::optional<std::string>& pair = m_pairs[std::string(key)];
        const NestedOutcome outcome = readElement(field.value(), *m_children.front(), reading, depth);
        if (outcome == NestedOutcome::Broken)
            return outcome;
        bad = bad || outcome == NestedOutcome::Bad;
        PackedBuilder one;
        m_children.front()->addTo(one, outcome);
        const std::string bytes = one.bytes();
        pair = outcome == NestedOutcome::Stored ? std::optional(std::string(PackedView(bytes).at(0))) : std::nullopt;
    }
    for (const auto& [key, element] : m_pairs) {
        m_elements.add(key);
        if (element)
            m_elements.add(*element);
        else
            m_elements.addNull();
    }
    return bad ? NestedOutcome::Bad : NestedOutcome::Stored;
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
