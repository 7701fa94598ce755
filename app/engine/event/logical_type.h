// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace weir {

/// Flink SQL's types. What a type is stored as is PhysicalType.
enum class TypeKind : std::uint8_t {
    Null, ///< the type of a bare NULL literal
    Boolean,
    TinyInt,
    SmallInt,
    Int,
    BigInt,
    Float,
    Double,
    Decimal, ///< precision, scale
    Char, ///< length in `precision`
    Varchar, ///< length in `precision`; STRING is VARCHAR(2147483647)
    Binary,
    Varbinary, ///< BYTES is VARBINARY(2147483647)
    Date,
    Time,
    Timestamp, ///< precision 0..9, no time zone
    TimestampLtz, ///< precision 0..9, an instant
    IntervalYearMonth,
    IntervalDayTime,
    Row,
    Array,
    Map,
    Multiset,
};

/// How values of a type lie in a Column. All integers, dates, times and intervals share Int64; nested values are packed
/// into one run of bytes each (packed_value.h) and lie as String does.
enum class PhysicalType : std::uint8_t { Bool, Int64, Float32, Float64, Int128, String, Timestamp };

struct RowField;

/// A Flink type with its nullability. Small and copied freely; children of nested types are shared.
struct LogicalType
{
    TypeKind kind = TypeKind::Null;
    std::int32_t precision = 0;
    std::int32_t scale = 0;
    bool nullable = true;
    std::shared_ptr<const std::vector<RowField>>
        children; ///< ROW fields; ARRAY and MULTISET element; MAP key and value

    static constexpr std::int32_t maxLength = 2147483647;

    bool operator==(const LogicalType& other) const;
    LogicalType notNull() const;
    LogicalType asNullable() const;

    bool isInteger() const { return kind >= TypeKind::TinyInt && kind <= TypeKind::BigInt; }
    bool isNumeric() const { return kind >= TypeKind::TinyInt && kind <= TypeKind::Decimal; }
    bool isApproximate() const { return kind == TypeKind::Float || kind == TypeKind::Double; }
    bool isString() const { return kind == TypeKind::Char || kind == TypeKind::Varchar; }
    bool isBytes() const { return kind == TypeKind::Binary || kind == TypeKind::Varbinary; }
    bool isTimestamp() const { return kind == TypeKind::Timestamp || kind == TypeKind::TimestampLtz; }
    bool isNested() const { return kind >= TypeKind::Row; }
    bool isKeyed() const { return kind == TypeKind::Map || kind == TypeKind::Multiset; }
    bool isInterval() const { return kind == TypeKind::IntervalYearMonth || kind == TypeKind::IntervalDayTime; }

    /// As Flink writes it: "DECIMAL(10, 2)", "TIMESTAMP(3) NOT NULL", "STRING".
    std::string text() const;
};

struct RowField
{
    std::string name;
    LogicalType type;
    bool operator==(const RowField&) const = default;
};

/// Names and types of the columns of a batch or a plan node. Names may repeat only where SQL lets them.
using Schema = std::vector<RowField>;

PhysicalType physicalTypeOf(const LogicalType& type);

namespace types {
LogicalType boolean();
LogicalType tinyInt();
LogicalType smallInt();
LogicalType integer();
LogicalType bigInt();
LogicalType float32();
LogicalType float64();
LogicalType decimal(std::int32_t precision, std::int32_t scale);
LogicalType string();
LogicalType bytes();
LogicalType date();
LogicalType time();
LogicalType timestamp(std::int32_t precision);
LogicalType timestampLtz(std::int32_t precision);
} // namespace types

} // namespace weir
