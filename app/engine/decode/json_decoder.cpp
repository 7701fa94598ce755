// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_decoder.h"

#include "app/engine/decode/json_number.h"
#include "app/engine/decode/json_scalar.h"
#include "app/engine/decode/json_text.h"
#include "app/engine/decode/key_order.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace weir {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr int depthLimit = 512;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view withoutTrailingSpace(std::string_view token)
{
    while (!token.empty() && isSpace(token.back()))
        token.remove_suffix(1);
    return token;
}

bool hasEscape(std::string_view text)
{
    return std::memchr(text.data(), '\\', text.size()) != nullptr;
}

/// A token reaches to the next one.
char nextToken(std::string_view token)
{
    return *(token.data() + token.size());
}

} // namespace

/// One value at a time through simdjson. On-Demand does not look at what it skips, so this walk asks for every token
/// and checks it; the result accepts what a full parser accepts.
class JsonDecoder::Walk
{
public:
    Walk(std::vector<JsonField> fields, JsonOptions options)
        : m_fields(std::move(fields)), m_options(options), m_seenIn(m_fields.size())
    {
        static_assert(
            RecordBatch::padding >= simdjson::SIMDJSON_PADDING && RecordBatch::padding >= KeyOrder::readBytes);
    }

    EventBatch decode(const RecordBatchPtr& batch, std::uint64_t sequence);

private:
    void decodeRow(EventBatch& events, std::uint32_t row, std::string_view value);
    bool walkDocument(EventBatch& events, std::uint32_t row, std::string_view value, std::size_t capacity);
    bool retryWithoutTail(EventBatch& events, std::uint32_t row, std::string_view value);
    bool walkRoot(ondemand::object object, EventBatch& events, std::uint32_t row);
    bool find(ondemand::field& field, std::size_t& index);
    bool store(ondemand::value value, EventBatch& events, std::uint32_t row, std::size_t field);
    bool storeContainer(
        ondemand::value value, std::string_view token, EventBatch& events, std::uint32_t row, std::size_t field);
    bool storeString(ondemand::value value, std::string_view token, JsonScalar& scalar);
    bool check(ondemand::value value, int depth);
    bool checkObject(ondemand::value value, int depth);
    bool checkArray(ondemand::value value, int depth);
    bool checkString(ondemand::value value, std::string_view token);
    bool checkEnd(std::string_view token);
    bool checkKey(ondemand::field& field);
    void finishRow(EventBatch& events, std::uint32_t row);
    bool fieldFails(EventBatch& events, std::uint32_t row, std::size_t field);

    void startValue()
    {
        ++m_value;
        m_seen = 0;
    }
    bool fail(const char* message)
    {
        m_failure = message;
        return false;
    }
    bool fail(simdjson::error_code code) { return fail(simdjson::error_message(code)); }
    void addError(EventBatch& events, std::uint32_t row, std::string message)
    {
        const bool inside = m_at >= m_begin && m_at <= m_end;
        events.errors.push_back({row, inside ? static_cast<std::size_t>(m_at - m_begin) : 0, std::move(message), true});
    }

