// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/source_reader.h"

#include "app/engine/pipeline/reaper.h"

namespace weir::query {

namespace {

constexpr std::chrono::milliseconds pollTime(100);

} // namespace

SourceReader::SourceReader(std::unique_ptr<Source> source, SourcePlace place, ArrivalLog& log, SourceStates& states)
    : m_source(std::move(source)), m_place(place), m_log(log), m_states(states)
{ }

void SourceReader::announce()
{
    readState();
}

void SourceReader::run()
{
    std::optional<Error> failure;
    while (!m_log.stopped()) {
        Result<std::vector<RecordBatchPtr>> polled = m_source->poll(pollTime);
        if (!polled) {
            failure = polled.error();
            break;
        }
        for (RecordBatchPtr& batch : *polled) {
            if (!batch->empty())
                m_log.pushBatch(m_place.scan, std::move(batch));
        }
        polled->clear();
        if (readState())
            break;
    }
    m_log.sourceDone(m_place.scan, std::move(failure));
    Reaper::instance().take(std::shared_ptr<Source>(std::move(m_source)));
}

/// True when nothing more will come. Asked after a poll: what ended before it has been handed out.
bool SourceReader::readState()
{
    SourceState state = m_source->state();
    for (const PartitionPosition& position : state.partitions) {
        const TopicPartition partition{m_source->topic(), position.partition};
        m_log.addPartition(m_place.scan, partition);
        if (position.ended)
            m_log.pushEnded(m_place.scan, partition);
    }
    const bool ended = state.ended;
    m_states.set(m_place.index, std::move(state));
    return ended;
}

} // namespace weir::query
