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
    std::string_view text; ///< the number's digits, the string's content (unescaped), or a container's compact text
};

/// Puts scalars into rows of one column the way Flink's JSON format converts them: "12" is an INT, 1.9 as INT is 1,
/// anything but "true" is FALSE as BOOLEAN, a number too wide for its DECIMAL is NULL. The column must keep its size.
class ScalarTarget
{
public:
    ScalarTarget(Column& column, TimestampStandard standard);

    /// False when the scalar, which is not null, cannot be converted. String values are not copied: `scalar.text` must
    /// live as long as the column.
    bool store(std::size_t row, const JsonScalar& scalar);

private:
    enum class Way : std::uint8_t { Text, Integer, Approximate, Decimal, Boolean, Bytes, Time };

    template <typename T>
    T& at(std::size_t row)
    {
        return static_cast<T*>(m_values)[row];
    }
    bool storeInteger(std::size_t row, const JsonScalar& scalar);
    bool storeApproximate(std::size_t row, const JsonScalar& scalar);
    bool storeDecimal(std::size_t row, const JsonScalar& scalar);
    bool storeBytes(std::size_t row, std::string_view text);
    bool storeTime(std::size_t row, std::string_view text);

    Column* m_column;
    void* m_values; ///< of the column
    Way m_way;
    TimestampStandard m_standard;
};

} // namespace weir
