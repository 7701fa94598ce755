// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/sql/query_file.h"

#include <array>
#include <fstream>

namespace {

std::string trimmed(const std::string& text)
{
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// "=== verdict | words | name"
ExpectedQuery headOf(const std::string& line)
{
    std::array<std::string, 3> parts;
    std::size_t at = 4;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t end = i + 1 < parts.size() ? line.find('|', at) : std::string::npos;
        parts[i] = trimmed(line.substr(at, end == std::string::npos ? end : end - at));
        at = end == std::string::npos ? line.size() : end + 1;
    }
    return {parts[2], parts[0], parts[1], {}};
}

} // namespace

QueryFile queryFile()
{
    std::ifstream in(WEIR_SOURCE_DIR "/tests/data/sql/queries.txt");
    QueryFile file;
    std::string* text = nullptr;
    for (std::string line; std::getline(in, line);) {
        if (line == "=== tables") {
            text = &file.tables;
        } else if (line.starts_with("=== ")) {
            file.queries.push_back(headOf(line));
            text = &file.queries.back().sql;
        } else if (text) {
            *text += line + "\n";
        }
    }
    return file;
}

std::map<std::string, std::vector<std::string>> queryColumns()
{
    std::ifstream in(WEIR_SOURCE_DIR "/tests/data/sql/schemas.txt");
    std::map<std::string, std::vector<std::string>> columns;
    std::vector<std::string>* current = nullptr;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("=== "))
            current = &columns[line.substr(4)];
        else if (current && !line.empty())
            current->push_back(line);
    }
    return columns;
}

std::map<std::string, FlinkVerdict> flinkVerdicts()
{
    std::ifstream in(WEIR_SOURCE_DIR "/tests/data/sql/verdicts.tsv");
    std::map<std::string, FlinkVerdict> verdicts;
    for (std::string line; std::getline(in, line);) {
        const std::size_t first = line.find('\t');
        const std::size_t second = line.find('\t', first + 1);
        if (!line.starts_with('#') && second != std::string::npos)
            verdicts[line.substr(0, first)] = {line.substr(first + 1, second - first - 1), line.substr(second + 1)};
    }
    return verdicts;
}
