// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_program.h"

namespace weir::query {

/// What a scan decodes, and the options of its table. Errors: a type or an option that cannot be read here.
Result<ScanProgram> makeScan(const sql::ScanNode& scan, const Schema& schema);

} // namespace weir::query
