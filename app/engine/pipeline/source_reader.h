// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/arrival_log.h"
#include "app/engine/pipeline/query_sequencer.h"

namespace weir::query {

/// Which source of a query it is.
struct SourcePlace
{
    std::size_t scan = 0; ///< whose table it reads
    std::size_t index = 0; ///< among all sources
};

/// Reads one source into the log. announce() first, then run() on a thread of its own.
class SourceReader
{
public:
    SourceReader(std::unique_ptr<Source> source, SourcePlace place, ArrivalLog& log, SourceStates& states);

    /// Tells the log the partitions that are known now, and which of them are empty, before anything is read.
    void announce();
    /// Until the source ends, fails or the log is stopped. Leaves the source to the reaper.
    void run();

private:
    bool readState();

    std::unique_ptr<Source> m_source;
    SourcePlace m_place;
    ArrivalLog& m_log;
    SourceStates& m_states;
};

} // namespace weir::query
