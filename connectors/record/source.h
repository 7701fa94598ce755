// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/read_group.h"
#include "connectors/record/record_batch.h"
#include "connectors/record/result.h"

#include <chrono>
#include <variant>
#include <vector>

namespace weir {

/// Where reading starts in every partition.
struct FromBeginning
{
    bool operator==(const FromBeginning&) const = default;
};
struct FromEnd
{
    bool operator==(const FromEnd&) const = default;
};
struct FromLast ///< the newest `count` records of each partition, as far as offsets tell
{
    std::int64_t count = 0;
    bool operator==(const FromLast&) const = default;
};
struct FromOffset
{
    std::int64_t offset = 0;
    bool operator==(const FromOffset&) const = default;
};
struct FromTime ///< the first record with a timestamp at or after `time`
{
    EpochMs time = 0;
    bool operator==(const FromTime&) const = default;
};
struct FromOffsets ///< explicit, per partition; partitions not named start at their beginning
{
    std::vector<std::pair<PartitionId, std::int64_t>> offsets;
    bool operator==(const FromOffsets&) const = default;
};
using StartPosition = std::variant<FromBeginning, FromEnd, FromLast, FromOffset, FromTime, FromOffsets>;

/// Where reading stops in every partition. UntilEnd is the end as it was when the source was opened.
struct Unbounded
{
    bool operator==(const Unbounded&) const = default;
};
struct UntilEnd
{
    bool operator==(const UntilEnd&) const = default;
};
struct UntilOffset ///< exclusive
{
    std::int64_t offset = 0;
    bool operator==(const UntilOffset&) const = default;
};
struct UntilTime ///< before the first record with a timestamp at or after `time`
{
    EpochMs time = 0;
    bool operator==(const UntilTime&) const = default;
};
struct UntilOffsets ///< exclusive, per partition; partitions not named are not read
{
    std::vector<std::pair<PartitionId, std::int64_t>> offsets;
    bool operator==(const UntilOffsets&) const = default;
};
struct UntilCount ///< the first `count` records of each partition, as far as offsets tell; not beyond the end as it is
{
    std::int64_t count = 0;
    bool operator==(const UntilCount&) const = default;
};
using StopPosition = std::variant<Unbounded, UntilEnd, UntilOffset, UntilTime, UntilOffsets, UntilCount>;

enum class IsolationLevel : std::uint8_t { ReadUncommitted, ReadCommitted };

/// What to read. One request gives one or more Sources over disjoint partitions.
struct ReadRequest
{
    std::string topic;
    std::vector<PartitionId> partitions; ///< empty: all
    StartPosition start = FromEnd{};
    StopPosition stop = Unbounded{};
    IsolationLevel isolation = IsolationLevel::ReadUncommitted;
    int instances = 0; ///< client instances to spread the partitions over; 0: as many as pay off
    /// Sources of one group hand out in one order of arrival, where that was written down. Null: each by itself.
    std::shared_ptr<ReadGroup> group;
};

/// States that librdkafka is silent about and users need words for.
enum class ProblemKind : std::uint8_t {
    BrokerUnreachable,
    NotAuthorized,
    TopicMissing, ///< never existed
    TopicDeleted, ///< existed when the source was opened
    TopicRecreated, ///< another topic under the same name: watermarks or first record went back
    OffsetOutOfRange,
    Throttled,
    Other,
};

/// A problem as a clear state; it goes by itself when the cause is gone.
struct Problem
{
    ProblemKind kind = ProblemKind::Other;
    std::string text; ///< what, where, what to do
    std::optional<PartitionId> partition; ///< nullopt: the whole source
    EpochMs since = 0;
    bool operator==(const Problem&) const = default;
};

enum class Connection : std::uint8_t { Connecting, Up, Down };

struct PartitionPosition
{
    PartitionId partition;
    std::int64_t start = 0; ///< first offset asked for
    std::int64_t next = 0; ///< offset after the last one handed out or skipped
    std::int64_t low = -1; ///< newest known low watermark, -1 unknown
    std::int64_t high = -1; ///< newest known high watermark, -1 unknown
    bool atEnd = false; ///< an end-of-partition event stands at `next`
    bool ended = false; ///< the requested stop is reached: nothing more will come
    bool operator==(const PartitionPosition&) const = default;
};

struct SourceState
{
    Connection connection = Connection::Connecting;
    std::chrono::milliseconds throttle{0}; ///< newest throttle time that a broker imposed, 0 none
    std::vector<Problem> problems; ///< worst first
    std::vector<PartitionPosition> partitions;
    bool ended = false; ///< every partition has ended: poll() will give nothing more
};

/// One consumer instance over its own set of partitions. poll() and the destructor belong to one thread (the destructor
/// may take seconds: leave it to a reaper); state() may be called from any thread.
class Source
{
public:
    virtual ~Source() = default;

    /// Waits up to `timeout` for records. An empty list is no error and no end: ask state(). An Error means that this
    /// source cannot go on; passing troubles are in state().problems instead.
    virtual Result<std::vector<RecordBatchPtr>> poll(std::chrono::milliseconds timeout) = 0;
    virtual SourceState state() const = 0;
    virtual const std::string& topic() const = 0;
};

} // namespace weir
