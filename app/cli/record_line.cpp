// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/record_line.h"

#include "app/engine/decode/json_text.h"
#include "app/engine/event/value_text.h"
#include "app/engine/pipeline/json_check.h"

#include <algorithm>

namespace weir::cli {

namespace {

/// Length of the well-formed UTF-8 character at `text`, 0 if there is none.
std::size_t characterLength(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(0);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xF0 && lead <= 0xF4 ? 4
        : lead >= 0xE0 && lead < 0xF0                       ? 3
        : lead >= 0xC2 && lead < 0xE0                       ? 2
                                                            : 0;
    if (length == 0 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    }
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    return overlong || surrogate || (lead == 0xF4 && byte(1) > 0x8F) ? 0 : length;
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

/// One JSON object or array and nothing behind it but white space.
bool isJsonContainer(std::string_view text)
{
    return jsonShape(text) == JsonShape::Container
        && text.find_first_not_of(" \t\r\n", endOfFirstJsonValue(text)) == std::string_view::npos;
}

void appendBytes(std::string& line, const std::optional<std::string_view>& bytes, bool asJson)
{
    if (!bytes) {
        line += "null";
    } else if (asJson && isUtf8(*bytes) && isJsonContainer(*bytes)) {
        // A line break in valid JSON stands between tokens: a blank does the same and keeps the line one.
        const std::size_t begin = line.size();
        line += *bytes;
        std::replace_if(
            line.begin() + static_cast<std::ptrdiff_t>(begin), line.end(),
            [](char c) { return c == '\n' || c == '\r'; }, ' ');
    } else if (isUtf8(*bytes)) {
        appendJsonString(line, *bytes);
    } else {
        line += "{\"base64\":\"";
        appendBase64(line, *bytes);
        line += "\"}";
    }
}

} // namespace

void appendRecordLine(std::string& line, const RecordBatch& batch, std::size_t i)
{
    line += "{\"topic\":";
    appendJsonString(line, batch.topic());
    line += ",\"partition\":" + std::to_string(batch.partition().value);
    line += ",\"offset\":" + std::to_string(batch.offset(i));
    line += ",\"timestamp\":";
    line += batch.timestampType(i) == TimestampType::NotAvailable ? "null" : std::to_string(batch.timestamp(i));
    line += ",\"key\":";
    appendBytes(line, batch.key(i), false);
    line += ",\"value\":";
    appendBytes(line, batch.value(i), true);
    line += ",\"headers\":[";
    for (std::size_t h = 0; h < batch.headerCount(i); ++h) {
        const Header header = batch.header(i, h);
        line += h == 0 ? "[" : ",[";
        appendBytes(line, header.name, false);
        line += ',';
        appendBytes(line, header.value, false);
        line += ']';
    }
    line += "]}";
}

} // namespace weir::cli
