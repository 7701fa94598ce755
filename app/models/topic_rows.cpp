// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/topic_rows.h"

#include "app/engine/decode/json_text.h"
#include "app/engine/pipeline/json_check.h"
#include "widgets/style/format.h"

#include <QObject>

namespace weir {

namespace {

constexpr std::size_t shownBytes = 400; ///< of a value in a row; the inspector has all of it
constexpr std::size_t checkedBytes = 64 * 1024; ///< larger values are not walked while painting
constexpr std::size_t walkedBytes = 16 * 1024; ///< for fields: a screen of such values takes some milliseconds
const QString fieldPrefix = QStringLiteral("field:"); // of column ids
const QString headerPrefix = QStringLiteral("header:");

QString textOf(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(std::min(bytes.size(), shownBytes)));
}

tables::TableCell number(std::int64_t value, bool group)
{
    return {group ? format::grouped(value) : QString::number(value), tables::Tone::Secondary};
}

tables::TableCell optionalText(const std::optional<std::string_view>& bytes)
{
    if (!bytes)
        return {QStringLiteral("NULL"), tables::Tone::Null};
    if (bytes->empty())
        return {QStringLiteral("\"\""), tables::Tone::Muted};
    return {textOf(*bytes)};
}

/// With its date where that is not the day of receipt.
QString timeText(EpochMs time, EpochMs received)
{
    constexpr EpochMs day = 86'400'000;
    return time >= 0 && time / day == received / day ? format::time(time) : format::dateTime(time);
}

QString faultOf(std::string_view value)
{
    const auto byte = layOutJson(value, value.size()).errorByte;
    return byte ? QObject::tr("no JSON from byte %1 of %2 on").arg(*byte).arg(value.size())
                : QObject::tr("no valid JSON");
}

void addMessage(tables::TableRow& row, const std::optional<std::string_view>& value)
{
    if (!value) {
        row.glyph = tables::RowGlyph::Tombstone;
        row.span = tables::MessageSpan::Fields;
        row.message = QObject::tr("tombstone: the value is null");
        row.messageItalic = true;
    } else if (value->starts_with('{') && value->size() <= checkedBytes && jsonShape(*value) == JsonShape::Invalid) {
        row.glyph = tables::RowGlyph::DecodeFailure;
        row.tint = tables::RowTint::Error;
        row.span = tables::MessageSpan::Fields;
        row.messageTone = tables::Tone::Error;
        row.leadTone = tables::Tone::Error;
        row.messageLead = QObject::tr("Cannot decode value");
        row.message = QObject::tr(": %1. Raw bytes kept: %2").arg(faultOf(*value), textOf(*value));
    }
}

QString absenceText(RowAbsence absence)
{
    switch (absence) {
    case RowAbsence::Evicted:
        return QObject::tr("row %1 left the buffer: newer ones took its place. Read it again from its offset.");
    case RowAbsence::Dropped:
        return QObject::tr("row %1 was dropped: the disk was too slow for it. It is still on the broker.");
    case RowAbsence::Loading:
        return QObject::tr("row %1 is being read …");
    case RowAbsence::Unreadable:
        return QObject::tr("row %1 cannot be read, or is too large beside its neighbours: select it to see it alone.");
    }
    return {};
}

tables::TableRow absentRow(qint64 number, RowAbsence absence)
{
    tables::TableRow row;
    if (absence != RowAbsence::Loading) {
        row.glyph = tables::RowGlyph::Missing;
        row.tint = tables::RowTint::Stale;
    }
    row.span = tables::MessageSpan::All;
    row.message = absenceText(absence).arg(format::grouped(number));
    return row;
}

} // namespace

TopicRows::TopicRows(std::shared_ptr<const RowStore> store) : m_store(std::move(store))
{
    show({});
}

