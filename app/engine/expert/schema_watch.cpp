// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/expert/schema_watch.h"

#include <array>

namespace weir::expert {

namespace {

/// What a schema would tell apart.
enum FieldType : unsigned { Text = 1, Number = 2, Boolean = 4, Nested = 8 };

unsigned typeOf(const JsonScalar& value)
{
    switch (value.kind) {
    case JsonScalarKind::String:
        return Text;
    case JsonScalarKind::Number:
        return Number;
    case JsonScalarKind::True:
    case JsonScalarKind::False:
        return Boolean;
    case JsonScalarKind::Container:
        return Nested;
    case JsonScalarKind::Null:
        break;
    }
    return 0;
}

std::string namesOf(unsigned types)
{
    constexpr std::array names = {std::pair(Text, "text"), std::pair(Number, "number"), std::pair(Boolean, "boolean"),
        std::pair(Nested, "object or array")};
    std::string text;
    for (const auto& [type, name] : names) {
        if ((types & type) != 0)
            text += (text.empty() ? "" : " or ") + std::string(name);
    }
    return text.empty() ? "null" : text;
}

std::string_view trimmedFront(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

} // namespace

SchemaWatch::Value SchemaWatch::add(
    const RecordBatch& batch, std::size_t row, JsonMembers& reader, NotedPlaces& changes)
{
    const auto value = batch.value(row);
    if (!value || value->empty())
        return Value::None;
    const std::vector<NamedScalar>* members = reader.read(*value);
    if (!members) {
        const JsonFieldPath none;
        return !trimmedFront(*value).starts_with('{') && reader.find(*value, none) ? Value::OtherJson : Value::Broken;
    }
    ++m_objects;
    look(*members, {batch.partition(), batch.offset(row), {}}, changes);
    return Value::Object;
}

void SchemaWatch::look(const std::vector<NamedScalar>& members, const NotePlace& place, NotedPlaces& changes)
{
    std::uint64_t always = 0;
    for (const NamedScalar& member : members) {
        auto known = m_fields.find(member.name);
        const bool isNew = known == m_fields.end();
        if (isNew && m_fields.size() >= mostFields)
            continue;
        if (isNew)
            known = m_fields.try_emplace(std::string(member.name)).first;
        Field& field = known->second;
        const unsigned type = typeOf(member.value);
        const bool isUsual = m_objects > usualAfter;
        if (isUsual && isNew)
            changes.add({place.partition, place.offset, "field " + known->first + " came, " + namesOf(type)});
        else if (isUsual && field.types != 0 && (type & ~field.types) != 0)
            changes.add({place.partition, place.offset,
                "field " + known->first + " is " + namesOf(type) + ", was " + namesOf(field.types)});
        field.types |= type;
        field.count += field.newest == m_objects ? 0 : 1; // a name that stands twice counts once
        field.newest = m_objects;
        always += field.count == m_objects ? 1 : 0;
    }
    if (always < m_always && m_objects > usualAfter)
        lookForGone(place, changes);
    m_always = always;
}

/// Fields that every value had so far, and this one has not.
void SchemaWatch::lookForGone(const NotePlace& place, NotedPlaces& changes)
{
    for (auto& [name, field] : m_fields) {
        if (field.count + 1 != m_objects || field.newest == m_objects || field.missed)
            continue;
        field.missed = true;
        changes.add({place.partition, place.offset, "field " + name + " is not there, was in every value before"});
    }
}

} // namespace weir::expert
