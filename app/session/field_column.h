// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"
#include "app/session/record_parts.h"

namespace weir {

/// A decoded column as a column of an export: as it lies where spans fit, else as text. One thread.
class FieldColumn
{
public:
    explicit FieldColumn(exporter::ColumnInfo info) : m_info(std::move(info)) { }

    static exporter::ColumnInfo infoOf(const RowField& field, exporter::FormatNeeds needs);

    /// `decoded` has a bit per row that has fields at all. The view is good until the next call and as long as
    /// `column` stays as it is.
    exporter::ColumnView make(
        const Column& column, std::span<const std::uint32_t> rows, std::span<const std::uint64_t> decoded);

private:
    exporter::ColumnValues valuesOf(const Column& column, std::span<const std::uint32_t> rows);
    exporter::ColumnValues textsOf(const Column& column, std::span<const std::uint32_t> rows);
    void takeNulls(const Column& column, std::span<const std::uint32_t> rows, std::span<const std::uint64_t> decoded);

    exporter::ColumnInfo m_info;
    ValidBits m_valid;
    std::vector<std::int64_t> m_numbers;
    std::vector<double> m_reals;
    BuiltTexts m_texts;
};

} // namespace weir
