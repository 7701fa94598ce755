// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/infer_fields.h"
#include "app/engine/search/key_placement.h"
#include "connectors/record/cluster.h"
#include "connectors/record/row_store.h"

#include <memory>
#include <string>
#include <vector>

namespace weir {

/// What a filter over a topic may name: the fields of its JSON values, as a sample of the newest ones tells them, and
/// `topic`, `partition`, `offset`, `timestamp`, `key` and `headers`; of equal names the field is meant, and the others
/// have an underscore in front too. Immutable.
class FilterTable
{
public:
    /// *Blocks* up to a few seconds: reads the sample.
    static Result<std::shared_ptr<const FilterTable>> sampled(
        Cluster& cluster, const std::string& topic, const Clock& clock);
    /// *Blocks* for a few seconds at most: of the newest of some rows, and a few of those before.
    /// `partitions` is how many the topic has; 0: not known, or there are several topics.
    static std::shared_ptr<const FilterTable> ofRows(const RowStore& rows, std::size_t partitions = 0);
    static constexpr std::size_t sampledRows = 300;
    /// Of these records; `partitions` is how many the topic has.
    static std::shared_ptr<const FilterTable> of(std::vector<RecordBatchPtr> sample, std::size_t partitions);

    const InferredFields& fields() const { return m_fields; }
    const std::string& ddl() const { return m_ddl; } ///< CREATE TABLE records …, one line
    std::size_t sampledRecords() const { return m_records; }
    const std::vector<RecordBatchPtr>& sample() const { return m_sample; }
    const search::KeyPlacement& keys() const { return m_keys; }
    std::size_t partitions() const { return m_partitions; }

private:
    FilterTable(std::vector<RecordBatchPtr> sample, std::size_t partitions);

    std::vector<RecordBatchPtr> m_sample;
    std::size_t m_partitions = 0;
    std::size_t m_records = 0;
    InferredFields m_fields;
    search::KeyPlacement m_keys;
    std::string m_ddl;
};

} // namespace weir
