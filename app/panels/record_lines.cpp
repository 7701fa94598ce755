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

/// Takes a record apart, line by line.
class Dissector
{
public:
    void addContent(const QString& key, const std::optional<std::string_view>& bytes, int layer);
    void addRecord(const RecordBatch& batch, std::size_t index);
    void addHeaders(const RecordBatch& batch, std::size_t index);
    Dissection take() { return std::move(m_result); }

private:
    void addOpened(const QString& name, std::string_view content, int depth, int level = 0);
    void addKnownHeader(std::string_view name, std::string_view value, int layer);

    Dissection m_result;
    Lines& m_lines = m_result.lines;
    std::size_t m_left = openedBytes; ///< that may still be taken out of wrappings
};

/// What is wrapped in a text stands below it, as a layer of its own.
void Dissector::addOpened(const QString& name, std::string_view content, int depth, int level)
{
    if (level == mostWrappings || content.size() > m_left)
        return;
    auto inside = unwrap(content, m_left);
    if (!inside)
        return;
    m_left -= std::min(m_left, inside->bytes.size());
    const int layer = FirstDerivedLayer + static_cast<int>(m_result.derived.size());
    const bool isJson = inside->wrapping == Wrapping::JsonText;
    const auto bytes = std::make_shared<const std::string>(std::move(inside->bytes));
    m_result.derived.push_back(
        {name.isEmpty() ? nameOf(inside->wrapping) : name + QStringLiteral(": ") + nameOf(inside->wrapping), bytes});
    inspector::InspectorLine head = plainLine(nameOf(inside->wrapping), {}, inspector::ValueClass::Container);
    head.depth = depth;
    head.layer = layer;
    head.bytes = {0, static_cast<qint64>(bytes->size())};
    head.foldable = isJson;
    head.type = QObject::tr("%1 bytes%2")
                    .arg(format::grouped(static_cast<qint64>(bytes->size())),
                        inside->whole ? QString() : QObject::tr(" and more"));
    head.value = isJson ? QString() : textOf(*bytes);
    m_lines.push_back(head);
    if (!isJson) {
        addOpened(name, *bytes, depth + 1, level + 1);
        return;
    }
    for (const JsonLine& line : layOutJson(*bytes, mostLines).lines) {
        if (line.kind != JsonLineKind::Close && line.depth > 0)
            m_lines.push_back(lineOf(line, layer, depth));
    }
}

