// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_nested.h"

#include <algorithm>

namespace weir {

namespace {

using Place = JsonTokens::Place;

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

/// What is read where `behind` says whether it could be.
bool advance(Place& place, Place behind)
{
    place = behind ? behind : place;
    return behind != nullptr;
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

NestedOutcome NestedTarget::read(Place& place, Reading& reading, int depth)
{
    if (!m_type.isNested())
        return readScalar(place, reading, depth);
    const char first = *reading.tokens.at(place);
    if (first != (m_type.kind == TypeKind::Array ? '[' : '{')) {
        if (!advance(place, reading.tokens.check(place, depth)))
            return NestedOutcome::Broken;
        return first == 'n' ? NestedOutcome::Null : NestedOutcome::Bad;
    }
    m_elements.clear();
    NestedOutcome outcome = m_type.kind == TypeKind::Row ? readRow(place, reading, depth)
        : m_type.kind == TypeKind::Array                 ? readArray(place, reading, depth)
                                                         : readMap(place, reading, depth);
    if (outcome == NestedOutcome::Stored && !m_elements.fits())
        outcome = NestedOutcome::Bad;
    return outcome;
}

NestedOutcome NestedTarget::readScalar(Place& place, Reading& reading, int depth)
{
    JsonScalar scalar;
    const Place behind = JsonTokens::isContainer(*reading.tokens.at(place))
        ? reading.tokens.readContainer(place, depth, m_type.isString(), scalar)
        : reading.tokens.readScalar(place, scalar);
    if (!advance(place, behind))
        return NestedOutcome::Broken;
    if (scalar.kind == JsonScalarKind::Null)
        return NestedOutcome::Null;
    m_scalar.validity().clear();
    return m_target->store(0, scalar) ? NestedOutcome::Stored : NestedOutcome::Bad;
}

/// A bad element is NULL or makes the whole bad. What follows is looked at all the same.
NestedOutcome NestedTarget::readElement(Place& place, NestedTarget& element, Reading& reading, int depth)
{
    const NestedOutcome outcome = element.read(place, reading, depth + 1);
    if (outcome != NestedOutcome::Bad || !reading.ignoreParseErrors)
        return outcome;
    reading.repaired = true;
    return NestedOutcome::Null;
}

NestedOutcome NestedTarget::readRow(Place& place, Reading& reading, int depth)
{
    constexpr auto missing = NestedOutcome::Broken; // which ends the reading at once, so that no field has it
    std::fill(m_outcomes.begin(), m_outcomes.end(), missing);
    const std::vector<RowField>& fields = *m_type.children;
    const Place behind = reading.tokens.forEachMember(place, depth, [&](Place key, Place member) -> Place {
        std::string_view name;
        if (!reading.tokens.readString(key, name))
            return nullptr;
        const auto found =
            std::find_if(fields.begin(), fields.end(), [name](const RowField& one) { return one.name == name; });
        if (found == fields.end())
            return reading.tokens.check(member, depth + 1);
        const auto number = static_cast<std::size_t>(found - fields.begin());
        m_outcomes[number] = readElement(member, *m_children[number], reading, depth);
        return m_outcomes[number] == NestedOutcome::Broken ? nullptr : member;
    });
    if (!advance(place, behind))
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

NestedOutcome NestedTarget::readArray(Place& place, Reading& reading, int depth)
{
    bool bad = false;
    const Place behind = reading.tokens.forEachElement(place, depth, [&](Place element) -> Place {
        const NestedOutcome outcome = readElement(element, *m_children.front(), reading, depth);
        if (outcome == NestedOutcome::Broken)
            return nullptr;
        bad = bad || outcome == NestedOutcome::Bad;
        m_children.front()->addTo(m_elements, outcome);
        return element;
    });
    if (!advance(place, behind))
        return NestedOutcome::Broken;
    return bad ? NestedOutcome::Bad : NestedOutcome::Stored;
}

/// Of equal keys the last wins.
NestedOutcome NestedTarget::readMap(Place& place, Reading& reading, int depth)
{
    m_pairs.clear();
    bool bad = false;
    const Place behind = reading.tokens.forEachMember(place, depth, [&](Place key, Place member) -> Place {
        std::string_view name;
        if (!reading.tokens.readString(key, name))
            return nullptr;
        std::optional<std::string>& pair = m_pairs[std::string(name)];
        const NestedOutcome outcome = readElement(member, *m_children.front(), reading, depth);
        bad = bad || outcome == NestedOutcome::Bad;
        pair = m_children.front()->element(outcome);
        return outcome == NestedOutcome::Broken ? nullptr : member;
    });
    if (!advance(place, behind))
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
