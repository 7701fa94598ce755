// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/scan_stage.h"

namespace weir::query {

ScanStage::ScanStage(const ScanProgram& program) : m_program(program), m_decoder(program.decoded, program.format) { }

EventBatch ScanStage::run(const RecordBatchPtr& batch, std::uint64_t sequence, RowEvaluator& evaluator)
{
    EventBatch events = m_decoder.decode(batch, sequence);
    if (m_program.computed.empty()) // then the decoded columns are the scan's, in its order
        return events;
    std::vector<Column> columns(m_program.scanSchema.size());
    for (std::size_t i = 0; i < m_program.decodedPlaces.size(); ++i)
        columns[m_program.decodedPlaces[i]] = std::move(events.columns[i]);
    events.columns = std::move(columns);
    events.schema = m_program.scanSchema;
    for (const ComputedColumn& computed : m_program.computed)
        events.columns[computed.place] = evaluator.evaluate(*computed.expression, events);
    return events;
}

} // namespace weir::query
