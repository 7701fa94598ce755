// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/kafka_cluster.h"
#include "tests/support/kafka_server.h"

#include <memory>
#include <string>
#include <vector>

namespace weir::test {

/// One real broker of the version in WEIR_KAFKA_VERSION, shared by all test classes of a program.
struct RealKafka
{
    QString skip; ///< why there is none
    std::unique_ptr<KafkaServer> server;
    std::unique_ptr<KafkaFeeder> feeder;
    kafka::KafkaSettings settings;
    std::shared_ptr<Cluster> cluster;

    /// Called by every class before its tests; starts what is not running.
    bool start();

    /// Writes the samples [from, to) into a topic of one partition.
    bool fill(const std::string& topic, int from, int to) const;
    /// A source that reads the topic from its beginning on, for ever; null when it cannot be opened.
    std::unique_ptr<Source> follow(const std::string& topic) const;
};

constexpr EpochMs firstTime = 1'700'000'000'000;

/// Record i of a test, a pure function of i: nulls, empties, bytes, repeated headers, sizes from nothing to 3 MB.
class Sample
{
public:
    Sample(int i, int partitions);

    Record record;

private:
    std::string m_key;
    std::string m_value;
};

ReadRequest bounded(const std::string& topic, int instances);

/// Polls all sources in turn until they have ended; false after `timeoutMs`.
bool drain(std::vector<std::unique_ptr<Source>>& sources, std::vector<RecordBatchPtr>& batches, int timeoutMs);

/// Reads until `wanted` records came or time is over; `last` takes the offset of the last one.
std::size_t readUpTo(Source& source, std::size_t wanted, int timeoutMs, std::int64_t* last = nullptr);

bool hasProblem(const SourceState& state, ProblemKind kind);

/// Polls the source once, drops what came and tells whether the problem is there.
bool pollsWith(Source& source, ProblemKind kind);

/// The test classes of tst_real_kafka, in the order in which they run. Owned by the caller.
std::unique_ptr<QObject> makeRecordsTest(RealKafka& kafka);
std::unique_ptr<QObject> makeStatesTest(RealKafka& kafka);

} // namespace weir::test
