// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/row_text.h"

#include "app/engine/event/json_writer.h"
#include "app/engine/event/packed_value.h"
#include "app/engine/event/value_text.h"
#include "connectors/record/text_encoding.h"

namespace weir {

namespace {

const char* nameOf(RowKind kind)
{
    switch (kind) {
    case RowKind::UpdateBefore:
        return "UPDATE_BEFORE";
    case RowKind::UpdateAfter:
        return "UPDATE_AFTER";
    case RowKind::Delete:
        return "DELETE";
    case RowKind::Insert:
        break;
    }
    return "INSERT";
}

const char* signOf(RowKind kind)
{
    switch (kind) {
    case RowKind::UpdateBefore:
        return "-U";
    case RowKind::UpdateAfter:
        return "+U";
    case RowKind::Delete:
        return "-D";
    case RowKind::Insert:
        break;
    }
    return "+I";
}

void appendPrintValue(std::string& out, const Column& column, std::size_t row);

/// +I[a, b] for a ROW, [a, b] for an ARRAY, {k=v} for a MAP.
void appendPrintNested(std::string& out, const Column& column, std::size_t row)
{
    const LogicalType& type = column.type();
    const PackedView list(column.values<std::string_view>()[row]);
    const bool pairs = type.isKeyed();
    out += type.kind == TypeKind::Row ? "+I[" : pairs ? "{" : "[";
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0)
            out += pairs && i % 2 == 1 ? "=" : ", ";
        appendPrintValue(out, elementColumn(list, i, elementType(type, i)), 0);
    }
    out.push_back(pairs ? '}' : ']');
}

void appendPrintValue(std::string& out, const Column& column, std::size_t row)
{
    if (column.isNull(row))
        out += "null";
    else if (column.type().isNested())
        appendPrintNested(out, column, row);
    else
        appendScalar(out, column, row);
}

RowKind kindOf(const ResultBatch& batch, std::size_t row)
{
    return batch.kinds.empty() ? RowKind::Insert : batch.kinds[row];
}

} // namespace

void appendJsonRow(std::string& out, const ResultBatch& batch, std::size_t row)
{
    out.push_back('{');
    if (const RowKind kind = kindOf(batch, row); kind != RowKind::Insert) {
        out += "\"$op\":\"";
        out += nameOf(kind);
        out += batch.columns.empty() ? "\"" : "\",";
    }
    for (std::size_t c = 0; c < batch.columns.size(); ++c) {
        if (c > 0)
            out.push_back(',');
        appendJsonString(out, batch.schema[c].name);
        out.push_back(':');
        appendJsonValue(out, batch.columns[c], row);
    }
    out.push_back('}');
}

void appendPrintRow(std::string& out, const ResultBatch& batch, std::size_t row)
{
    out += signOf(kindOf(batch, row));
    out.push_back('[');
    for (std::size_t c = 0; c < batch.columns.size(); ++c) {
        if (c > 0)
            out += ", ";
        appendPrintValue(out, batch.columns[c], row);
    }
    out.push_back(']');
}

std::string cellText(const Column& column, std::size_t row)
{
    std::string text;
    if (column.isNull(row))
        return text;
    if (column.type().isNested())
        appendJsonValue(text, column, row);
    else
        appendScalar(text, column, row);
    return text;
}

} // namespace weir
