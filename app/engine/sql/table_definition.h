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

/// 'key.format' and what goes with it: which columns are the record's key.
struct KeyColumns
{
    std::vector<std::size_t> columns; ///< into TableDefinition::columns, as 'key.fields' has them
    std::size_t prefix = 0; ///< letters of their names that are 'key.fields-prefix'
    bool inValue = true; ///< 'value.fields-include' = 'ALL': the value has them too, and reading takes those
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
    std::optional<KeyColumns> key;
    std::map<std::string, std::string> options; ///< WITH, as written
    SourceSpan span; ///< of the whole statement
    /// 'name' of an option, or `fallback`.
    std::string option(const std::string& name, const std::string& fallback = {}) const;
    /// The parts of an option that is written as 'a;b', without empty ones.
    std::vector<std::string> listOption(const std::string& name) const;
    /// How the options of the value's format begin: "json." where 'format' names it, else "value.json.".
    std::string jsonPrefix() const;
    Schema schema() const;
    /// Those that INSERT INTO fills, in order: physical ones and metadata that is not virtual.
    std::vector<std::size_t> writtenColumns() const;
    /// Whether column `column` is read from the key and not from the value.
    bool isReadFromKey(std::size_t column) const;
};

using TablePtr = std::shared_ptr<const TableDefinition>;

} // namespace weir::sql
