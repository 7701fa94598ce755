// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <librdkafka/rdkafka.h>

#include <span>

namespace weir::kafka {

/// Exact sizes of what append() will copy.
BatchSize sizeOf(std::span<rd_kafka_message_t* const> messages);

/// Copies one message: key, value, headers; null stays null and empty stays empty.
void append(RecordBatchBuilder& builder, const rd_kafka_message_t& message);

} // namespace weir::kafka
