// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/table_definition.h"

#include <algorithm>

namespace weir::sql {

std::string TableDefinition::option(const std::string& wanted, const std::string& fallback) const
{
    const auto found = options.find(wanted);
    return found == options.end() ? fallback : found->second;
}

std::vector<std::string> TableDefinition::listOption(const std::string& name) const
{
    const std::string text = option(name);
    std::vector<std::string> parts;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(';', start), text.size());
        if (end > start)
            parts.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return parts;
}

std::string TableDefinition::jsonPrefix() const
{
    return option("value.format").empty() ? "json." : "value.json.";
}

Schema TableDefinition::schema() const
{
    Schema fields;
    for (const TableColumn& column : columns)
        fields.push_back({column.name, column.type});
    return fields;
}

bool TableDefinition::isReadFromKey(std::size_t column) const
{
    return key && !key->inValue && std::find(key->columns.begin(), key->columns.end(), column) != key->columns.end();
}

std::vector<std::size_t> TableDefinition::writtenColumns() const
{
    std::vector<std::size_t> written;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const bool metadata = columns[i].origin == ColumnOrigin::Metadata && !columns[i].isVirtual;
        if (columns[i].origin == ColumnOrigin::Physical || metadata)
            written.push_back(i);
    }
    return written;
}

} // namespace weir::sql
