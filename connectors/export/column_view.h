// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::exporter {

/// What the values of a column are, and in which span they come.
enum class ColumnKind : std::uint8_t {
    Boolean, ///< uint8
    Integer, ///< int64
    Real, ///< double
    Decimal, ///< text: all digits of the scale, no exponent
    Text, ///< text: UTF-8
    Json, ///< text: JSON on one line
    Date, ///< int64: days since 1970
    Time, ///< int64: milliseconds of the day
    Timestamp, ///< int64: since 1970, milliseconds up to precision 3, else microseconds
    Bytes, ///< text
    Payload, ///< Payload
};

/// What the bytes of a record's key or value turned out to be.
enum class PayloadForm : std::uint8_t {
    Bytes, ///< no UTF-8, or nobody looked
    Text, ///< UTF-8
    Json, ///< one JSON object or array
};

struct Payload
{
    std::string_view bytes;
    PayloadForm form = PayloadForm::Bytes;
};

struct ColumnInfo
{
    std::string name;
    ColumnKind kind = ColumnKind::Text;
    int precision = 0; ///< Decimal, Timestamp
    int scale = 0; ///< Decimal
    bool isInstant = false; ///< Timestamp: in UTC, else of a clock on the wall
    bool nullable = true;
    bool isRare = false; ///< nearly always NULL: left out of JSON objects then
};

using ColumnValues = std::variant<std::span<const std::uint8_t>, std::span<const std::int64_t>, std::span<const double>,
    std::span<const std::string_view>, std::span<const Payload>>;

/// The values of one column; those that view bytes do not own them.
struct ColumnView
{
    ColumnValues values;
    std::span<const std::uint64_t> valid; ///< a bit per row, set = not NULL; empty: no NULL

    bool isNull(std::size_t row) const { return !valid.empty() && (valid[row / 64] >> (row % 64) & 1U) == 0; }
    template <typename T>
    const T& at(std::size_t row) const
    {
        return std::get<std::span<const T>>(values)[row];
    }
};

/// Rows to write, ascending, of columns in the order of their ColumnInfo.
struct RowBlock
{
    std::vector<ColumnView> columns;
    std::span<const std::uint32_t> rows;
};

} // namespace weir::exporter