    std::vector<JsonField> m_fields;
    JsonOptions m_options;
    ondemand::parser m_parser;
    ondemand::document m_document;
    std::vector<ScalarTarget> m_targets; ///< by field, of the batch at hand
    std::vector<std::uint64_t> m_seenIn; ///< by field: the newest value in which it stood
    std::uint64_t m_value = 0; ///< number of the value at hand, from 1
    std::size_t m_seen = 0; ///< fields that stood in it
    KeyOrder m_keys;
    bool m_escapes = false; ///< there is a backslash in the value at hand
    std::shared_ptr<StringHeap> m_heap;
    const char* m_begin = nullptr; ///< of the value at hand
    const char* m_end = nullptr;
    const char* m_at = nullptr; ///< the newest token, for the byte of an error
    const char* m_failure = nullptr;
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
    m_heap = std::make_shared<StringHeap>();
    m_targets.clear();
    events.columns.reserve(m_fields.size());
    for (const JsonField& field : m_fields) {
        events.schema.push_back({field.name, field.type});
        events.columns.emplace_back(field.type, events.rowCount);
        events.columns.back().heap() = m_heap;
        m_targets.emplace_back(events.columns.back(), m_options.timestampStandard);
    }
    for (std::uint32_t row = 0; row < events.rowCount; ++row) {
        const auto value = batch->value(row);
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
    m_begin = value.data();
    m_end = value.data() + value.size();
    m_at = m_begin;
    m_failure = nullptr;
    m_escapes = hasEscape(value);
    startValue();
    // Every value has the arena's padding or its neighbours behind it.
    const bool walked = walkDocument(events, row, value, value.size() + RecordBatch::padding)
        || (m_failure && !m_rowFails && retryWithoutTail(events, row, value));
    if (!walked && m_failure) {
        m_rowFails = true;
        addError(events, row, m_failure);
    }
    finishRow(events, row);
}

bool JsonDecoder::Walk::walkDocument(
    EventBatch& events, std::uint32_t row, std::string_view value, std::size_t capacity)
{
    if (const auto code = m_parser.iterate(value.data(), value.size(), capacity).get(m_document))
        return fail(code);
    ondemand::object object;
    if (const auto code = m_document.get_object().get(object))
        return fail(code == simdjson::INCORRECT_TYPE ? "the value is no JSON object" : simdjson::error_message(code));
    return walkRoot(object, events, row);
}

/// Flink's reader stops behind the first value. simdjson looks at all of the text first, so a tail that is no JSON is
/// cut off here and the rest read again.
bool JsonDecoder::Walk::retryWithoutTail(EventBatch& events, std::uint32_t row, std::string_view value)
{
    const std::size_t end = endOfFirstJsonValue(value);
    if (end == 0 || withoutTrailingSpace(value).size() == end)
        return false;
    const char* failure = m_failure;
    while (!events.errors.empty() && events.errors.back().row == row)
        events.errors.pop_back(); // the second reading finds them again
    char* copy = m_heap->allocate(end + RecordBatch::padding);
    std::memcpy(copy, value.data(), end);
    m_begin = copy;
    m_end = copy + end;
    m_at = copy;
    m_failure = nullptr;
    startValue();
    if (walkDocument(events, row, {copy, end}, end + RecordBatch::padding))
        return true;
    if (!m_failure)
        m_failure = failure;
    return false;
}

bool JsonDecoder::Walk::walkRoot(ondemand::object object, EventBatch& events, std::uint32_t row)
{
    m_keys.restart();
    for (auto entry : object) {
        if (entry.error())
            return fail(entry.error());
        ondemand::field& field = entry.value_unsafe();
        const char* const key = field.key().raw();
        m_at = key - 1;
        std::size_t index = 0;
        if (const auto expected = m_keys.expected(key))
            index = *expected;
        else if (!find(field, index))
            return false;
        const bool done = index < m_fields.size() ? store(field.value(), events, row, index) : check(field.value(), 1);
        if (!done)
            return false;
    }
    return true;
}

/// The wanted field with this key, or m_fields.size().
bool JsonDecoder::Walk::find(ondemand::field& field, std::size_t& index)
{
    const char* const key = field.key().raw();
    const char* quote = key;
    while (*quote != '"' && *quote != '\\')
        ++quote;
    std::string_view name(key, static_cast<std::size_t>(quote - key));
    const bool escaped = *quote == '\\';
    if (escaped) {
        if (const auto code = field.unescaped_key().get(name))
            return fail(code);
    }
    const auto found =
        std::find_if(m_fields.begin(), m_fields.end(), [name](const JsonField& one) { return one.name == name; });
    index = static_cast<std::size_t>(found - m_fields.begin());
    if (!escaped)
        m_keys.learn(name, index);
    return true;
}

bool JsonDecoder::Walk::store(ondemand::value value, EventBatch& events, std::uint32_t row, std::size_t field)
{
    std::string_view token = value.raw_json_token();
    m_at = token.data();
    m_seen += m_seenIn[field] != m_value ? 1 : 0;
    m_seenIn[field] = m_value;
    Column& column = events.columns[field];
    column.validity().appendValid(row); // an earlier duplicate may have been NULL
    JsonScalar scalar;
    switch (token.front()) {
    case '{':
    case '[':
        return storeContainer(value, token, events, row, field);
    case '"':
        if (!storeString(value, token, scalar))
            return false;
        break;
    case 't':
    case 'f':
    case 'n':
        token = withoutTrailingSpace(token);
        if (token != "true" && token != "false" && token != "null")
            return fail("this is no JSON value");
        if (token == "null") {
            column.setNull(row);
            return true;
        }
        scalar.kind = token == "true" ? JsonScalarKind::True : JsonScalarKind::False;
        break;
    default:
        scalar.kind = JsonScalarKind::Number;
        scalar.text = numberText(token);
        if (scalar.text.empty())
            return fail("this is no JSON value");
    }
    if (m_targets[field].store(row, scalar))
        return true;
    return fieldFails(events, row, field);
}

bool JsonDecoder::Walk::storeContainer(
    ondemand::value value, std::string_view token, EventBatch& events, std::uint32_t row, std::size_t field)
{
    const char* begin = token.data();
    if (!check(value, 1))
        return false;
    const char* next = nullptr;
    if (const auto code = m_document.current_location().get(next))
        return fail(code);
    JsonScalar scalar;
    scalar.kind = JsonScalarKind::Container;
    if (events.columns[field].type().isString()) {
        // Behind the container stand white space and a comma or brace at most.
        std::string_view raw(begin, static_cast<std::size_t>(next - begin));
        raw = raw.substr(0, raw.find_last_of("}]") + 1);
        scalar.text = m_heap->add(compactJson(raw));
    }
    m_at = begin;
    if (m_targets[field].store(row, scalar))
        return true;
    return fieldFails(events, row, field);
}

/// Most strings have no escapes and stay where they are; the others are unescaped into the batch's heap.
bool JsonDecoder::Walk::storeString(ondemand::value value, std::string_view token, JsonScalar& scalar)
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

bool JsonDecoder::Walk::check(ondemand::value value, int depth)
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

bool JsonDecoder::Walk::checkString(ondemand::value value, std::string_view token)
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

/// simdjson takes a string that nobody has read for a key when a colon follows, so that ["a":1] would pass.
bool JsonDecoder::Walk::checkEnd(std::string_view token)
{
    return nextToken(token) != ':' || fail("a colon cannot stand behind a value");
}

bool JsonDecoder::Walk::checkKey(ondemand::field& field)
{
    const char* key = field.key().raw();
    m_at = key - 1;
    while (*key != '"' && *key != '\\')
        ++key;
    if (*key == '"')
        return true;
    std::string_view unescaped;
    const auto code = field.unescaped_key().get(unescaped);
    return code ? fail(code) : true;
}

bool JsonDecoder::Walk::checkObject(ondemand::value value, int depth)
{
    if (depth >= depthLimit)
        return fail("the value is nested deeper than 512 levels");
    ondemand::object object;
    if (const auto code = value.get_object().get(object))
        return fail(code);
    for (auto entry : object) {
        ondemand::field field;
        if (const auto code = std::move(entry).get(field))
            return fail(code);
        if (!checkKey(field) || !check(field.value(), depth + 1))
            return false;
    }
    return true;
}

bool JsonDecoder::Walk::checkArray(ondemand::value value, int depth)
{
    if (depth >= depthLimit)
        return fail("the value is nested deeper than 512 levels");
    ondemand::array array;
    if (const auto code = value.get_array().get(array))
        return fail(code);
    for (auto entry : array) {
        ondemand::value element;
        if (const auto code = std::move(entry).get(element))
            return fail(code);
        if (!check(element, depth + 1))
            return false;
    }
    return true;
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
            m_at = m_begin;
            addError(events, row, "field " + m_fields[field].name + " is missing");
            m_rowFails = !m_options.ignoreParseErrors;
        }
    }
}

} // namespace weir
