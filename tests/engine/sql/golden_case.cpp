// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/sql/golden_case.h"

#include "app/engine/sql/token.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

using Json = nlohmann::json;

const std::filesystem::path& goldenFolder()
{
    static const std::filesystem::path folder = WEIR_SOURCE_DIR "/tests/data/goldens/flink";
    return folder;
}

std::string textOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> linesOf(const std::filesystem::path& path)
{
    std::istringstream stream(textOf(path));
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

void replaceAll(std::string& text, const std::string& what, const std::string& with)
{
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

bool isApproximate(const std::string& type)
{
    return type.starts_with("DOUBLE") || type.starts_with("FLOAT");
}

} // namespace

std::vector<std::string> goldenNames()
{
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(goldenFolder(), error)) {
        if (entry.is_directory())
            names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

GoldenCase goldenCase(const std::string& name)
{
    const std::filesystem::path folder = goldenFolder() / name;
    GoldenCase golden;
    golden.name = name;
    golden.script = textOf(folder / "query.sql");
    replaceAll(golden.script, "${dir}", folder.string());
    const Json schema = Json::parse(textOf(folder / "schema.json"));
    for (const Json& column : schema.at("columns")) {
        std::string type = column.at("type");
        replaceAll(type, " *ROWTIME*", "");
        golden.columns.push_back({column.at("name"), type});
    }
    golden.input = linesOf(folder / "input.jsonl");
    golden.expected = linesOf(folder / "expected.jsonl");
    return golden;
}

std::vector<RejectedQuery> rejectedQueries()
{
    std::vector<RejectedQuery> queries;
    for (const std::string& line : linesOf(goldenFolder() / "rejected.jsonl")) {
        const Json json = Json::parse(line);
        RejectedQuery query{
            json.at("name"), json.value("ddl", ""), json.at("sql"), json.at("stage"), json.at("flink_error"), {}};
        for (const Json& row : json.value("input", Json::array()))
            query.input.push_back(row.dump());
        queries.push_back(std::move(query));
    }
    return queries;
}

SplitQuery splitQuery(const std::string& script)
{
    SplitQuery split;
    std::size_t itemBegin = std::string::npos;
    int depth = 0;
    std::string_view before; // IS DISTINCT FROM is no end of the items
    for (const weir::sql::Token& token : weir::sql::tokenize(script)) {
        const std::size_t at = token.span.offset;
        if (token.text == "(")
            ++depth;
        else if (token.text == ")")
            --depth;
        const bool from = token.text == "FROM" && before != "DISTINCT";
        before = token.text;
        if (depth != 0)
            continue;
        if (token.text == "SELECT") {
            split.before = script.substr(0, at);
            itemBegin = at + token.text.size();
        } else if (itemBegin != std::string::npos && (token.text == "," || from)) {
            split.items.push_back(script.substr(itemBegin, at - itemBegin));
            itemBegin = at + 1;
            if (from) {
                split.from = script.substr(at);
                break;
            }
        }
    }
    return split;
}

std::vector<std::string> comparableRows(
    const std::vector<std::string>& jsonRows, const std::vector<GoldenColumn>& columns)
{
    std::vector<std::string> rows;
    for (const std::string& row : jsonRows) {
        const Json json = Json::parse(row);
        Json kept = Json::object();
        for (const GoldenColumn& column : columns) {
            Json value = json.value(column.name, Json("(no such member)"));
            if (isApproximate(column.type) && value.is_number())
                value = value.get<double>() + 0.0;
            kept[column.name] = value;
        }
        rows.push_back(kept.dump());
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}
