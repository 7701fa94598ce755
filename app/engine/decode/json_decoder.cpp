// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_decoder.h"

#include "app/engine/decode/json_nested.h"
#include "app/engine/decode/key_order.h"

#include <algorithm>

namespace weir {

namespace {

namespace ondemand = simdjson::ondemand;

} // namespace

/// One value at a time, every token of it asked for and checked: accepts what a full parser accepts.
class JsonDecoder::Walk
{
public:
    Walk(std::vector<JsonField> fields, JsonOptions options)
        : m_fields(std::move(fields)), m_options(options), m_seenIn(m_fields.size())
    {
        static_assert(
            RecordBatch::padding >= simdjson::SIMDJSON_PADDING && RecordBatch::padding >= KeyOrder::readBytes);
        for (const JsonField& field : m_fields)
            m_nested.push_back(field.type.isNested()
                    ? std::make_unique<NestedTarget>(field.type, m_options.timestampStandard)
                    : nullptr);
    }

    EventBatch decode(const RecordBatchPtr& batch, std::uint64_t sequence);

private:
    void decodeRow(EventBatch& events, std::uint32_t row, std::string_view value);
    bool walkDocument(EventBatch& events, std::uint32_t row, std::string_view value, std::size_t capacity);
    bool retryWithoutTail(EventBatch& events, std::uint32_t row, std::string_view value);
    bool walkRoot(ondemand::object object, EventBatch& events, std::uint32_t row);
    bool find(ondemand::field& field, std::size_t& index);
    bool store(ondemand::value value, EventBatch& events, std::uint32_t row, std::size_t field);
    bool storeNested(ondemand::value value, EventBatch& events, std::uint32_t row, std::size_t field);
    void finishRow(EventBatch& events, std::uint32_t row);
    bool fieldFails(EventBatch& events, std::uint32_t row, std::size_t field);

    void startValue()
    {
        ++m_value;
        m_seen = 0;
    }
    void addError(EventBatch& events, std::uint32_t row, std::string message)
    {
        events.errors.push_back({row, m_tokens.byte(), std::move(message), !m_options.ignoreParseErrors});
    }

