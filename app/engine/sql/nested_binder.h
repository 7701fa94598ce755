// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/function_call.h"

namespace weir::sql {

/// Functions over ROW, ARRAY and MAP, by name, their constructors among them.
const std::map<std::string, Resolver>& nestedResolvers();

/// Functions over the text of JSON, by name.
const std::map<std::string, Resolver>& jsonResolvers();

/// value.name
ExpressionPtr fieldOf(const ExpressionPtr& row, const ast::Name& name);

/// value[index], value[key]
ExpressionPtr itemOf(const ast::Expression& written, const ExpressionPtr& value, ExpressionPtr index);

/// value IS JSON …, without NOT
ExpressionPtr isJsonTest(const ast::Expression& written, ExpressionPtr value);

} // namespace weir::sql
