// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/bind_context.h"

namespace weir::sql {

/// TUMBLE, HOP, CUMULATE or SESSION over `input`: its columns and window_start, window_end, window_time. Throws
/// StatementError.
Relation bindWindow(const ast::WindowFunction& function, const Relation& input, BindContext& context);

} // namespace weir::sql
