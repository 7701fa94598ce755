// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"
#include "app/engine/event/timestamp_text.h"

#include <string_view>

namespace weir {

/// What a JSON scalar is, before it becomes a column's value.
enum class JsonScalarKind : std::uint8_t { Number, String, True, False, Null, Container };

struct JsonScalar
{
    JsonScalarKind kind = JsonScalarKind::String;
    bool isPlain = false; ///< a number of up to 18 digits without an exponent: `integer` are its digits, with the sign
    std::uint8_t fraction = 0; ///< digits of those that stand behind the point
    std::int64_t integer = 0;
    std::string_view text; ///< the number as it stands, the string's content (unescaped), or a container's compact text
};

/// Puts scalars into rows of one column the way Flink's JSON format converts them: "12" is an INT, 1.9 as INT is 1,
/// anything but "true" is FALSE as BOOLEAN, a number too wide for its DECIMAL is NULL. The column must keep its size.
class ScalarTarget
{
public:
    ScalarTarget(Column& column, TimestampStandard standard);

    /// False when the scalar, which is not null, cannot be converted. String values are not copied: `scalar.text` must
    /// live as long as the column.
    bool store(std::size_t row, const JsonScalar& scalar)
    {
        if (m_way == Way::Integer && scalar.isPlain && scalar.fraction == 0) {
            at<std::int64_t>(row) = scalar.integer;
            return scalar.integer >= m_least && scalar.integer <= m_most;
        }
        if (m_way == Way::Text && scalar.kind == JsonScalarKind::String) {
            at<std::string_view>(row) = scalar.text;
            return true;
        }
        return convert(row, scalar);
    }

private:
    enum class Way : std::uint8_t { Text, Integer, Approximate, Decimal, Boolean, Bytes, Date, Time, Timestamp };

    static Way wayOf(const LogicalType& type);
    template <typename T>
    T& at(std::size_t row)
    {
        return static_cast<T*>(m_values)[row];
    }
    bool convert(std::size_t row, const JsonScalar& scalar);
    bool convertInteger(std::size_t row, const JsonScalar& scalar);
    bool convertApproximate(std::size_t row, const JsonScalar& scalar);
    bool convertPlainDecimal(std::size_t row, const JsonScalar& scalar);
    bool convertDecimal(std::size_t row, const JsonScalar& scalar);
    bool convertBytes(std::size_t row, std::string_view text);
    bool convertTime(std::size_t row, std::string_view text);

    Column* m_column;
    void* m_values; ///< of the column
    Way m_way;
    std::int64_t m_least; ///< of the integer type
    std::int64_t m_most;
    TimestampReader m_timestamps;
};

} // namespace weir
