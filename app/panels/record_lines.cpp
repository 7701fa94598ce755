// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/record_lines.h"

#include "app/engine/decode/json_escape.h"
#include "app/engine/decode/json_text.h"
#include "app/engine/decode/wrapped_text.h"
#include "widgets/style/format.h"

#include <QObject>
#include <QRegularExpression>

namespace weir {

namespace {

constexpr std::size_t mostLines = 20'000;
constexpr std::size_t laidOutBytes = std::size_t{4} << 20; ///< of a value; the bytes pane has all of it
constexpr std::size_t shownText = 4096;
constexpr std::size_t openedBytes = std::size_t{4} << 20; ///< of a record, taken out of what wraps them
constexpr int mostWrappings = 4; ///< one within the other

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

/// The time that an integer is, if it looks like one of these decades: in seconds, milli-, micro- or nanoseconds.
QString timeOf(const std::string& number)
{
    bool ok = false;
    const qlonglong value = QString::fromStdString(number).toLongLong(&ok);
    constexpr qlonglong earliest = 946'684'800; // 2000
    constexpr qlonglong latest = 4'102'444'800; // 2100
    const std::pair<qlonglong, const char*> units[] = {
        {1, "s"}, {1'000, "ms"}, {1'000'000, "µs"}, {1'000'000'000, "ns"}};
    for (const auto& [perSecond, unit] : units) {
        if (ok && value / perSecond >= earliest && value / perSecond < latest)
            return QObject::tr("%1 of epoch: %2")
                .arg(QString::fromUtf8(unit),
                    format::dateTime(perSecond >= 1000 ? value / (perSecond / 1000) : value * 1000));
    }
    return {};
}

inspector::InspectorLine lineOf(const JsonLine& json, int layer, int depth)
{
    inspector::InspectorLine line;
    line.depth = depth + json.depth;
    line.key = QString::fromStdString(json.key);
    line.type = typeOf(json.kind);
    line.valueClass = classOf(json.kind);
    line.bytes = {static_cast<qint64>(json.firstByte), static_cast<qint64>(json.endByte)};
    line.layer = layer;
    line.foldable = json.kind == JsonLineKind::Object || json.kind == JsonLineKind::Array;
    line.value = line.foldable ? QObject::tr("%1 bytes").arg(format::grouped(line.bytes.length())) : textOf(json.text);
    if (json.kind == JsonLineKind::Number) {
        if (const QString time = timeOf(json.text); !time.isEmpty())
            line.type += QStringLiteral(" : ") + time;
    }
    return line;
}

using Lines = std::vector<inspector::InspectorLine>;

inspector::InspectorLine bytesLine(const QString& key, const std::optional<std::string_view>& bytes, int layer)
{
    if (!bytes)
        return plainLine(key, QObject::tr("null"), inspector::ValueClass::Null);
    if (bytes->empty())
        return plainLine(key, QStringLiteral("\"\""), inspector::ValueClass::Note);
    inspector::InspectorLine line = plainLine(key, textOf(*bytes), inspector::ValueClass::String);
    line.type = QObject::tr("text");
    line.bytes = {0, static_cast<qint64>(bytes->size())};
    line.layer = layer;
    return line;
}

QString nameOf(Wrapping wrapping)
{
    switch (wrapping) {
    case Wrapping::JsonText:
        return QObject::tr("JSON in a text");
    case Wrapping::Base64:
        return QObject::tr("Base64");
    case Wrapping::Gzip:
        break;
    }
    return QObject::tr("gzip");
}

/// What is wrapped in a text stands below it; its lines have no bytes of their own in the record.
/// `left` is how many bytes may still be taken out of wrappings.
void addOpened(Lines& lines, std::string_view content, int depth, std::size_t& left, int level = 0)
{
    if (level == mostWrappings || content.size() > left)
        return;
    const auto inside = unwrap(content, left);
    if (!inside)
        return;
    left -= std::min(left, inside->bytes.size());
    inspector::InspectorLine head = plainLine(nameOf(inside->wrapping), {}, inspector::ValueClass::Container);
    head.depth = depth;
    head.foldable = true;
    head.type = QObject::tr("%1 bytes%2")
                    .arg(format::grouped(static_cast<qint64>(inside->bytes.size())),
                        inside->whole ? QString() : QObject::tr(" and more"));
    const bool isJson = inside->wrapping == Wrapping::JsonText;
    head.value = isJson ? QString() : textOf(inside->bytes);
    lines.push_back(head);
    if (!isJson) {
        lines.back().foldable = false;
        addOpened(lines, inside->bytes, depth + 1, left, level + 1);
        return;
    }
    for (const JsonLine& line : layOutJson(inside->bytes, mostLines).lines) {
        if (line.kind == JsonLineKind::Close || line.depth == 0)
            continue;
        lines.push_back(lineOf(line, ValueLayer, depth));
        lines.back().bytes = {};
    }
}

/// JSON is laid out below the head line; everything else is the head line's text.
void addContent(
    Lines& lines, const QString& key, const std::optional<std::string_view>& bytes, int layer, std::size_t& left)
{
    lines.push_back(bytesLine(key, bytes, layer));
    lines.back().strong = true;
    const bool structured = bytes && !bytes->empty() && (bytes->front() == '{' || bytes->front() == '[');
    if (!structured) {
        addOpened(lines, bytes.value_or(std::string_view()), 1, left);
        return;
    }
    const bool whole = bytes->size() <= laidOutBytes;
    const JsonLines laidOut = layOutJson(bytes->substr(0, laidOutBytes), mostLines);
    for (const JsonLine& line : laidOut.lines) {
        if (line.kind == JsonLineKind::Close || (!whole && line.kind == JsonLineKind::Error))
            continue;
        if (line.depth > 0 || line.kind == JsonLineKind::Error) {
            lines.push_back(lineOf(line, layer, 0));
            if (line.kind == JsonLineKind::String && line.endByte - line.firstByte > 2) {
                const auto text = unescapeJson(
                    bytes->substr(line.firstByte + 1, line.endByte - line.firstByte - 2).substr(0, left + 1));
                addOpened(lines, text.value_or(std::string()), line.depth + 1, left);
            }
            continue;
        }
        inspector::InspectorLine& head = lines.back();
        head = lineOf(line, layer, 0);
        head.key = key;
        head.strong = true;
    }
    if (!whole || !laidOut.complete)
        lines.push_back(plainLine({},
            QObject::tr("Only the beginning is laid out: %1 of %2. The bytes are all there.")
                .arg(format::bytes(static_cast<double>(std::min(bytes->size(), laidOutBytes))),
                    format::bytes(static_cast<double>(bytes->size()))),
            inspector::ValueClass::Note));
}

inspector::InspectorLine section(const QString& key, const QString& type, const QString& value)
{
    inspector::InspectorLine line = plainLine(key, value, inspector::ValueClass::Container);
    line.type = type;
    line.strong = true;
    line.foldable = true;
    return line;
}

void addRecord(Lines& lines, const RecordBatch& batch, std::size_t index)
{
    const auto detail = [&](const QString& key, const QString& value, bool known = true) {
        lines.push_back(plainLine(key, value, known ? inspector::ValueClass::Plain : inspector::ValueClass::Note));
        lines.back().depth = 1;
    };
    lines.push_back(section(QObject::tr("Record"),
        QObject::tr("%1, partition %2").arg(QString::fromStdString(batch.topic())).arg(batch.partition().value),
        QObject::tr("offset %1, %2")
            .arg(batch.offset(index))
            .arg(format::bytes(static_cast<double>(batch.recordBytes(index))))));
    lines.back().folded = true;
    const bool timed = batch.timestampType(index) != TimestampType::NotAvailable;
    const bool appended = batch.timestampType(index) == TimestampType::LogAppendTime;
    detail(QObject::tr("position"), QStringLiteral("%1@%2").arg(batch.partition().value).arg(batch.offset(index)));
    detail(appended ? QObject::tr("append time") : QObject::tr("create time"),
        timed ? format::dateTime(batch.timestamp(index)) : QObject::tr("unknown"), timed);
    detail(QObject::tr("received"), format::dateTime(batch.receiveTime()));
    const auto epoch = batch.leaderEpoch(index);
    detail(QObject::tr("leader epoch"), epoch ? QString::number(*epoch) : QObject::tr("unknown"), epoch.has_value());
}

/// The parts of a W3C trace context, and what CloudEvents calls an attribute.
void addKnownHeader(Lines& lines, std::string_view name, std::string_view value, int layer)
{
    static const QRegularExpression traceContext(QStringLiteral("^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"));
    if (name.starts_with("ce_"))
        lines.back().type = QObject::tr("CloudEvents %1").arg(textOf(name.substr(3)));
    if (name != "traceparent" || !traceContext.match(textOf(value)).hasMatch())
        return;
    lines.back().type = QObject::tr("W3C trace context");
    const auto part = [&](const QString& key, std::size_t first, std::size_t count) {
        inspector::InspectorLine line =
            plainLine(key, textOf(value.substr(first, count)), inspector::ValueClass::String);
        line.depth = 2;
        line.layer = layer;
        line.bytes = {static_cast<qint64>(first), static_cast<qint64>(first + count)};
        lines.push_back(line);
    };
    part(QObject::tr("trace id"), 3, 32);
    part(QObject::tr("parent span"), 36, 16);
    part(QObject::tr("flags"), 53, 2);
}

void addHeaders(Lines& lines, const RecordBatch& batch, std::size_t index, std::size_t& left)
{
    const std::size_t count = batch.headerCount(index);
    QStringList names;
    for (std::size_t h = 0; h < std::min<std::size_t>(count, 8); ++h)
        names.append(textOf(batch.header(index, h).name));
    lines.push_back(section(QObject::tr("Headers"), QString::number(count), names.join(QStringLiteral(", "))));
    lines.back().folded = true;
    lines.back().foldable = count > 0;
    for (std::size_t h = 0; h < std::min(count, mostLines); ++h) {
        const Header header = batch.header(index, h);
        const int layer = FirstHeaderLayer + static_cast<int>(h);
        lines.push_back(bytesLine(textOf(header.name), header.value, layer));
        lines.back().depth = 1;
        if (!header.value)
            continue;
        const std::size_t before = lines.size();
        addKnownHeader(lines, header.name, *header.value, layer);
        addOpened(lines, *header.value, 2, left);
        lines[before - 1].foldable = lines.size() > before;
    }
}

} // namespace

std::vector<inspector::InspectorLine> dissect(const RecordBatch& batch, std::size_t index)
{
    Lines lines;
    addRecord(lines, batch, index);
    std::size_t left = openedBytes;
    addHeaders(lines, batch, index, left);
    addContent(lines, QObject::tr("Key"), batch.key(index), KeyLayer, left);
    addContent(lines, QObject::tr("Value"), batch.value(index), ValueLayer, left);
    return lines;
}

std::optional<std::string_view> layerBytes(const RecordBatch& batch, std::size_t index, int layer)
{
    if (layer == ValueLayer)
        return batch.value(index);
    if (layer == KeyLayer)
        return batch.key(index);
    const auto header = static_cast<std::size_t>(layer - FirstHeaderLayer);
    return header < batch.headerCount(index) ? batch.header(index, header).value : std::nullopt;
}

std::vector<inspector::FieldRow> fieldRows(const inspector::InspectorLine& line)
{
    using Look = inspector::FieldText::Look;
    std::vector<inspector::FieldRow> rows;
    if (!line.type.isEmpty())
        rows.push_back({QObject::tr("Type"), {{line.type, Look::Words}}});
    if (!line.bytes.isEmpty())
        rows.push_back({QObject::tr("Bytes"),
            {{QStringLiteral("%1–%2").arg(line.bytes.first).arg(line.bytes.end - 1)},
                {QObject::tr("length %1").arg(format::grouped(line.bytes.length())), Look::Muted}},
            line.bytes, line.layer});
    const bool null = line.valueClass == inspector::ValueClass::Null;
    rows.push_back({QObject::tr("Value"), {{line.value, null ? Look::Null : Look::Data}}});
    return rows;
}

} // namespace weir