    std::vector<JsonField> m_fields;
    JsonOptions m_options;
    JsonTokens m_tokens;
    std::vector<ScalarTarget> m_targets; ///< by field, of the batch at hand
    std::vector<std::unique_ptr<NestedTarget>> m_nested; ///< by field; null where the type is not nested
    std::vector<std::uint64_t> m_seenIn; ///< by field: the newest value in which it stood
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
    m_targets.clear();
    events.columns.reserve(m_fields.size());
    for (const JsonField& field : m_fields) {
        events.schema.push_back({field.name, field.type});
        events.columns.emplace_back(field.type, events.rowCount);
        events.columns.back().heap() = m_tokens.heap();
        m_targets.emplace_back(events.columns.back(), m_options.timestampStandard);
    }
    for (const auto& nested : m_nested) {
        if (nested)
            nested->setHeap(m_tokens.heap());
    }
    for (std::uint32_t row = 0; row < events.rowCount; ++row) {
        const auto value = m_options.part == RecordPart::Key ? batch->key(row) : batch->value(row);
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
    m_tokens.restart(value);
    m_tokens.setEscapes(JsonTokens::hasEscape(value));
    startValue();
    // Every value has the arena's padding or its neighbours behind it.
    const bool walked = walkDocument(events, row, value, value.size() + RecordBatch::padding)
        || (m_tokens.failure() && !m_rowFails && retryWithoutTail(events, row, value));
    if (!walked && m_tokens.failure()) {
        m_rowFails = true;
        addError(events, row, m_tokens.failure());
    }
    finishRow(events, row);
}

bool JsonDecoder::Walk::walkDocument(
    EventBatch& events, std::uint32_t row, std::string_view value, std::size_t capacity)
{
    ondemand::document& document = m_tokens.document();
    if (const auto code = m_tokens.parser().iterate(value.data(), value.size(), capacity).get(document))
        return m_tokens.fail(code);
    ondemand::object object;
    if (const auto code = document.get_object().get(object))
        return m_tokens.fail(
            code == simdjson::INCORRECT_TYPE ? "the value is no JSON object" : simdjson::error_message(code));
    return walkRoot(object, events, row);
}

/// Flink's reader stops behind the first value. simdjson looks at all of the text first, so a tail that is no JSON is
/// cut off here and the rest read again.
bool JsonDecoder::Walk::retryWithoutTail(EventBatch& events, std::uint32_t row, std::string_view value)
{
    const std::size_t end = endOfFirstJsonValue(value);
    if (end == 0 || JsonTokens::withoutTrailingSpace(value).size() == end)
        return false;
    const char* failure = m_tokens.failure();
    while (!events.errors.empty() && events.errors.back().row == row)
        events.errors.pop_back(); // the second reading finds them again
    char* copy = m_tokens.heap()->allocate(end + RecordBatch::padding);
    std::memcpy(copy, value.data(), end);
    m_tokens.restart({copy, end});
    startValue();
    if (walkDocument(events, row, {copy, end}, end + RecordBatch::padding))
        return true;
    if (!m_tokens.failure())
        m_tokens.fail(failure);
    return false;
}

bool JsonDecoder::Walk::walkRoot(ondemand::object object, EventBatch& events, std::uint32_t row)
{
    m_keys.restart();
    for (auto entry : object) {
        if (entry.error())
            return m_tokens.fail(entry.error());
        ondemand::field& field = entry.value_unsafe();
        const char* const key = field.key().raw();
        m_tokens.moveTo(key - 1);
        std::size_t index = 0;
        if (const auto expected = m_keys.expected(key))
            index = *expected;
        else if (!find(field, index))
            return false;
        const bool done =
            index < m_fields.size() ? store(field.value(), events, row, index) : m_tokens.check(field.value(), 1);
        if (!done)
            return false;
    }
    return true;
}

/// The wanted field with this key, or m_fields.size().
bool JsonDecoder::Walk::find(ondemand::field& field, std::size_t& index)
{
    std::string_view name;
    bool unescaped = false;
    if (!m_tokens.readKey(field, name, unescaped))
        return false;
    const auto found =
        std::find_if(m_fields.begin(), m_fields.end(), [name](const JsonField& one) { return one.name == name; });
    index = static_cast<std::size_t>(found - m_fields.begin());
    if (!unescaped)
        m_keys.learn(name, index);
    return true;
}

bool JsonDecoder::Walk::store(ondemand::value value, EventBatch& events, std::uint32_t row, std::size_t field)
{
    m_seen += m_seenIn[field] != m_value ? 1 : 0;
    m_seenIn[field] = m_value;
    Column& column = events.columns[field];
    column.validity().appendValid(row); // an earlier duplicate may have been NULL
    if (m_nested[field])
        return storeNested(value, events, row, field);
    const std::string_view token = value.raw_json_token();
    m_tokens.moveTo(token.data());
    JsonScalar scalar;
    const bool container = token.front() == '{' || token.front() == '[';
    if (container ? !m_tokens.readContainer(value, token, 1, column.type().isString(), scalar)
                  : !m_tokens.readScalar(value, token, scalar))
        return false;
    if (scalar.kind == JsonScalarKind::Null) {
        column.setNull(row);
        return true;
    }
    return m_targets[field].store(row, scalar) || fieldFails(events, row, field);
}

bool JsonDecoder::Walk::storeNested(ondemand::value value, EventBatch& events, std::uint32_t row, std::size_t field)
{
    NestedTarget::Reading reading{m_tokens, m_options.ignoreParseErrors, m_options.failOnMissingField};
    NestedTarget& target = *m_nested[field];
    const NestedOutcome outcome = target.read(value, reading, 1);
    if (reading.repaired && outcome != NestedOutcome::Broken)
        addError(events, row, "a part of field " + m_fields[field].name + " cannot be read as its type");
    switch (outcome) {
    case NestedOutcome::Stored:
        events.columns[field].values<std::string_view>()[row] = target.bytesIn(*m_tokens.heap());
        return true;
    case NestedOutcome::Null:
        events.columns[field].setNull(row);
        return true;
    case NestedOutcome::Bad:
        return fieldFails(events, row, field);
    case NestedOutcome::Broken:
        break;
    }
    return false;
}

bool JsonDecoder::Walk::fieldFails(EventBatch& events, std::uint32_t row, std::size_t field)
{
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
        if (m_seenIn[field] == m_value && !m_rowFails)
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
