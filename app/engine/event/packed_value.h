// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Room for the bytes of an element of fixed width.
using ElementRoom = std::array<char, 16>;

/// How one ROW, ARRAY, MAP or MULTISET lies in a column: its elements one behind the other in one run of bytes, with a
/// table of their ends in front. A ROW has its fields as elements, a MAP key, value, key, value, …, a MULTISET element
/// and count. Elements that are nested themselves are packed the same way. Equal values of a type have equal bytes, so
/// that such columns are copied, hashed and compared like text.
class PackedView
{
public:
    /// `bytes` come from PackedBuilder.
    explicit PackedView(std::string_view bytes);

    std::size_t size() const { return m_size; }
    bool isNull(std::size_t element) const { return (entry(element) & nullBit) != 0; }
    std::string_view at(std::size_t element) const;

private:
    friend class PackedBuilder;
    static constexpr std::uint32_t nullBit = 0x80000000U;

    std::uint32_t entry(std::size_t element) const;

    std::string_view m_bytes;
    std::size_t m_size = 0;
};

class PackedBuilder
{
public:
    void clear();
    void addNull();
    void add(std::string_view element);
    /// Row `row` of `column`, NULL or not.
    void add(const Column& column, std::size_t row);
    /// False once the elements take more than the 2 GiB that one value may have.
    bool fits() const { return m_fits; }
    std::string bytes() const;
    std::string_view bytesIn(StringHeap& heap) const;

private:
    void writeTo(char* out) const;
    std::size_t byteCount() const;

    std::vector<std::uint32_t> m_entries; ///< end of each element, with PackedView::nullBit where it is NULL
    std::string m_elements;
    bool m_fits = true;
};

/// Row `row` of `column`, which is not NULL, as an element: what PackedView::at gives of the same value.
std::string_view elementBytes(const Column& column, std::size_t row, ElementRoom& room);

/// Element `element` of `list` as row `row` of `to`, whose type is the element's. Texts and nested values point into
/// the bytes of `list`.
void storeElement(const PackedView& list, std::size_t element, Column& to, std::size_t row);

/// The same as a column of one row, for looking at one value.
Column elementColumn(const PackedView& list, std::size_t element, const LogicalType& type);

/// The type of element `element` of a value of the nested type `type`.
const LogicalType& elementType(const LogicalType& type, std::size_t element);

} // namespace weir
