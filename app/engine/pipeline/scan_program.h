// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_program.h"

namespace weir::query {

/// What a scan decodes, and the options of its table. Errors: a type or an option that cannot be read here.
Result<ScanProgram> makeScan(const sql::ScanNode& scan, const Schema& schema);

/// A duration as Flink's options write it: "2s", "500 ms", "1 min"; a bare number is milliseconds.
std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);

} // namespace weir::query
