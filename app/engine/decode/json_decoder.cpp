// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_decoder.h"

#include "app/engine/decode/json_nested.h"
#include "app/engine/decode/json_text.h"
#include "app/engine/decode/key_order.h"

#include <algorithm>

namespace weir {

/// One value at a time, every token of it checked: accepts what a full parser accepts.
class JsonDecoder::Walk
{
public:
    using Place = JsonTokens::Place;

    Walk(std::vector<JsonField> fields, JsonOptions options)
        : m_fields(std::move(fields)), m_options(options), m_targets(m_fields.size())
    {
        static_assert(
            RecordBatch::padding >= simdjson::SIMDJSON_PADDING && RecordBatch::padding >= KeyOrder::readBytes);
        for (std::size_t i = 0; i < m_fields.size(); ++i) {
            if (m_fields[i].type.isNested())
                m_targets[i].nested = std::make_unique<NestedTarget>(m_fields[i].type, m_options.timestampStandard);
        }
    }

    EventBatch decode(const RecordBatchPtr& batch, std::uint64_t sequence);

private:
    /// Where the values of one field go.
    struct Target
    {
        Column* column = nullptr; ///< of the batch at hand
        std::optional<ScalarTarget> scalar; ///< into that column, unless the type is nested
        std::unique_ptr<NestedTarget> nested;
        std::uint64_t seenIn = 0; ///< the newest value in which the field stood
    };

    void decodeRow(EventBatch& events, std::uint32_t row, std::string_view value);
    bool walkInRun(EventBatch& events, std::uint32_t row, std::string_view value);
    Place walkValue(Place first, EventBatch& events, std::uint32_t row);
    bool walkAlone(EventBatch& events, std::uint32_t row, std::string_view value);
    bool retryWithoutTail(EventBatch& events, std::uint32_t row, std::string_view value);
    bool find(Place key, std::size_t& index);
    Place store(Place value, EventBatch& events, std::uint32_t row, std::size_t field);
    Place storeNested(Place value, EventBatch& events, std::uint32_t row, std::size_t field);
    void finishRow(EventBatch& events, std::uint32_t row);
    bool fieldFails(Place value, EventBatch& events, std::uint32_t row, std::size_t field);

    void addError(EventBatch& events, std::uint32_t row, std::string message)
    {
        events.errors.push_back({row, m_tokens.byte(), std::move(message), !m_options.ignoreParseErrors});
    }

    static void forgetErrors(EventBatch& events, std::uint32_t row)
    {
        while (!events.errors.empty() && events.errors.back().row == row)
            events.errors.pop_back();
    }

    std::vector<JsonField> m_fields;
    JsonOptions m_options;
    JsonTokens m_tokens;
    JsonRuns m_runs;
    Place m_behind = nullptr; ///< the place behind the newest value of the run
    std::vector<Target> m_targets; ///< by field
    std::uint64_t m_value = 0; ///< number of the value at hand, from 1
    std::size_t m_seen = 0; ///< fields that stood in it
    KeyOrder m_keys;
    bool m_rowFails = false; ///< a field of this row failed and may not become NULL
};

JsonDecoder::JsonDecoder(std::vector<JsonField> fields, JsonOptions options)
    : m_walk(std::make_unique<Walk>(std::move(fields), options))
{ }

JsonDecoder::~JsonDecoder() = default;
JsonDecoder::JsonDecoder(JsonDecoder&&) noexcept = default;

EventBatch JsonDecoder::decode(const RecordBatchPtr& batch, std::uint64_t sequence)
{
    return m_walk->decode(batch, sequence);
}

EventBatch JsonDecoder::Walk::decode(const RecordBatchPtr& batch, std::uint64_t sequence)
{
    EventBatch events;
    events.rowCount = batch->size();
    events.source = batch;
    events.sequence = sequence;
    m_tokens.setHeap(std::make_shared<StringHeap>());
    m_runs.restart();
    events.columns.reserve(m_fields.size());
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const JsonField& field = m_fields[i];
        events.schema.push_back({field.name, field.type});
        Column& column = events.columns.emplace_back(field.type, events.rowCount);
        column.heap() = m_tokens.heap();
        Target& target = m_targets[i];
        target.column = &column;
        if (target.nested)
            target.nested->setHeap(m_tokens.heap());
        else
            target.scalar.emplace(column, m_options.timestampStandard);
    }
    for (std::uint32_t row = 0; row < events.rowCount; ++row) {
        const auto value = partOf(*batch, row, m_options.part);
        const std::size_t errorsBefore = events.errors.size();
        m_rowFails = !value;
        if (value)
            decodeRow(events, row, *value);
        const bool left = m_rowFails && (!value || events.errors.size() > errorsBefore);
        if (left && events.selection.all) {
            events.selection.all = false;
            for (std::uint32_t before = 0; before < row; ++before)
                events.selection.rows.push_back(before);
        } else if (!left && !events.selection.all) {
            events.selection.rows.push_back(row);
        }
    }
    return events;
}

