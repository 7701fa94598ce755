// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/row_evaluator.h"

namespace weir::query {

/// Records to the columns of a plan's scan: decodes fields and metadata, then evaluates computed columns. One thread.
class ScanStage
{
public:
    explicit ScanStage(const ScanProgram& program);

    /// Rows that could not be decoded stand in the result's `errors`.
    EventBatch run(const RecordBatchPtr& batch, std::uint64_t sequence, RowEvaluator& evaluator);

private:
    const ScanProgram& m_program;
    TableDecoder m_decoder;
};

} // namespace weir::query