void TopicRows::show(TopicColumns columns)
{
    m_shown = std::move(columns);
    m_paths.clear();
    m_columns = {{QStringLiteral("time"), QStringLiteral("Time"), QStringLiteral("UTC"), 110, true},
        {QStringLiteral("partition"), QStringLiteral("Part."), {}, 50, true},
        {QStringLiteral("offset"), QStringLiteral("Offset"), {}, 100, true},
        {QStringLiteral("key"), QStringLiteral("Key"), {}, 120}};
    for (const TopicField& field : m_shown.fields) {
        const QString name = QString::fromStdString(field.path.text());
        m_columns.push_back({fieldPrefix + name, name, field.caption, 110, field.number, true});
        m_paths.push_back(field.path);
    }
    for (const QString& header : m_shown.headers)
        m_columns.push_back({headerPrefix + header, header, QObject::tr("header"), 110});
    const bool hasFields = !m_shown.fields.empty();
    m_columns.push_back(
        {QStringLiteral("value"), QStringLiteral("Value"), {}, 400, false, true, hasFields, true, true});
    m_columns.push_back({QStringLiteral("size"), QStringLiteral("Size"), QStringLiteral("B"), 60, true});
}

const TopicField* TopicRows::fieldOf(const QString& columnId) const
{
    for (const TopicField& field : m_shown.fields) {
        if (columnId == fieldPrefix + QString::fromStdString(field.path.text()))
            return &field;
    }
    return nullptr;
}

void TopicRows::addFields(std::vector<tables::TableCell>& cells, const std::optional<std::string_view>& value) const
{
    if (m_paths.empty())
        return;
    if (value && value->size() > walkedBytes) { // one that large is taken apart when it is chosen
        cells.insert(cells.end(), m_paths.size(), tables::TableCell{QStringLiteral("…"), tables::Tone::Muted});
        return;
    }
    const auto fields = jsonFieldsOf(value.value_or(std::string_view()), m_paths);
    for (const auto& field : fields) {
        if (!field || field->kind == JsonLineKind::Null)
            cells.push_back({QStringLiteral("NULL"), tables::Tone::Null});
        else if (field->text.empty())
            cells.push_back({QStringLiteral("\"\""), tables::Tone::Muted});
        else
            cells.push_back({textOf(field->text)});
    }
}

void TopicRows::addHeaders(std::vector<tables::TableCell>& cells, const RecordBatch& batch, std::size_t index) const
{
    for (const QString& name : m_shown.headers) {
        std::optional<Header> found;
        for (std::size_t h = 0; h < batch.headerCount(index); ++h) {
            if (const Header one = batch.header(index, h); textOf(one.name) == name)
                found = one;
        }
        cells.push_back(found ? optionalText(found->value) : tables::TableCell{});
    }
}

std::vector<tables::TableRow> TopicRows::rows(qint64 first, int count) const
{
    return read(first, count, patience);
}

std::vector<tables::TableRow> TopicRows::rowsToCopy(qint64 first, int count) const
{
    return read(first, count, std::chrono::seconds(1));
}

std::vector<tables::TableRow> TopicRows::read(qint64 first, int count, std::chrono::milliseconds patience) const
{
    std::vector<tables::TableRow> rows;
    auto stored = m_store->read(first, static_cast<std::size_t>(std::max(count, 0)), patience);
    if (!stored)
        return rows;
    for (const StoredRow& one : *stored) {
        if (!one.isHere()) {
            rows.push_back(absentRow(first + static_cast<qint64>(rows.size()), one.absence));
            continue;
        }
        const RecordBatch& batch = *one.batch;
        const auto value = batch.value(one.index);
        const bool timed = batch.timestampType(one.index) != TimestampType::NotAvailable;
        tables::TableRow row;
        row.cells = {timed ? tables::TableCell{timeText(batch.timestamp(one.index), batch.receiveTime())}
                           : tables::TableCell{QObject::tr("unknown"), tables::Tone::Muted},
            number(batch.partition().value, false), number(batch.offset(one.index), false),
            optionalText(batch.key(one.index))};
        addFields(row.cells, value);
        addHeaders(row.cells, batch, one.index);
        row.cells.push_back(optionalText(value));
        row.cells.push_back(number(value ? static_cast<std::int64_t>(value->size()) : 0, true));
        addMessage(row, value);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace weir