void JsonDecoder::Walk::decodeRow(EventBatch& events, std::uint32_t row, std::string_view value)
{
    if (walkInRun(events, row, value)) {
        finishRow(events, row);
        return;
    }
    // What is wrong, and where, is told by the value alone.
    m_runs.breakAt(row);
    forgetErrors(events, row);
    m_rowFails = false;
    const bool walked = walkAlone(events, row, value) || (!m_rowFails && retryWithoutTail(events, row, value));
    if (!walked && !m_rowFails) {
        m_rowFails = true;
        addError(events, row, m_tokens.failure());
    }
    finishRow(events, row);
}

/// A value whose tokens were found with those of its neighbours. False where it is broken, or has text behind it that
/// may have spoiled theirs.
bool JsonDecoder::Walk::walkInRun(EventBatch& events, std::uint32_t row, std::string_view value)
{
    if (!m_runs.covers(row))
        m_behind = m_tokens.start(m_runs.begin(*events.source, row, m_options.part));
    const Place first = m_behind ? m_tokens.enter(m_behind, value) : nullptr;
    m_behind = first ? walkValue(first, events, row) : nullptr;
    if (!m_behind)
        return false;
    const char* last = value.data() + value.size() - 1;
    while (last > value.data() && isJsonSpace(*last))
        --last;
    return last == m_tokens.at(m_behind - 1);
}

bool JsonDecoder::Walk::walkAlone(EventBatch& events, std::uint32_t row, std::string_view value)
{
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    Place first = m_tokens.start(value.substr(value.starts_with(byteOrderMark) ? byteOrderMark.size() : 0));
    first = first ? m_tokens.enter(first, value) : nullptr;
    return first && walkValue(first, events, row);
}

/// The place behind the value; null where it is no JSON (the tokens know why) or a field fails the row.
JsonTokens::Place JsonDecoder::Walk::walkValue(Place first, EventBatch& events, std::uint32_t row)
{
    ++m_value;
    m_seen = 0;
    m_keys.restart();
    if (*m_tokens.at(first) != '{')
        return m_tokens.fail(first, "the value is no JSON object");
    return m_tokens.forEachMember(first, 0, [&](Place key, Place member) -> Place {
        std::size_t index = 0;
        if (const auto expected = m_keys.expected(m_tokens.at(key) + 1))
            index = *expected;
        else if (!find(key, index))
            return nullptr;
        return index < m_fields.size() ? store(member, events, row, index) : m_tokens.check(member, 1);
    });
}

/// Flink's reader stops behind the first value. simdjson looks at all of the text first, so a tail that is no JSON is
/// cut off here and the rest read again.
bool JsonDecoder::Walk::retryWithoutTail(EventBatch& events, std::uint32_t row, std::string_view value)
{
    const std::size_t end = endOfFirstJsonValue(value);
    if (end == 0 || std::all_of(value.begin() + static_cast<std::ptrdiff_t>(end), value.end(), isJsonSpace))
        return false;
    forgetErrors(events, row); // the second reading finds them again
    char* copy = m_tokens.heap()->allocate(end + RecordBatch::padding);
    std::memcpy(copy, value.data(), end);
    return walkAlone(events, row, {copy, end});
}

