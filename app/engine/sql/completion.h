// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/table_definition.h"

#include <string>
#include <string_view>
#include <vector>

namespace weir::sql {

enum class CompletionKind : std::uint8_t { Column, Table, Function, Keyword };

struct CompletionItem
{
    std::string text; ///< as it is to be written, back-quoted where needed
    CompletionKind kind = CompletionKind::Keyword;
    std::string detail; ///< type of a column, table or view
};

/// What can be written at byte `offset` of a script, right or half typed: columns of the tables and views that the
/// statement there names (of all tables, if it names none), then tables, views and queries of WITH, functions,
/// keywords. Each text once.
std::vector<CompletionItem> completionsAt(
    std::string_view script, std::size_t offset, const std::vector<TablePtr>& known = {});

} // namespace weir::sql
