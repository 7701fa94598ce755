// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/ast_query.h"

namespace weir::sql::ast {

struct ColumnDefinition
{
    Name name;
    LogicalType type;
    bool metadata = false;
    bool isVirtual = false; ///< METADATA … VIRTUAL
    std::string metadataKey; ///< METADATA FROM 'key'
    ExpressionPtr computed; ///< name AS expression
};

struct WatermarkClause
{
    Name column;
    ExpressionPtr expression;
};

struct CreateTable
{
    Name name;
    bool ifNotExists = false;
    std::vector<ColumnDefinition> columns;
    std::vector<WatermarkClause> watermarks;
    std::vector<Name> primaryKey;
    std::vector<std::pair<Name, std::string>> options;
    SourceSpan span;
};

struct CreateView
{
    Name name;
    bool ifNotExists = false;
    std::vector<Name> columns;
    std::shared_ptr<Query> query;
};

/// DROP TABLE or DROP VIEW.
struct Drop
{
    Name name;
    bool view = false;
    bool ifExists = false;
};

struct Insert
{
    Name table;
    std::vector<Name> columns; ///< none: all of the table's, in order
    std::shared_ptr<Query> query;
};

struct SetOption
{
    std::string key;
    std::string value;
    SourceSpan span;
};

/// RESET 'key', or of everything where the key is empty.
struct ResetOption
{
    std::string key;
};

using Statement = std::variant<CreateTable, CreateView, Drop, std::shared_ptr<Query>, Insert, SetOption, ResetOption>;

} // namespace weir::sql::ast
