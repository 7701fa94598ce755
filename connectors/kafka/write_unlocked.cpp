// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/write_unlocked.h"

#include "connectors/kafka/client.h"

namespace weir::kafka {

Result<WriteUnlocked> unlockWriting(const KafkaSettings& settings, const std::string& clusterId)
{
    auto client = makeClient(RD_KAFKA_CONSUMER, settings, {}, nullptr);
    if (!client)
        return client.error();
    char* id = rd_kafka_clusterid(client->get(), static_cast<int>(settings.requestTimeout.count()));
    if (!id)
        return Error{ErrorKind::Unreachable, "the cluster does not tell its id, so writing stays locked.",
            settings.bootstrapServers};
    const std::string live = id;
    rd_kafka_mem_free(client->get(), id);
    if (live != clusterId)
        return Error{ErrorKind::Locked,
            "writing stays locked: this cluster's id is " + live + ", not " + clusterId + ".",
            settings.bootstrapServers};
    return WriteUnlocked(live);
}

} // namespace weir::kafka