/// The wanted field with this key, or m_fields.size().
bool JsonDecoder::Walk::find(Place key, std::size_t& index)
{
    std::string_view name;
    if (!m_tokens.readString(key, name))
        return false;
    const auto found =
        std::find_if(m_fields.begin(), m_fields.end(), [name](const JsonField& one) { return one.name == name; });
    index = static_cast<std::size_t>(found - m_fields.begin());
    if (m_tokens.standsAt(key, name))
        m_keys.learn(name, index);
    return true;
}

JsonTokens::Place JsonDecoder::Walk::store(Place value, EventBatch& events, std::uint32_t row, std::size_t field)
{
    Target& target = m_targets[field];
    m_seen += target.seenIn != m_value ? 1 : 0;
    target.seenIn = m_value;
    target.column->validity().appendValid(row); // an earlier duplicate may have been NULL
    if (target.nested)
        return storeNested(value, events, row, field);
    JsonScalar scalar;
    const Place behind = JsonTokens::isContainer(*m_tokens.at(value))
        ? m_tokens.readContainer(value, 1, target.column->type().isString(), scalar)
        : m_tokens.readScalar(value, scalar);
    if (!behind)
        return nullptr;
    if (scalar.kind == JsonScalarKind::Null)
        target.column->setNull(row);
    else if (!target.scalar->store(row, scalar) && !fieldFails(value, events, row, field))
        return nullptr;
    return behind;
}

JsonTokens::Place JsonDecoder::Walk::storeNested(Place value, EventBatch& events, std::uint32_t row, std::size_t field)
{
    NestedTarget::Reading reading{m_tokens, m_options.ignoreParseErrors, m_options.failOnMissingField};
    NestedTarget& target = *m_targets[field].nested;
    Place behind = value;
    const NestedOutcome outcome = target.read(behind, reading, 1);
    if (reading.repaired && outcome != NestedOutcome::Broken) {
        m_tokens.moveTo(value);
        addError(events, row, "a part of field " + m_fields[field].name + " cannot be read as its type");
    }
    switch (outcome) {
    case NestedOutcome::Stored:
        events.columns[field].values<std::string_view>()[row] = target.bytesIn(*m_tokens.heap());
        return behind;
    case NestedOutcome::Null:
        events.columns[field].setNull(row);
        return behind;
    case NestedOutcome::Bad:
        return fieldFails(value, events, row, field) ? behind : nullptr;
    case NestedOutcome::Broken:
        break;
    }
    return nullptr;
}

/// Whether the row lives on without the field.
bool JsonDecoder::Walk::fieldFails(Place value, EventBatch& events, std::uint32_t row, std::size_t field)
{
    m_tokens.moveTo(value);
    addError(events, row,
        "field " + m_fields[field].name + " cannot be read as " + m_fields[field].type.asNullable().text());
    events.columns[field].setNull(row);
    if (!m_options.ignoreParseErrors)
        m_rowFails = true;
    return m_options.ignoreParseErrors;
}

void JsonDecoder::Walk::finishRow(EventBatch& events, std::uint32_t row)
{
    if (m_seen == m_fields.size() && !m_rowFails)
        return;
    for (std::size_t field = 0; field < m_fields.size(); ++field) {
        if (m_targets[field].seenIn == m_value && !m_rowFails)
            continue;
        events.columns[field].setNull(row);
        if (m_options.failOnMissingField && !m_rowFails) {
            m_tokens.moveToBegin();
            addError(events, row, "field " + m_fields[field].name + " is missing");
            m_rowFails = !m_options.ignoreParseErrors;
        }
    }
}

bool canReadJsonAs(const LogicalType& type)
{
    if (!type.isNested())
        return type.kind != TypeKind::Null && !type.isInterval();
    const std::vector<RowField>& children = *type.children;
    return (!type.isKeyed() || children.front().type.isString())
        && std::all_of(
            children.begin(), children.end(), [](const RowField& child) { return canReadJsonAs(child.type); });
}

} // namespace weir
