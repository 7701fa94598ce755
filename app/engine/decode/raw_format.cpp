// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/raw_format.h"

#include <bit>

namespace weir {

namespace {

/// Bytes of a value of the type; 0: any number of them.
std::size_t widthOf(const LogicalType& type)
{
    switch (type.kind) {
    case TypeKind::Boolean:
    case TypeKind::TinyInt:
        return 1;
    case TypeKind::SmallInt:
        return 2;
    case TypeKind::Int:
    case TypeKind::Float:
        return 4;
    case TypeKind::BigInt:
    case TypeKind::Double:
        return 8;
    default:
        return 0;
    }
}

std::uint64_t bitsOf(std::string_view bytes, RawOptions options)
{
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bits = bits << 8 | static_cast<unsigned char>(bytes[options.littleEndian ? bytes.size() - 1 - i : i]);
    return bits;
}

std::string bytesOf(std::uint64_t bits, std::size_t width, RawOptions options)
{
    std::string bytes(width, '\0');
    for (std::size_t i = 0; i < width; ++i, bits >>= 8)
        bytes[options.littleEndian ? i : width - 1 - i] = static_cast<char>(bits & 0xFF);
    return bytes;
}

/// Two's complement of `width` bytes.
std::int64_t signedOf(std::uint64_t bits, std::size_t width)
{
    const auto unused = static_cast<int>(64 - 8 * width);
    return static_cast<std::int64_t>(bits << unused) >> unused;
}

void store(Column& column, std::size_t row, std::string_view bytes, RawOptions options)
{
    const std::size_t width = widthOf(column.type());
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::String:
        column.values<std::string_view>()[row] = bytes;
        break;
    case PhysicalType::Bool:
        column.values<std::uint8_t>()[row] = bytes.front() != 0 ? 1 : 0;
        break;
    case PhysicalType::Float32:
        column.values<float>()[row] = std::bit_cast<float>(static_cast<std::uint32_t>(bitsOf(bytes, options)));
        break;
    case PhysicalType::Float64:
        column.values<double>()[row] = std::bit_cast<double>(bitsOf(bytes, options));
        break;
    default:
        column.values<std::int64_t>()[row] = signedOf(bitsOf(bytes, options), width);
    }
}

} // namespace

bool canReadRawAs(const LogicalType& type)
{
    return type.isString() || type.isBytes() || widthOf(type) > 0;
}

Column decodeRawKeys(
    const RecordBatch& batch, const LogicalType& type, RawOptions options, std::vector<RowError>& errors)
{
    Column column(type, batch.size());
    const std::size_t width = widthOf(type);
    for (std::uint32_t row = 0; row < batch.size(); ++row) {
        const auto key = batch.key(row);
        if (key && (width == 0 || key->size() == width)) {
            store(column, row, *key, options);
            continue;
        }
        column.setNull(row);
        if (key)
            errors.push_back({row, 0,
                "its " + std::to_string(key->size()) + " bytes are no " + type.asNullable().text() + ", which has "
                    + std::to_string(width)});
    }
    return column;
}

std::optional<std::string> encodeRaw(const Column& column, std::size_t row, RawOptions options)
{
    if (column.isNull(row))
        return std::nullopt;
    const std::size_t width = widthOf(column.type());
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::String:
        return std::string(column.values<std::string_view>()[row]);
    case PhysicalType::Bool:
        return bytesOf(column.values<std::uint8_t>()[row], width, options);
    case PhysicalType::Float32:
        return bytesOf(std::bit_cast<std::uint32_t>(column.values<float>()[row]), width, options);
    case PhysicalType::Float64:
        return bytesOf(std::bit_cast<std::uint64_t>(column.values<double>()[row]), width, options);
    default:
        return bytesOf(static_cast<std::uint64_t>(column.values<std::int64_t>()[row]), width, options);
    }
}

} // namespace weir
