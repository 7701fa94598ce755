// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/key_hash.h"

#include <bit>
#include <cstring>
#include <random>

namespace weir::aggregate {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15ULL;
constexpr std::uint64_t nullMark = 0xd1b54a32d192ed03ULL;

std::uint64_t processSeed()
{
    static const std::uint64_t seed = [] {
        std::random_device device;
        return (std::uint64_t{device()} << 32) | device();
    }();
    return seed;
}

/// The two halves of a 128-bit product folded together: every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t left, std::uint64_t right)
{
    const Wide product = Wide{left} * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* bytes, std::size_t count)
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, count);
    return word;
}

std::uint64_t hashBytes(std::uint64_t hash, std::string_view bytes)
{
    const char* next = bytes.data();
    std::size_t left = bytes.size();
    hash ^= bytes.size() * multiplier;
    for (; left > 8; left -= 8, next += 8)
        hash = mix(hash ^ load(next, 8), multiplier);
    // Constant sizes compile to plain loads; a memcpy of unknown length would be a call.
    std::uint64_t tail = 0;
    if (left == 8)
        tail = load(next, 8);
    else if (left >= 4)
        tail = load(next, 4) | (load(next + left - 4, 4) << 32);
    else if (left > 0)
        tail = load(next, 1) | (load(next + left / 2, 1) << 8) | (load(next + left - 1, 1) << 16);
    return mix(hash ^ tail, multiplier);
}

template <typename T>
std::uint64_t hashValue(std::uint64_t hash, const T& value)
{
    if constexpr (std::is_same_v<T, std::string_view>)
        return hashBytes(hash, value);
    else if constexpr (std::is_same_v<T, Int128>)
        return mix(mix(hash ^ static_cast<std::uint64_t>(value), multiplier) ^ static_cast<std::uint64_t>(value >> 64),
            multiplier);
    else if constexpr (std::is_same_v<T, Timestamp>)
        return mix(
            mix(hash ^ static_cast<std::uint64_t>(value.millis), multiplier) ^ static_cast<std::uint64_t>(value.nanos),
            multiplier);
    else if constexpr (std::is_same_v<T, double>)
        return mix(hash ^ std::bit_cast<std::uint64_t>(value), multiplier);
    else if constexpr (std::is_same_v<T, float>)
        return mix(hash ^ std::bit_cast<std::uint32_t>(value), multiplier);
    else
        return mix(hash ^ static_cast<std::uint64_t>(value), multiplier);
}

template <typename T>
void hashColumn(const Column& column, std::span<const std::uint32_t> rows, std::vector<std::uint64_t>& hashes)
{
    const T* const values = column.values<T>().data();
    if (column.validity().allValid()) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            hashes[i] = hashValue(hashes[i], values[rows[i]]);
        return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        hashes[i] = column.validity().valid(rows[i]) ? hashValue(hashes[i], values[rows[i]])
                                                     : mix(hashes[i] ^ nullMark, multiplier);
    }
}

} // namespace

void hashRows(
    std::span<const Column* const> keys, std::span<const std::uint32_t> rows, std::vector<std::uint64_t>& hashes)
{
    hashRows(keys, rows, processSeed(), hashes);
}

void hashRows(std::span<const Column* const> keys, std::span<const std::uint32_t> rows, std::uint64_t seed,
    std::vector<std::uint64_t>& hashes)
{
    hashes.assign(rows.size(), seed);
    for (const Column* key : keys) {
        switch (physicalTypeOf(key->type())) {
        case PhysicalType::Bool:
            hashColumn<std::uint8_t>(*key, rows, hashes);
            break;
        case PhysicalType::Float32:
            hashColumn<float>(*key, rows, hashes);
            break;
        case PhysicalType::Float64:
            hashColumn<double>(*key, rows, hashes);
            break;
        case PhysicalType::Int128:
            hashColumn<Int128>(*key, rows, hashes);
            break;
        case PhysicalType::String:
            hashColumn<std::string_view>(*key, rows, hashes);
            break;
        case PhysicalType::Timestamp:
            hashColumn<Timestamp>(*key, rows, hashes);
            break;
        default:
            hashColumn<std::int64_t>(*key, rows, hashes);
        }
    }
}

} // namespace weir::aggregate
