// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/topic_rows.h"

#include "app/engine/decode/json_text.h"
#include "app/session/problem_rows.h"
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
    } else if (value->size() <= checkedBytes && isBrokenJson(*value)) {
        row.glyph = tables::RowGlyph::DecodeFailure;
        row.tint = tables::RowTint::Error;
        row.span = tables::MessageSpan::Fields;
        row.messageTone = tables::Tone::Error;
        row.leadTone = tables::Tone::Error;
        row.messageLead = QObject::tr("Cannot decode value");
        row.message = QObject::tr(": %1. Raw bytes kept: %2").arg(faultOf(*value), textOf(*value));
    }
}

QString reasonText(GapReason reason)
{
    switch (reason) {
    case GapReason::Control:
        return QObject::tr("control record (a transaction's marker), carries no data");
    case GapReason::Aborted:
        return QObject::tr("of an aborted transaction, left out");
    case GapReason::Compacted:
        return QObject::tr("compacted: newer records of the same keys took their place");
    case GapReason::Retention:
        return QObject::tr("deleted by retention before it could be read");
    case GapReason::Undecodable:
        return QObject::tr("damaged: what is there fails its checksum");
    case GapReason::Filtered:
    case GapReason::Dropped:
    case GapReason::NotTold:
        break;
    }
    return QObject::tr("no record, the source does not say why (compaction, or a transaction's marker)");
}

/// "partition 3, offset 88101899: control record …"
tables::TableRow missingRow(const MissingRange& missing, bool namesTopic)
{
    const Gap& gap = missing.range;
    QString place = QObject::tr("partition %1").arg(missing.partition.value);
    if (namesTopic)
        place = QString::fromStdString(*missing.topic) + QStringLiteral(", ") + place;
    const QString first = QString::number(gap.first);
    const QString last = QString::number(gap.end - 1);
    QString which = QObject::tr("offset %1: ").arg(first);
    if (missing.offsets < gap.end - gap.first)
        which = QObject::tr("%1 offsets between %2 and %3: ").arg(format::grouped(missing.offsets), first, last);
    else if (gap.end - gap.first > 1)
        which = QObject::tr("offsets %1 to %2: ").arg(first, last);
    const bool lost = gap.reason == GapReason::Retention || gap.reason == GapReason::Undecodable;
    tables::TableRow row;
    row.glyph = lost ? tables::RowGlyph::Missing : tables::RowGlyph::Control;
    row.tint = lost ? tables::RowTint::Stale : tables::RowTint::None;
    row.span = tables::MessageSpan::All;
    row.messageTone = tables::Tone::Secondary;
    row.message = place + QStringLiteral(", ") + which + reasonText(gap.reason);
    return row;
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
    case RowAbsence::Missing: // has words of its own
        break;
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
    if (m_shown.topic)
        m_columns.insert(m_columns.begin() + 1, {QStringLiteral("topic"), QStringLiteral("Topic"), {}, 110});
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
    m_columns.push_back({QStringLiteral("epoch"), QStringLiteral("Epoch"), {}, 60, true, false, true});
    if (m_shown.comment)
        m_columns.push_back({QStringLiteral("comment"), QObject::tr("Comment"), {}, 160, false, false, false, false});
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
    const auto stored = m_store->read(first, static_cast<std::size_t>(std::max(count, 0)), patience);
    if (!stored)
        return rows;
    for (const StoredRow& one : *stored) {
        if (one.isHere())
            rows.push_back(rowOf(*one.batch, one.index));
        else if (one.missing)
            rows.push_back(missingRow(*one.missing, m_shown.topic));
        else
            rows.push_back(absentRow(first + static_cast<qint64>(rows.size()), one.absence));
    }
    if (!m_colours.empty())
        addColours(*stored, rows);
    return rows;
}

tables::TableRow TopicRows::rowOf(const RecordBatch& batch, std::size_t index) const
{
    const auto value = batch.value(index);
    const auto epoch = batch.leaderEpoch(index);
    const bool timed = batch.timestampType(index) != TimestampType::NotAvailable;
    const tables::TableCell unknown{QObject::tr("unknown"), tables::Tone::Muted};
    tables::TableRow row;
    row.cells.push_back(timed ? tables::TableCell{timeText(batch.timestamp(index), batch.receiveTime())} : unknown);
    if (m_shown.topic)
        row.cells.push_back({QString::fromStdString(batch.topic()), tables::Tone::Secondary});
    row.cells.push_back(number(batch.partition().value, false));
    row.cells.push_back(number(batch.offset(index), false));
    row.cells.push_back(optionalText(batch.key(index)));
    addFields(row.cells, value);
    addHeaders(row.cells, batch, index);
    row.cells.push_back(optionalText(value));
    row.cells.push_back(number(value ? static_cast<std::int64_t>(value->size()) : 0, true));
    row.cells.push_back(epoch ? number(*epoch, false) : unknown);
    addMessage(row, value);
    const auto mark = m_marks.empty() ? m_marks.end() : m_marks.find(placeOf(batch, index));
    if (mark != m_marks.end())
        row.glyph = tables::RowGlyph::Marked;
    if (m_shown.comment)
        row.cells.push_back({mark == m_marks.end() ? QString() : mark->second, tables::Tone::Info});
    return row;
}

void TopicRows::setColours(const std::vector<RowColour>& colours)
{
    m_colours.clear();
    for (const RowColour& one : colours)
        m_colours.push_back({one.filter->make(), one.tint});
}

/// Neighbours of one batch are asked about together, without the rest of it.
void TopicRows::addColours(const std::vector<StoredRow>& stored, std::vector<tables::TableRow>& rows) const
{
    for (std::size_t first = 0; first < stored.size();) {
        std::size_t end = first + 1;
        while (end < stored.size() && stored[end].batch == stored[first].batch)
            ++end;
        if (stored[first].isHere())
            colourGroup(stored, first, end, rows);
        first = end;
    }
}

void TopicRows::colourGroup(
    const std::vector<StoredRow>& stored, std::size_t first, std::size_t end, std::vector<tables::TableRow>& rows) const
{
    const RecordBatch& batch = *stored[first].batch;
    std::vector<std::uint32_t> asked; // of the batch
    std::vector<std::size_t> places; // of rows
    for (std::size_t i = first; i < end; ++i) {
        const bool small = batch.recordBytes(stored[i].index) <= walkedBytes;
        if (!small || rows[i].tint != tables::RowTint::None)
            continue;
        asked.push_back(static_cast<std::uint32_t>(stored[i].index));
        places.push_back(i);
    }
    if (asked.empty())
        return;
    const RecordBatchPtr few = copyOf(batch, asked, nullptr);
    for (const Colour& colour : m_colours) {
        for (const std::uint32_t row : colour.filter->select(few).rows) {
            tables::RowTint& tint = rows[places[row]].tint;
            tint = tint == tables::RowTint::None ? colour.tint : tint;
        }
    }
}

} // namespace weir
