// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/arrival_log.h"
#include "app/engine/pipeline/query_sequencer.h"

namespace weir::query {

/// Reads one source into the log. announce() first, then run() on a thread of its own.
class SourceReader
{
public:
    SourceReader(std::unique_ptr<Source> source, std::size_t index, ArrivalLog& log, SourceStates& states);

    /// Tells the log the partitions that are known now, and which of them are empty, before anything is read.
    void announce();
    /// Until the source ends, fails or the log is stopped. Leaves the source to the reaper.
    void run();

private:
    bool readState();

    std::unique_ptr<Source> m_source;
    std::size_t m_index;
    ArrivalLog& m_log;
    SourceStates& m_states;
};

} // namespace weir::query
