// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/expression.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::sql {

/// Where a column's values come from.
enum class ColumnOrigin : std::uint8_t {
    Physical, ///< a field of the value
    Metadata, ///< `metadataKey`: partition, offset, timestamp, topic, …
    Computed, ///< `expression` over the columns before it
};

struct TableColumn
{
    std::string name;
    LogicalType type;
    ColumnOrigin origin = ColumnOrigin::Physical;
    std::string metadataKey;
    ExpressionPtr expression; ///< column numbers are those of TableDefinition::columns
    SourceSpan span;
    bool isVirtual = false; ///< metadata that is read only
};

/// WATERMARK FOR column AS expression.
struct WatermarkDefinition
{
    std::size_t column = 0; ///< the time attribute, into TableDefinition::columns
    ExpressionPtr expression; ///< column numbers are those of TableDefinition::columns
};

/// A CREATE TABLE, bound. Immutable once bound.
struct TableDefinition
{
    std::string name;
    std::vector<TableColumn> columns;
    std::optional<WatermarkDefinition> watermark;
    std::map<std::string, std::string> options; ///< WITH, as written
    SourceSpan span; ///< of the whole statement
    /// 'name' of an option, or `fallback`.
    std::string option(const std::string& name, const std::string& fallback = {}) const;
    Schema schema() const;
};

using TablePtr = std::shared_ptr<const TableDefinition>;

} // namespace weir::sql
