// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/field_column.h"

#include "app/engine/event/json_writer.h"
#include "app/engine/event/value_text.h"

namespace weir {

using exporter::ColumnInfo;
using exporter::ColumnKind;

namespace {

// Beyond it a time has nanoseconds, for which no format has a number.
constexpr int microseconds = 6;

ColumnKind kindOf(const LogicalType& type, bool timesAsNumbers)
{
    switch (type.kind) {
    case TypeKind::Boolean:
        return ColumnKind::Boolean;
    case TypeKind::TinyInt:
    case TypeKind::SmallInt:
    case TypeKind::Int:
    case TypeKind::BigInt:
        return ColumnKind::Integer;
    case TypeKind::Float:
    case TypeKind::Double:
        return ColumnKind::Real;
    case TypeKind::Decimal:
        return ColumnKind::Decimal;
    case TypeKind::Binary:
    case TypeKind::Varbinary:
        return ColumnKind::Bytes;
    case TypeKind::Date:
        return timesAsNumbers ? ColumnKind::Date : ColumnKind::Text;
    case TypeKind::Time:
        return timesAsNumbers ? ColumnKind::Time : ColumnKind::Text;
    case TypeKind::Timestamp:
    case TypeKind::TimestampLtz:
        return timesAsNumbers && type.precision <= microseconds ? ColumnKind::Timestamp : ColumnKind::Text;
    default:
        return type.isNested() ? ColumnKind::Json : ColumnKind::Text;
    }
}

} // namespace

ColumnInfo FieldColumn::infoOf(const RowField& field, exporter::FormatNeeds needs)
{
    ColumnInfo info{field.name, kindOf(field.type, needs.timesAsNumbers)};
    info.precision = field.type.precision;
    info.scale = field.type.scale;
    info.isInstant = field.type.kind == TypeKind::TimestampLtz;
    return info;
}

exporter::ColumnView FieldColumn::make(
    const Column& column, std::span<const std::uint32_t> rows, std::span<const std::uint64_t> decoded)
{
    takeNulls(column, rows, decoded);
    return {valuesOf(column, rows), m_valid.words()};
}

void FieldColumn::takeNulls(
    const Column& column, std::span<const std::uint32_t> rows, std::span<const std::uint64_t> decoded)
{
    m_valid.reset(column.size());
    for (const std::uint32_t row : rows) {
        if (column.isNull(row) || (decoded[row / 64] >> (row % 64) & 1U) == 0)
            m_valid.setNull(row);
    }
}

exporter::ColumnValues FieldColumn::valuesOf(const Column& column, std::span<const std::uint32_t> rows)
{
    const PhysicalType physical = physicalTypeOf(column.type());
    if (m_info.kind == ColumnKind::Boolean)
        return std::span<const std::uint8_t>(column.values<std::uint8_t>());
    if (m_info.kind == ColumnKind::Real && physical == PhysicalType::Float64)
        return std::span<const double>(column.values<double>());
    if (m_info.kind == ColumnKind::Real) {
        const auto& values = column.values<float>();
        m_reals.assign(values.begin(), values.end());
        return std::span<const double>(m_reals);
    }
    if (m_info.kind == ColumnKind::Timestamp) {
        m_numbers.resize(column.size());
        for (const std::uint32_t row : rows) {
            const Timestamp& time = column.values<Timestamp>()[row];
            m_numbers[row] = m_info.precision <= 3 ? time.millis : time.millis * 1000 + time.nanos / 1000;
        }
        return std::span<const std::int64_t>(m_numbers);
    }
    const bool isNumber =
        m_info.kind == ColumnKind::Integer || m_info.kind == ColumnKind::Date || m_info.kind == ColumnKind::Time;
    if (isNumber)
        return std::span<const std::int64_t>(column.values<std::int64_t>());
    if (physical == PhysicalType::String && m_info.kind != ColumnKind::Json)
        return std::span<const std::string_view>(column.values<std::string_view>());
    return textsOf(column, rows);
}

exporter::ColumnValues FieldColumn::textsOf(const Column& column, std::span<const std::uint32_t> rows)
{
    JsonStyle style;
    style.decimalsAsText = false;
    style.plainDecimals = true;
    m_texts.clear();
    for (const std::uint32_t row : rows) {
        if (!column.isNull(row) && m_info.kind == ColumnKind::Json)
            appendJsonValue(m_texts.bytes(), column, row, style);
        else if (!column.isNull(row))
            appendScalar(m_texts.bytes(), column, row);
        m_texts.end();
    }
    return m_texts.views(column.size(), rows);
}

} // namespace weir
