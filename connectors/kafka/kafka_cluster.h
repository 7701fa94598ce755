// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/kafka_settings.h"
#include "connectors/record/cluster.h"

namespace weir::kafka {

/// Opens a cluster for looking. Makes the client, asks nothing yet: an address that nobody answers is no error here but
/// a Connection::Down later. Errors: settings that librdkafka or Weir refuses.
Result<std::shared_ptr<Cluster>> openCluster(const KafkaSettings& settings);

} // namespace weir::kafka
