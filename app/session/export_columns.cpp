// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/export_columns.h"

#include "app/engine/decode/json_decoder.h"
#include "app/session/field_column.h"
#include "app/session/infer_table.h"
#include "app/session/record_parts.h"

#include <algorithm>
#include <optional>

namespace weir {

using exporter::ColumnInfo;
using exporter::ColumnKind;
using exporter::FormatNeeds;
using exporter::RowBlock;

namespace {

constexpr const char* undecodableName = "_undecodable";

ColumnInfo infoOf(ExportedPart part, FormatNeeds needs)
{
    switch (part) {
    case ExportedPart::Topic:
        return {"topic", ColumnKind::Text, 0, 0, false, false};
    case ExportedPart::Partition:
        return {"partition", ColumnKind::Integer, 0, 0, false, false};
    case ExportedPart::Offset:
        return {"offset", ColumnKind::Integer, 0, 0, false, false};
    case ExportedPart::Timestamp:
        return needs.timesAsNumbers ? ColumnInfo{"timestamp", ColumnKind::Timestamp, 3, 0, true}
                                    : ColumnInfo{"timestamp", ColumnKind::Integer};
    case ExportedPart::TimestampType:
        return {"timestampType", ColumnKind::Text};
    case ExportedPart::Key:
        return {"key", ColumnKind::Payload};
    case ExportedPart::Headers:
        return {"headers", ColumnKind::Json, 0, 0, false, false};
    case ExportedPart::Value:
        break;
    }
    return {"value", ColumnKind::Payload};
}

class RecordColumns final : public ExportColumns
{
public:
    RecordColumns(FormatNeeds needs, TimestampTypes types)
    {
        for (const ExportedPart part :
            {ExportedPart::Topic, ExportedPart::Partition, ExportedPart::Offset, ExportedPart::Timestamp,
                ExportedPart::TimestampType, ExportedPart::Key, ExportedPart::Value, ExportedPart::Headers}) {
            if (part == ExportedPart::TimestampType && types == TimestampTypes::LeftOut)
                continue;
            m_columns.push_back(infoOf(part, needs));
            m_parts.emplace_back(part, needs);
        }
    }

    RowBlock make(const RecordBatchPtr& batch, std::span<const std::uint32_t> rows) override
    {
        RowBlock block{{}, rows};
        for (RecordPartColumn& part : m_parts)
            block.columns.push_back(part.make(*batch, rows));
        return block;
    }

private:
    std::vector<RecordPartColumn> m_parts;
};

/// Where a column of an export of fields comes from.
struct Origin
{
    ColumnInfo info;
    std::optional<ExportedPart> part;
    std::optional<RowField> field;
};

std::string freeName(const Schema& fields, std::string name)
{
    while (hasField(fields, name))
        name.insert(0, "_");
    return name;
}

std::vector<Origin> originsOf(const Schema& fields, FormatNeeds needs)
{
    std::vector<Origin> origins;
    for (const ExportedPart part :
        {ExportedPart::Partition, ExportedPart::Offset, ExportedPart::Timestamp, ExportedPart::Key}) {
        Origin origin{infoOf(part, needs), part, std::nullopt};
        origin.info.name = freeName(fields, origin.info.name);
        origins.push_back(std::move(origin));
    }
    for (const RowField& field : fields)
        origins.push_back({FieldColumn::infoOf(field, needs), std::nullopt, field});
    return origins;
}

Result<std::vector<Origin>> chosen(const std::vector<Origin>& all, const std::vector<std::string>& only)
{
    if (only.empty())
        return all;
    std::vector<Origin> origins;
    for (const std::string& name : only) {
        const auto found =
            std::find_if(all.begin(), all.end(), [&name](const Origin& origin) { return origin.info.name == name; });
        if (found == all.end()) {
            std::string there;
            for (const Origin& origin : all)
                there += (there.empty() ? "" : ", ") + origin.info.name;
            return Error{
                ErrorKind::InvalidInput, "there is no column '" + name + "'. There are: " + there + ".", "columns"};
        }
        origins.push_back(*found);
    }
    return origins;
}

std::vector<JsonField> jsonFields(const std::vector<Origin>& origins)
{
    std::vector<JsonField> fields;
    for (const Origin& origin : origins) {
        if (origin.field)
            fields.push_back({origin.field->name, origin.field->type});
    }
    return fields;
}

class FieldColumns final : public ExportColumns
{
public:
    FieldColumns(const std::vector<Origin>& origins, const ExportedFields& wanted, FormatNeeds needs)
        : m_decoder(jsonFields(origins), JsonOptions{wanted.standard})
    {
        for (const Origin& origin : origins) {
            m_columns.push_back(origin.info);
            if (origin.part)
                m_makers.emplace_back(std::make_unique<RecordPartColumn>(*origin.part, needs), nullptr);
            else
                m_makers.emplace_back(nullptr, std::make_unique<FieldColumn>(origin.info));
        }
        ColumnInfo undecodable{freeName(wanted.fields, undecodableName), ColumnKind::Bytes};
        undecodable.isRare = true;
        m_columns.push_back(std::move(undecodable));
    }

    RowBlock make(const RecordBatchPtr& batch, std::span<const std::uint32_t> rows) override
    {
        m_events = m_decoder.decode(batch, 0);
        takeUndecodable(*batch, rows);
        RowBlock block{{}, rows};
        std::size_t field = 0;
        for (const auto& [part, column] : m_makers)
            block.columns.push_back(
                part ? part->make(*batch, rows) : column->make(m_events.columns[field++], rows, m_decoded.words()));
        block.columns.push_back({std::span<const std::string_view>(m_bytes), m_undecodableBits.words()});
        return block;
    }

    std::uint64_t undecodable() const override { return m_undecodable; }

private:
    /// Which rows have fields, and which have only bytes.
    void takeUndecodable(const RecordBatch& batch, std::span<const std::uint32_t> rows)
    {
        m_bytes.assign(batch.size(), {});
        m_decoded.reset(batch.size());
        m_undecodableBits.reset(batch.size());
        auto error = m_events.errors.begin();
        for (const std::uint32_t row : rows) {
            while (error != m_events.errors.end() && error->row < row)
                ++error;
            const bool broken = error != m_events.errors.end() && error->row == row;
            const auto value = batch.value(row);
            if (!value || broken)
                m_decoded.setNull(row);
            if (!value || !broken) {
                m_undecodableBits.setNull(row);
                continue;
            }
            ++m_undecodable;
            m_bytes[row] = *value;
        }
    }

    using Maker = std::pair<std::unique_ptr<RecordPartColumn>, std::unique_ptr<FieldColumn>>; ///< one of them

    JsonDecoder m_decoder;
    std::vector<Maker> m_makers;
    EventBatch m_events; ///< of the newest block, whose texts point into it
    ValidBits m_decoded;
    ValidBits m_undecodableBits;
    std::vector<std::string_view> m_bytes;
    std::uint64_t m_undecodable = 0;
};

} // namespace

std::unique_ptr<ExportColumns> recordColumns(FormatNeeds needs, TimestampTypes types)
{
    return std::make_unique<RecordColumns>(needs, types);
}

Result<std::unique_ptr<ExportColumns>> fieldColumns(const ExportedFields& wanted, FormatNeeds needs)
{
    const auto origins = chosen(originsOf(wanted.fields, needs), wanted.only);
    if (!origins)
        return origins.error();
    return std::unique_ptr<ExportColumns>(std::make_unique<FieldColumns>(*origins, wanted, needs));
}

} // namespace weir
