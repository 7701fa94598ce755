// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/record_lines.h"

#include "app/engine/decode/json_text.h"
#include "widgets/style/format.h"

#include <QObject>

namespace weir {

namespace {

constexpr std::size_t mostLines = 20'000;
constexpr std::size_t laidOutBytes = std::size_t{4} << 20; ///< of a value; the bytes pane has all of it
constexpr std::size_t shownText = 4096;

QString textOf(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(std::min(bytes.size(), shownText)));
}

inspector::ValueClass classOf(JsonLineKind kind)
{
    switch (kind) {
    case JsonLineKind::String:
        return inspector::ValueClass::String;
    case JsonLineKind::Number:
        return inspector::ValueClass::Number;
    case JsonLineKind::Boolean:
        return inspector::ValueClass::Boolean;
    case JsonLineKind::Null:
        return inspector::ValueClass::Null;
    case JsonLineKind::Error:
        return inspector::ValueClass::Error;
    default:
        return inspector::ValueClass::Container;
    }
}

QString typeOf(JsonLineKind kind)
{
    switch (kind) {
    case JsonLineKind::Object:
        return QStringLiteral("object");
    case JsonLineKind::Array:
        return QStringLiteral("array");
    case JsonLineKind::String:
        return QStringLiteral("string");
    case JsonLineKind::Number:
        return QStringLiteral("number");
    case JsonLineKind::Boolean:
        return QStringLiteral("boolean");
    default:
        return {};
    }
}

inspector::InspectorLine plainLine(const QString& key, const QString& value, inspector::ValueClass valueClass)
{
    inspector::InspectorLine line;
    line.key = key;
    line.value = value;
    line.valueClass = valueClass;
    return line;
}

inspector::InspectorLine lineOf(const JsonLine& json, int layer)
{
    inspector::InspectorLine line;
    line.depth = json.depth;
    line.key = QString::fromStdString(json.key);
    line.type = typeOf(json.kind);
    line.valueClass = classOf(json.kind);
    line.bytes = {static_cast<qint64>(json.firstByte), static_cast<qint64>(json.endByte)};
    line.layer = layer;
    line.foldable = json.kind == JsonLineKind::Object || json.kind == JsonLineKind::Array;
    line.strong = json.depth == 0;
    if (json.depth == 0 && line.foldable)
        line.key = QObject::tr("Value");
    line.value = line.foldable ? QObject::tr("%1 bytes").arg(format::grouped(line.bytes.length())) : textOf(json.text);
    return line;
}

} // namespace

std::vector<inspector::InspectorLine> valueLines(const std::optional<std::string_view>& bytes, int layer)
{
    if (!bytes)
        return {plainLine(QObject::tr("Value"), QObject::tr("null"), inspector::ValueClass::Null)};
    if (bytes->empty())
        return {plainLine(QObject::tr("Value"), QObject::tr("empty"), inspector::ValueClass::Note)};
    const bool structured = bytes->front() == '{' || bytes->front() == '[';
    if (!structured) {
        inspector::InspectorLine line = plainLine(QObject::tr("Text"), textOf(*bytes), inspector::ValueClass::String);
        line.bytes = {0, static_cast<qint64>(bytes->size())};
        line.layer = layer;
        return {line};
    }
    const bool whole = bytes->size() <= laidOutBytes;
    const JsonLines laidOut = layOutJson(bytes->substr(0, laidOutBytes), mostLines);
    std::vector<inspector::InspectorLine> lines;
    for (const JsonLine& line : laidOut.lines) {
        if (line.kind != JsonLineKind::Close && (whole || line.kind != JsonLineKind::Error))
            lines.push_back(lineOf(line, layer));
    }
    if (!whole || !laidOut.complete)
        lines.push_back(plainLine({},
            QObject::tr("Only the beginning is laid out: %1 of %2. The bytes are all there.")
                .arg(format::bytes(static_cast<double>(std::min(bytes->size(), laidOutBytes))),
                    format::bytes(static_cast<double>(bytes->size()))),
            inspector::ValueClass::Note));
    return lines;
}

std::vector<inspector::InspectorLine> headerLines(const RecordBatch& batch, std::size_t index)
{
    std::vector<inspector::InspectorLine> lines;
    for (std::size_t h = 0; h < batch.headerCount(index); ++h) {
        const Header header = batch.header(index, h);
        lines.push_back(plainLine(textOf(header.name), header.value ? textOf(*header.value) : QObject::tr("null"),
            header.value ? inspector::ValueClass::String : inspector::ValueClass::Null));
    }
    if (lines.empty())
        lines.push_back(plainLine({}, QObject::tr("no headers"), inspector::ValueClass::Note));
    return lines;
}

std::vector<inspector::FieldRow> recordFields(const RecordBatch& batch, std::size_t index)
{
    const auto row = [](const QString& name, const QString& value, bool known = true) {
        return inspector::FieldRow{
            name, {{value, known ? inspector::FieldText::Look::Data : inspector::FieldText::Look::Muted}}};
    };
    const bool timed = batch.timestampType(index) != TimestampType::NotAvailable;
    const bool appended = batch.timestampType(index) == TimestampType::LogAppendTime;
    std::vector<inspector::FieldRow> rows{
        row(QObject::tr("Position"), QStringLiteral("%1@%2").arg(batch.partition().value).arg(batch.offset(index))),
        row(appended ? QObject::tr("Append time") : QObject::tr("Create time"),
            timed ? format::dateTime(batch.timestamp(index)) : QObject::tr("unknown"), timed),
        row(QObject::tr("Received"), format::dateTime(batch.receiveTime())),
        row(QObject::tr("Leader epoch"), QObject::tr("unknown"), false)};
    const auto key = batch.key(index);
    rows.push_back(row(QObject::tr("Key"), key ? textOf(*key) : QObject::tr("null"), key.has_value()));
    rows.push_back(row(QObject::tr("Size"), format::bytes(static_cast<double>(batch.recordBytes(index)))));
    return rows;
}

} // namespace weir
