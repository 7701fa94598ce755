// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

/// What real Flink answered to a query: one folder of tests/data/goldens/flink.
struct GoldenColumn
{
    std::string name;
    std::string type; ///< Flink's text, without its *ROWTIME* mark
};

struct GoldenCase
{
    std::string name;
    std::string script; ///< query.sql with ${dir} filled in
    std::vector<GoldenColumn> columns;
    std::vector<std::string> input; ///< lines in arrival order
    std::vector<std::string> expected; ///< rows as JSON objects
};

/// All cases by name; empty if the folder is missing.
std::vector<std::string> goldenNames();
GoldenCase goldenCase(const std::string& name);

/// A query that Flink refuses, or whose job fails on `input`.
struct RejectedQuery
{
    std::string name;
    std::string ddl; ///< may be empty
    std::string sql;
    std::string stage; ///< parse, plan, run
    std::string flinkError;
    std::vector<std::string> input;
};
std::vector<RejectedQuery> rejectedQueries();

/// The last query of a script in parts: what stands before SELECT, its items, and the rest from FROM on.
struct SplitQuery
{
    std::string before;
    std::vector<std::string> items;
    std::string from;
};
SplitQuery splitQuery(const std::string& script);

/// Rows as sorted, comparable texts with only the members `names`. Members whose type is FLOAT or DOUBLE are compared
/// as numbers ("1" equals "1.0"), everything else digit by digit.
std::vector<std::string> comparableRows(
    const std::vector<std::string>& jsonRows, const std::vector<GoldenColumn>& columns);
