// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/packed_value.h"
#include "app/engine/sql/evaluation.h"

#include <map>
#include <optional>

namespace weir::sql {

namespace {

PackedView listIn(const Column& column, std::uint32_t row)
{
    return PackedView(column.values<std::string_view>()[row]);
}

/// Calls `visit(row)` for the rows whose result is not NULL yet.
template <typename Visit>
void eachValid(const Column& result, const Selection& rows, const Evaluation& run, Visit&& visit)
{
    run.each(rows, [&](std::uint32_t row) {
        if (!result.isNull(row))
            visit(row);
    });
}

/// The element that is asked for, if there is one.
std::optional<std::size_t> placeOf(const Expression& call, const Arguments& arguments, std::uint32_t row)
{
    const PackedView list = listIn(*arguments[0], row);
    const Column& wanted = *arguments[1];
    if (arguments[0]->type().kind != TypeKind::Map) {
        const std::int64_t index = wanted.values<std::int64_t>()[row] - (call.function == Function::Item ? 1 : 0);
        const bool inside = index >= 0 && static_cast<std::uint64_t>(index) < list.size();
        return inside ? std::optional(static_cast<std::size_t>(index)) : std::nullopt;
    }
    ElementRoom room;
    const std::string_view key = elementBytes(wanted, row, room);
    for (std::size_t i = 0; i < list.size(); i += 2) {
        if (!list.isNull(i) && list.at(i) == key)
            return i + 1;
    }
    return std::nullopt;
}

/// FIELD and ITEM. What they give points into the nested value.
Column pick(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    result.heap() = arguments[0]->heap();
    eachValid(result, rows, run, [&](std::uint32_t row) {
        if (const auto place = placeOf(call, arguments, row))
            storeElement(listIn(*arguments[0], row), *place, result, row);
        else
            result.setNull(row);
    });
    return result;
}

Column onlyElement(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    result.heap() = arguments[0]->heap();
    eachValid(result, rows, run, [&](std::uint32_t row) {
        const PackedView list = listIn(*arguments[0], row);
        if (list.size() > 1)
            run.fail(row, "ELEMENT is asked of an ARRAY with " + std::to_string(list.size()) + " elements");
        if (list.size() == 1)
            storeElement(list, 0, result, row);
        else
            result.setNull(row);
    });
    return result;
}

Column cardinality(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    const bool pairs = arguments[0]->type().isKeyed();
    eachValid(result, rows, run, [&](std::uint32_t row) {
        const std::size_t size = listIn(*arguments[0], row).size();
        result.values<std::int64_t>()[row] = static_cast<std::int64_t>(pairs ? size / 2 : size);
    });
    return result;
}

Column contains(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, {arguments[0]}, rows);
    const Column& sought = *arguments[1];
    eachValid(result, rows, run, [&](std::uint32_t row) {
        const PackedView list = listIn(*arguments[0], row);
        ElementRoom room;
        const bool null = sought.isNull(row);
        const std::string_view bytes = null ? std::string_view() : elementBytes(sought, row, room);
        bool found = false;
        for (std::size_t i = 0; i < list.size() && !found; ++i)
            found = null ? list.isNull(i) : !list.isNull(i) && list.at(i) == bytes;
        result.values<std::uint8_t>()[row] = found ? 1 : 0;
    });
    return result;
}

/// MAP_KEYS and MAP_VALUES.
Column half(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, arguments, rows);
    PackedBuilder elements;
    eachValid(result, rows, run, [&](std::uint32_t row) {
        const PackedView list = listIn(*arguments[0], row);
        elements.clear();
        for (std::size_t i = call.function == Function::MapKeys ? 0 : 1; i < list.size(); i += 2) {
            if (list.isNull(i))
                elements.addNull();
            else
                elements.add(list.at(i));
        }
        result.values<std::string_view>()[row] = elements.bytesIn(result.ownHeap());
    });
    return result;
}

/// Of equal keys the last wins; by key, so that equal maps look alike.
void addPairs(PackedBuilder& elements, const Arguments& arguments, std::uint32_t row)
{
    const auto bytesOf = [row](const Column& column) -> std::optional<std::string> {
        ElementRoom room;
        return column.isNull(row) ? std::nullopt : std::optional(std::string(elementBytes(column, row, room)));
    };
    std::map<std::optional<std::string>, const Column*> pairs;
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2)
        pairs[bytesOf(*arguments[i])] = arguments[i + 1];
    for (const auto& [key, value] : pairs) {
        if (key)
            elements.add(*key);
        else
            elements.addNull();
        elements.add(*value, row);
    }
}

Column construct(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    Column result = run.resultFor(call, {}, rows);
    PackedBuilder elements;
    run.each(rows, [&](std::uint32_t row) {
        elements.clear();
        if (call.function == Function::MakeMap) {
            addPairs(elements, arguments, row);
        } else {
            for (const Column* argument : arguments)
                elements.add(*argument, row);
        }
        if (!elements.fits())
            run.fail(row, "a " + call.type.asNullable().text() + " would take more than 2 GiB");
        result.values<std::string_view>()[row] = elements.bytesIn(result.ownHeap());
    });
    return result;
}

} // namespace

Column evaluateNested(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    switch (call.function) {
    case Function::Field:
    case Function::Item:
        return pick(call, arguments, rows, run);
    case Function::Element:
        return onlyElement(call, arguments, rows, run);
    case Function::Cardinality:
        return cardinality(call, arguments, rows, run);
    case Function::ArrayContains:
        return contains(call, arguments, rows, run);
    case Function::MapKeys:
    case Function::MapValues:
        return half(call, arguments, rows, run);
    default:
        return construct(call, arguments, rows, run);
    }
}

} // namespace weir::sql
