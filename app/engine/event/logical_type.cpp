// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/logical_type.h"

namespace weir {

namespace {

std::string withArguments(const char* name, std::int32_t value)
{
    return std::string(name) + "(" + std::to_string(value) + ")";
}

std::string childrenText(const LogicalType& type, bool named)
{
    std::string text;
    if (!type.children)
        return text;
    for (const RowField& field : *type.children) {
        if (!text.empty())
            text += ", ";
        text += named ? "`" + field.name + "` " + field.type.text() : field.type.text();
    }
    return text;
}

std::string lengthText(const LogicalType& type, const char* bounded, const char* unbounded)
{
    return type.precision == LogicalType::maxLength ? unbounded : withArguments(bounded, type.precision);
}

std::string nestedText(const LogicalType& type)
{
    switch (type.kind) {
    case TypeKind::Row:
        return "ROW<" + childrenText(type, true) + ">";
    case TypeKind::Array:
        return "ARRAY<" + childrenText(type, false) + ">";
    case TypeKind::Map:
        return "MAP<" + childrenText(type, false) + ">";
    default:
        return "MULTISET<" + childrenText(type, false) + ">";
    }
}

std::string plainText(const LogicalType& type)
{
    switch (type.kind) {
    case TypeKind::Null:
        return "NULL";
    case TypeKind::Boolean:
        return "BOOLEAN";
    case TypeKind::TinyInt:
        return "TINYINT";
    case TypeKind::SmallInt:
        return "SMALLINT";
    case TypeKind::Int:
        return "INT";
    case TypeKind::BigInt:
        return "BIGINT";
    case TypeKind::Float:
        return "FLOAT";
    case TypeKind::Double:
        return "DOUBLE";
    case TypeKind::Decimal:
        return "DECIMAL(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
    case TypeKind::Char:
        return withArguments("CHAR", type.precision);
    case TypeKind::Varchar:
        return lengthText(type, "VARCHAR", "STRING");
    case TypeKind::Binary:
        return withArguments("BINARY", type.precision);
    case TypeKind::Varbinary:
        return lengthText(type, "VARBINARY", "BYTES");
    case TypeKind::Date:
        return "DATE";
    case TypeKind::Time:
        return withArguments("TIME", type.precision);
    case TypeKind::Timestamp:
        return withArguments("TIMESTAMP", type.precision);
    case TypeKind::TimestampLtz:
        return withArguments("TIMESTAMP_LTZ", type.precision);
    case TypeKind::IntervalYearMonth:
        return "INTERVAL YEAR TO MONTH";
    case TypeKind::IntervalDayTime:
        return "INTERVAL DAY TO SECOND";
    default:
        return nestedText(type);
    }
}

LogicalType simple(TypeKind kind, std::int32_t precision = 0, std::int32_t scale = 0)
{
    LogicalType type;
    type.kind = kind;
    type.precision = precision;
    type.scale = scale;
    return type;
}

} // namespace

bool LogicalType::operator==(const LogicalType& other) const
{
    if (kind != other.kind || precision != other.precision || scale != other.scale || nullable != other.nullable)
        return false;
    if (!children || !other.children)
        return children == other.children;
    return *children == *other.children;
}

LogicalType LogicalType::notNull() const
{
    LogicalType type = *this;
    type.nullable = false;
    return type;
}

LogicalType LogicalType::asNullable() const
{
    LogicalType type = *this;
    type.nullable = true;
    return type;
}

std::string LogicalType::text() const
{
    return nullable ? plainText(*this) : plainText(*this) + " NOT NULL";
}

PhysicalType physicalTypeOf(const LogicalType& type)
{
    switch (type.kind) {
    case TypeKind::Null:
    case TypeKind::Boolean:
        return PhysicalType::Bool;
    case TypeKind::Float:
        return PhysicalType::Float32;
    case TypeKind::Double:
        return PhysicalType::Float64;
    case TypeKind::Decimal:
        return PhysicalType::Int128;
    case TypeKind::Char:
    case TypeKind::Varchar:
    case TypeKind::Binary:
    case TypeKind::Varbinary:
    case TypeKind::Row:
    case TypeKind::Array:
    case TypeKind::Map:
    case TypeKind::Multiset:
        return PhysicalType::String;
    case TypeKind::Timestamp:
    case TypeKind::TimestampLtz:
        return PhysicalType::Timestamp;
    default:
        return PhysicalType::Int64;
    }
}

namespace types {

LogicalType boolean()
{
    return simple(TypeKind::Boolean);
}
LogicalType tinyInt()
{
    return simple(TypeKind::TinyInt);
}
LogicalType smallInt()
{
    return simple(TypeKind::SmallInt);
}
LogicalType integer()
{
    return simple(TypeKind::Int);
}
LogicalType bigInt()
{
    return simple(TypeKind::BigInt);
}
LogicalType float32()
{
    return simple(TypeKind::Float);
}
LogicalType float64()
{
    return simple(TypeKind::Double);
}
LogicalType decimal(std::int32_t precision, std::int32_t scale)
{
    return simple(TypeKind::Decimal, precision, scale);
}
LogicalType string()
{
    return simple(TypeKind::Varchar, LogicalType::maxLength);
}
LogicalType bytes()
{
    return simple(TypeKind::Varbinary, LogicalType::maxLength);
}
LogicalType date()
{
    return simple(TypeKind::Date);
}
LogicalType time()
{
    return simple(TypeKind::Time);
}
LogicalType timestamp(std::int32_t precision)
{
    return simple(TypeKind::Timestamp, precision);
}
LogicalType timestampLtz(std::int32_t precision)
{
    return simple(TypeKind::TimestampLtz, precision);
}

} // namespace types

} // namespace weir
