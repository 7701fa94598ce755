// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/kafka_settings.h"
#include "connectors/record/result.h"

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weir::kafka {

/// Owners of librdkafka's objects. Destroying a client can take seconds while a broker is away.
template <auto destroy>
struct Destroyer
{
    template <typename T>
    void operator()(T* object) const
    {
        destroy(object);
    }
};
using ClientPtr = std::unique_ptr<rd_kafka_t, Destroyer<rd_kafka_destroy>>;
using TopicPtr = std::unique_ptr<rd_kafka_topic_t, Destroyer<rd_kafka_topic_destroy>>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, Destroyer<rd_kafka_queue_destroy>>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_destroy>>;
using OptionsPtr = std::unique_ptr<rd_kafka_AdminOptions_t, Destroyer<rd_kafka_AdminOptions_destroy>>;
using PartitionListPtr =
    std::unique_ptr<rd_kafka_topic_partition_list_t, Destroyer<rd_kafka_topic_partition_list_destroy>>;
using MetadataPtr = std::unique_ptr<const struct rd_kafka_metadata, Destroyer<rd_kafka_metadata_destroy>>;

using Properties = std::vector<std::pair<std::string, std::string>>;

/// What a client tells outside of its calls. Called on the thread that polls the client; must outlive it.
class ClientEvents
{
public:
    virtual ~ClientEvents() = default;
    virtual void onError(rd_kafka_resp_err_t error, const char* reason) = 0;
    virtual void onThrottle(int throttleMs) = 0;
    /// A record that was handed over for writing did not arrive.
    virtual void onLost(rd_kafka_resp_err_t) { }
};

/// Makes a client. The properties that keep looking harmless stand on every client and win over the user's; `extra`
/// wins over both. `events` may be null. The client has no group.id and joins nothing.
Result<ClientPtr> makeClient(
    rd_kafka_type_t type, const KafkaSettings& settings, const Properties& extra, ClientEvents* events);

} // namespace weir::kafka
