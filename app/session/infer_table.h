// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/infer_fields.h"
#include "app/engine/sql/table_definition.h"
#include "connectors/record/cluster.h"

#include <string>

namespace weir {

/// A table for a topic that has no DDL, and the text of it for the user to see and change.
struct InferredTable
{
    sql::TablePtr table;
    std::string ddl;
    std::size_t sampled = 0; ///< records looked at
};

/// The newest records of every partition, as far as they came in time.
struct NewestRecords
{
    std::vector<RecordBatchPtr> batches;
    std::size_t partitions = 0; ///< of the topic
};
/// *Blocks* up to a few seconds.
Result<NewestRecords> newestRecords(Cluster& cluster, const std::string& topic, const Clock& clock);

/// What the newest values of each partition say about the topic's fields, and how many were looked at.
struct SampledFields
{
    InferredFields inferred;
    std::size_t sampled = 0;
};
/// *Blocks* up to a few seconds. A topic without JSON objects has no fields, and that is no error.
Result<SampledFields> sampleFields(Cluster& cluster, const std::string& topic, const Clock& clock);

/// *Blocks* up to a few seconds: reads the newest values of each partition and derives columns, types and the time
/// attribute. A topic without a single JSON object is an error that says so.
Result<InferredTable> inferTable(
    Cluster& cluster, const std::string& topic, const std::string& bootstrapServers, const Clock& clock);

/// Whether a field has that name.
bool hasField(const Schema& fields, const std::string& name);

} // namespace weir
