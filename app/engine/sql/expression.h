// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/logical_type.h"
#include "app/engine/event/value_types.h"
#include "app/engine/sql/diagnostic.h"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace weir::sql {

/// A constant; monostate is NULL. The alternative is the one of the type's PhysicalType.
using Literal = std::variant<std::monostate, bool, std::int64_t, float, double, Int128, std::string, Timestamp>;

/// Scalar functions and operators. The binder resolves overloads and puts casts in, so that an evaluator sees operands
/// of exactly the types that the function takes.
enum class Function : std::uint8_t {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Negate,
    Abs,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Not,
    IsNull,
    IsNotNull,
    IsTrue,
    IsNotTrue,
    IsFalse,
    IsNotFalse,
    Like,
    In,
    Case,
    Coalesce,
    NullIf,
    Cast,
    TryCast,
    Upper,
    Lower,
    CharLength,
    Substring,
    Trim,
    Concat,
    Floor,
    Ceil,
    Round,
    Power,
    Sqrt,
    ToTimestamp,
    ToTimestampLtz, ///< TO_TIMESTAMP(string), TO_TIMESTAMP_LTZ(number, precision)
    Extract, ///< first argument: a BIGINT literal, value of TimeUnit
    DateFormat,
    Greatest,
    Least,
    Sign,
    FloorTime, ///< FLOOR(time TO unit): second argument a BIGINT literal, value of TimeUnit
    CeilTime,
    TimestampDiff, ///< from, to, and a BIGINT literal, value of TimeUnit
    Truncate,
    ConcatWs,
    Replace,
    Position, ///< sought, text [, from]
    Left,
    Right,
    Repeat,
    LeftPad,
    RightPad,
    Reverse,
    InitCap,
    TrimLeading, ///< like Trim: text [, characters]
    TrimTrailing,
    Similar, ///< text, SQL pattern [, escape]
    RegexpMatches,
    RegexpExtract,
    RegexpReplace,
    SplitIndex,
    Digest, ///< text, bits: 128 is MD5, 160 SHA-1, others SHA-2
    Field, ///< a ROW and a BIGINT literal, the number of the field
    Item, ///< ARRAY and index from 1, MAP and key
    Cardinality,
    Element, ///< the only one of an ARRAY
    MakeRow,
    MakeArray,
    MakeMap, ///< key, value, key, value, …
    MapKeys,
    MapValues,
    ArrayContains,
    JsonValue, ///< text, path, JsonBehavior on empty and on error as BIGINT literals, their two defaults
    JsonQuery, ///< text, path, JsonBehavior on empty and on error, JsonWrapper, as BIGINT literals
    JsonExists, ///< text, path, JsonBehavior on error as a BIGINT literal
    IsJson, ///< text, JsonShape as a BIGINT literal
};

enum class TimeUnit : std::int64_t {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    DayOfWeek,
    DayOfYear,
    Epoch
};

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

/// A bound expression: every node has its type, columns are numbers into the input's schema. Immutable.
struct Expression
{
    enum class Kind : std::uint8_t { Column, Constant, Call };

    Kind kind = Kind::Constant;
    LogicalType type;
    SourceSpan span;
    std::size_t column = 0; ///< Kind::Column
    Literal literal; ///< Kind::Constant
    Function function = Function::Add; ///< Kind::Call
    std::vector<ExpressionPtr> arguments;
    /// Nodes below and with this one, shared ones counted as often as they are evaluated. Held at 2^31.
    std::uint32_t weight = 1;
};

ExpressionPtr columnReference(std::size_t column, const LogicalType& type, SourceSpan span = {});
ExpressionPtr literalOf(Literal value, const LogicalType& type, SourceSpan span = {});
ExpressionPtr callOf(
    Function function, const LogicalType& type, std::vector<ExpressionPtr> arguments, SourceSpan span = {});

} // namespace weir::sql