/// JSON is laid out below the head line; everything else is the head line's text.
void Dissector::addContent(const QString& key, const std::optional<std::string_view>& bytes, int layer)
{
    m_lines.push_back(bytesLine(key, bytes, layer));
    m_lines.back().strong = true;
    const bool structured = bytes && !bytes->empty() && (bytes->front() == '{' || bytes->front() == '[');
    if (!structured) {
        addOpened(key, bytes.value_or(std::string_view()), 1);
        return;
    }
    const bool whole = bytes->size() <= laidOutBytes;
    const JsonLines laidOut = layOutJson(bytes->substr(0, laidOutBytes), mostLines);
    for (const JsonLine& line : laidOut.lines) {
        if (line.kind == JsonLineKind::Close || (!whole && line.kind == JsonLineKind::Error))
            continue;
        if (line.depth > 0 || line.kind == JsonLineKind::Error) {
            m_lines.push_back(lineOf(line, layer, 0));
            if (line.kind == JsonLineKind::String && line.endByte - line.firstByte > 2) {
                const auto text = unescapeJson(
                    bytes->substr(line.firstByte + 1, line.endByte - line.firstByte - 2).substr(0, m_left + 1));
                addOpened(QString::fromStdString(line.key), text.value_or(std::string()), line.depth + 1);
            }
            continue;
        }
        inspector::InspectorLine& head = m_lines.back();
        head = lineOf(line, layer, 0);
        head.key = key;
        head.strong = true;
    }
    if (!whole || !laidOut.complete)
        m_lines.push_back(plainLine({},
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

void Dissector::addRecord(const RecordBatch& batch, std::size_t index)
{
    const auto detail = [&](const QString& key, const QString& value, bool known = true) {
        m_lines.push_back(plainLine(key, value, known ? inspector::ValueClass::Plain : inspector::ValueClass::Note));
        m_lines.back().depth = 1;
    };
    m_lines.push_back(section(QObject::tr("Record"),
        QObject::tr("%1, partition %2").arg(QString::fromStdString(batch.topic())).arg(batch.partition().value),
        QObject::tr("offset %1, %2")
            .arg(batch.offset(index))
            .arg(format::bytes(static_cast<double>(batch.recordBytes(index))))));
    m_lines.back().folded = true;
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
void Dissector::addKnownHeader(std::string_view name, std::string_view value, int layer)
{
    static const QRegularExpression traceContext(QStringLiteral("^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"));
    if (name.starts_with("ce_"))
        m_lines.back().type = QObject::tr("CloudEvents %1").arg(textOf(name.substr(3)));
    if (name != "traceparent" || !traceContext.match(textOf(value)).hasMatch())
        return;
    m_lines.back().type = QObject::tr("W3C trace context");
    const auto part = [&](const QString& key, std::size_t first, std::size_t count) {
        inspector::InspectorLine line =
            plainLine(key, textOf(value.substr(first, count)), inspector::ValueClass::String);
        line.depth = 2;
        line.layer = layer;
        line.bytes = {static_cast<qint64>(first), static_cast<qint64>(first + count)};
        m_lines.push_back(line);
    };
    part(QObject::tr("trace id"), 3, 32);
    part(QObject::tr("parent span"), 36, 16);
    part(QObject::tr("flags"), 53, 2);
}

void Dissector::addHeaders(const RecordBatch& batch, std::size_t index)
{
    const std::size_t count = batch.headerCount(index);
    QStringList names;
    for (std::size_t h = 0; h < std::min<std::size_t>(count, 8); ++h)
        names.append(textOf(batch.header(index, h).name));
    m_lines.push_back(section(QObject::tr("Headers"), QString::number(count), names.join(QStringLiteral(", "))));
    m_lines.back().folded = true;
    m_lines.back().foldable = count > 0;
    for (std::size_t h = 0; h < std::min(count, mostLines); ++h) {
        const Header header = batch.header(index, h);
        const int layer = FirstHeaderLayer + static_cast<int>(h);
        m_lines.push_back(bytesLine(textOf(header.name), header.value, layer));
        m_lines.back().depth = 1;
        if (!header.value)
            continue;
        const std::size_t before = m_lines.size();
        addKnownHeader(header.name, *header.value, layer);
        addOpened(textOf(header.name), *header.value, 2);
        m_lines[before - 1].foldable = m_lines.size() > before;
    }
}

} // namespace

Dissection dissect(const RecordBatch& batch, std::size_t index)
{
    Dissector dissector;
    dissector.addRecord(batch, index);
    dissector.addHeaders(batch, index);
    dissector.addContent(QObject::tr("Key"), batch.key(index), KeyLayer);
    dissector.addContent(QObject::tr("Value"), batch.value(index), ValueLayer);
    return dissector.take();
}

std::vector<inspector::InspectorLine> comparisonLines(const std::vector<DiffLine>& lines)
{
    const QString types[] = {{}, QObject::tr("changed"), QObject::tr("added"), QObject::tr("removed")};
    const inspector::ValueClass looks[] = {inspector::ValueClass::Note, inspector::ValueClass::Plain,
        inspector::ValueClass::String, inspector::ValueClass::Null};
    Lines shown;
    for (const DiffLine& line : lines) {
        const auto kind = static_cast<std::size_t>(line.kind);
        const QString before = textOf(line.before);
        const QString after = textOf(line.after);
        inspector::InspectorLine& next = shown.emplace_back(plainLine(QString::fromStdString(line.name),
            line.kind == DiffKind::Removed       ? before
                : line.kind == DiffKind::Changed ? before + QStringLiteral(" → ") + after
                                                 : after,
            looks[kind]));
        next.depth = line.depth;
        next.type = types[kind];
        next.strong = line.depth == 0;
        next.foldable = line.container;
        if (line.container) {
            next.value.clear();
            next.valueClass = inspector::ValueClass::Container;
        }
    }
    return shown;
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
