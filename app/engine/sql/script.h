// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/plan.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::sql {

/// CREATE VIEW: its name and the columns of its query.
struct ViewColumns
{
    std::string name;
    Schema columns;
};

/// A script, parsed and bound: what it defines, what it asks, what is wrong with it.
struct Script
{
    std::vector<TablePtr> tables; ///< in the order of their CREATE TABLE; tables known from outside are not repeated
    std::vector<ViewColumns> views; ///< in the order of their CREATE VIEW
    std::vector<QueryPlan> queries; ///< SELECT and INSERT INTO, in order; only those that bound without an error
    std::map<std::string, std::string> settings; ///< SET 'key' = 'value'
    std::vector<Diagnostic> diagnostics; ///< by position
    bool ok() const;
};

/// Parses and binds a whole script. Never fails: errors are diagnostics, and what is right around them is still bound.
/// `known` are tables that exist without DDL in the script (inferred from a topic); a CREATE TABLE of the same name
/// wins. Depth of nesting and length of the text are limited, with a diagnostic.
Script compileScript(std::string_view text, const std::vector<TablePtr>& known = {});

/// A field seen in a sample of values, for writing the DDL of a topic that has none.
struct InferredField
{
    std::string name;
    LogicalType type;
};

/// The CREATE TABLE text for a topic without DDL: 'json.ignore-parse-errors' = 'true', a watermark of five seconds on
/// `timeField` (a timestamp field or, if empty, the record's timestamp as metadata column).
std::string createTableText(const std::string& topic, const std::vector<InferredField>& fields,
    const std::string& timeField, const std::map<std::string, std::string>& connectorOptions);

/// `name` as SQL writes it: bare where that is allowed, back-quoted otherwise.
std::string quoteIdentifier(std::string_view name);

/// All reserved words and functions, for completion.
const std::vector<std::string_view>& keywords();
const std::vector<std::string_view>& functionNames();

} // namespace weir::sql
