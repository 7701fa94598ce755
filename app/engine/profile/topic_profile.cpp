// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/profile/topic_profile.h"

#include "app/engine/aggregate/key_hash.h"

#include <algorithm>

namespace weir::profile {

namespace {

constexpr std::int64_t hourMs = 3'600'000;
constexpr std::size_t mostHours = 24 * 366 * 4;
constexpr std::size_t longestKey = 200; ///< bytes of one that is kept by its text
constexpr std::uint64_t seed = 0x6b65'7973; // sketches of several threads are merged

std::vector<JsonField> jsonFields(const InferredFields& inferred)
{
    std::vector<JsonField> fields;
    for (const RowField& field : inferred.fields)
        fields.push_back({field.name, field.type});
    return fields;
}

} // namespace

void SizeProfile::add(const std::optional<std::string_view>& part)
{
    if (!part) {
        ++nulls;
        return;
    }
    ++present;
    empties += part->empty() ? 1 : 0;
    bytes += part->size();
    largest = std::max<std::uint64_t>(largest, part->size());
    quantiles.add(static_cast<double>(part->size()));
}

void SizeProfile::merge(const SizeProfile& other)
{
    nulls += other.nulls;
    empties += other.empties;
    bytes += other.bytes;
    present += other.present;
    largest = std::max(largest, other.largest);
    quantiles.merge(other.quantiles);
}

TopicProfile::TopicProfile(const InferredFields& fields)
{
    for (const RowField& field : fields.fields)
        m_fields.emplace_back(field.name, field.type);
    if (!m_fields.empty())
        m_decoder.emplace(jsonFields(fields), JsonOptions{fields.standard, true});
}

void TopicProfile::add(const RecordBatchPtr& batch)
{
    m_records += batch->size();
    m_partitions[batch->partition()] += batch->size();
    Column keys(types::string(), batch->size());
    std::vector<std::uint32_t> keyed;
    for (std::size_t row = 0; row < batch->size(); ++row) {
        const auto key = batch->key(row);
        m_keys.add(key);
        m_values.add(batch->value(row));
        m_withHeaders += batch->headerCount(row) > 0 ? 1 : 0;
        addTime(*batch, row);
        if (!key)
            continue;
        keys.values<std::string_view>()[row] = *key;
        keyed.push_back(static_cast<std::uint32_t>(row));
        m_topKeys.add(key->substr(0, longestKey));
    }
    const Column* const columns[] = {&keys};
    std::vector<std::uint64_t> hashes;
    aggregate::hashRows(columns, keyed, seed, hashes);
    for (const std::uint64_t hash : hashes)
        m_distinctKeys.add(hash);
    if (m_decoder)
        addFields(batch);
}

void TopicProfile::addTime(const RecordBatch& batch, std::size_t row)
{
    if (batch.timestampType(row) == TimestampType::NotAvailable) {
        ++m_withoutTime;
        return;
    }
    const EpochMs time = batch.timestamp(row);
    const auto [newest, isFirst] = m_newest.try_emplace(batch.partition(), time);
    m_regressions += time < newest->second ? 1 : 0;
    newest->second = time;
    const std::int64_t hour = time >= 0 ? time / hourMs : (time + 1) / hourMs - 1;
    ++m_hours[hour];
    if (m_hours.size() > mostHours)
        m_hours.erase(m_hours.begin());
}

void TopicProfile::addFields(const RecordBatchPtr& batch)
{
    const EventBatch events = m_decoder->decode(batch, 0);
    m_undecodable += events.errors.size();
    std::vector<std::uint32_t> rows;
    events.forEachSelected([&rows](std::uint32_t row) { rows.push_back(row); });
    for (std::size_t i = 0; i < m_fields.size(); ++i)
        m_fields[i].add(events.columns[i], rows);
}

void TopicProfile::merge(const TopicProfile& other)
{
    m_records += other.m_records;
    m_withHeaders += other.m_withHeaders;
    m_withoutTime += other.m_withoutTime;
    m_regressions += other.m_regressions;
    m_undecodable += other.m_undecodable;
    m_keys.merge(other.m_keys);
    m_values.merge(other.m_values);
    m_distinctKeys.merge(other.m_distinctKeys);
    m_topKeys.merge(other.m_topKeys);
    for (const auto& [partition, records] : other.m_partitions)
        m_partitions[partition] += records;
    for (const auto& [hour, records] : other.m_hours)
        m_hours[hour] += records;
    for (std::size_t i = 0; i < m_fields.size(); ++i)
        m_fields[i].merge(other.m_fields[i]);
}

double TopicProfile::skew() const
{
    std::uint64_t most = 0;
    for (const auto& [partition, records] : m_partitions)
        most = std::max(most, records);
    return m_records == 0
        ? 0
        : static_cast<double>(most) * static_cast<double>(m_partitions.size()) / static_cast<double>(m_records);
}

} // namespace weir::profile
