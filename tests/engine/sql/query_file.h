// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

/// A block of tests/data/sql/queries.txt; the file says what the verdicts mean.
struct ExpectedQuery
{
    std::string name;
    std::string verdict; ///< green, amber, red, error, refused
    std::string words; ///< that the message, or the badge's reason, must hold
    std::string sql;
};

struct QueryFile
{
    std::string tables; ///< DDL in front of every query
    std::vector<ExpectedQuery> queries;
};

/// Empty if the file is missing.
QueryFile queryFile();

/// tests/data/sql/verdicts.tsv: what real Flinks said to EXPLAIN of a query, by its name.
struct FlinkVerdict
{
    std::string flink1; ///< 1.20: "accepted", or "refused: " and why
    std::string flink2; ///< 2.1
};
std::map<std::string, FlinkVerdict> flinkVerdicts();

/// tests/data/sql/schemas.txt: by name of a query, "name type" of each column.
std::map<std::string, std::vector<std::string>> queryColumns();
