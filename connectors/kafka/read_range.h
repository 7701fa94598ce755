// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/client.h"
#include "connectors/record/cluster.h"

#include <limits>

namespace weir::kafka {

/// One partition of a read request in absolute offsets: librdkafka needs half a second for "beginning" and "end", and
/// nothing for numbers.
struct ReadRange
{
    PartitionId partition;
    std::int64_t start = 0;
    std::int64_t stop = std::numeric_limits<std::int64_t>::max(); ///< exclusive; max: never
    bool untilNow = false; ///< the stop is not behind the end as it was when the range was made
    Watermarks watermarks; ///< as they were when the range was made
    std::int64_t retained = 0; ///< offsets [asked, start) that retention already removed; 0 none
    /// Where the cluster cannot look up times: records outside are skipped while reading.
    EpochMs notBefore = std::numeric_limits<EpochMs>::min();
    EpochMs before = std::numeric_limits<EpochMs>::max();
};

/// The clients that questions go through. The one that lists all topics is asked for nothing else, as tried with
/// librdkafka 2.8: its metadata cache mixes up a topic that is made anew (its issue 4964; see makeClient).
struct Askers
{
    rd_kafka_t* listing = nullptr; ///< for all topics
    rd_kafka_t* asking = nullptr; ///< for all else
};

/// Asks what it takes (metadata, watermarks, offsets for times). Errors: no such topic or partition, not readable, a
/// start beyond the end.
Result<std::vector<ReadRange>> resolveRanges(
    const Askers& clients, const KafkaSettings& settings, const ReadRequest& request);

} // namespace weir::kafka
