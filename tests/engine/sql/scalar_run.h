// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/event_batch.h"
#include "app/engine/sql/plan.h"

#include <optional>
#include <string>
#include <vector>

/// What a query without a window gives for JSON lines: decoded, filtered and projected right here, without threads.
struct ScalarRun
{
    std::vector<std::string> rows; ///< as JSON
    std::optional<std::string> failure; ///< at which Flink's job would fail, decoding included
};

ScalarRun runScalar(const weir::sql::QueryPlan& plan, const std::vector<std::string>& lines);

/// All physical columns of a table, decoded from JSON lines by its own options.
weir::EventBatch decodeAll(const weir::sql::TableDefinition& table, const std::vector<std::string>& lines);

/// Values of a record batch, one line each; "" is a tombstone.
weir::RecordBatchPtr recordsOf(const std::vector<std::string>& lines);
