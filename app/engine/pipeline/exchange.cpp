// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/exchange.h"

#include "app/engine/aggregate/key_hash.h"
#include "app/engine/pipeline/row_channel.h"

#include <algorithm>
#include <deque>

namespace weir::query {

namespace {

/// Fewer rows are done sooner than threads are woken.
constexpr std::size_t leastRowsForThreads = 256;
constexpr std::size_t keysNamed = 3;
constexpr std::size_t bytesAhead = 16 << 20; ///< of each operator that runs while its rows are read

} // namespace

Exchange::Exchange(const StageProgram& stage, ShardThreads& threads, const std::shared_ptr<MemoryBudget>& budget)
    : m_stage(stage), m_threads(threads), m_ownThreads(threads.count())
{
    const bool shares = !stage.exchangeKeys.empty() && !stage.exchangeKeys.front().empty();
    for (std::size_t i = 0; i < (shares ? threads.count() : 1); ++i) {
        m_shards.push_back(std::make_unique<Shard>(budget));
        Shard& shard = *m_shards.back();
        shard.op = stage.make();
        shard.op->setBooking([&account = shard.account](std::size_t bytes) { return account.hold(bytes); });
    }
}

void Exchange::process(const ExchangeInput& in, window::OutputRows& out)
{
    m_rows.clear();
    m_watermarks.clear();
    in.rows.batch.forEachSelected([&](std::uint32_t row) {
        m_rows.push_back(row);
        m_watermarks.push_back(in.rows.watermarks[row]);
    });
    spread(in);
    if (m_shards.size() > 1)
        return runShards(in, out);
    Shard& only = *m_shards.front();
    only.op->process(
        in.port, {in.rows.batch, m_rows, m_watermarks, only.places, in.before, in.after, in.firstNumber}, out);
}

void Exchange::runShards(const ExchangeInput& in, window::OutputRows& out)
{
    std::deque<RowChannel> channels;
    for (std::size_t i = 0; i < m_shards.size(); ++i)
        channels.emplace_back(m_stage.multiplies ? bytesAhead : RowChannel::unlimited);
    const auto run = [&](std::size_t i) {
        Shard& shard = *m_shards[i];
        window::OutputRows part(m_stage.given,
            [&channel = channels[i]](window::OrderedRows rows) { return channel.push(std::move(rows)); });
        shard.op->process(
            in.port, {in.rows.batch, m_rows, m_watermarks, shard.places, in.before, in.after, in.firstNumber}, part);
        part.flush();
        channels[i].finish();
    };
    const auto merge = [&] {
        window::mergeRows(out, channels.size(), [&channels](std::size_t i) { return channels[i].pop(); });
        for (RowChannel& channel : channels)
            channel.close();
    };
    if (m_stage.multiplies)
        return m_ownThreads.runBeside(run, merge);
    if (m_rows.size() >= leastRowsForThreads) {
        m_threads.run(run);
    } else {
        for (std::size_t i = 0; i < m_shards.size(); ++i)
            run(i);
    }
    merge();
}

void Exchange::spread(const ExchangeInput& in)
{
    for (const auto& shard : m_shards)
        shard->places.clear();
    if (m_shards.size() > 1 && !m_rows.empty()) {
        std::vector<const Column*> keys;
        for (const std::size_t key : m_stage.exchangeKeys[in.port])
            keys.push_back(&in.rows.batch.columns[key]);
        aggregate::hashRows(keys, m_rows, m_hashes);
    }
    for (std::uint32_t place = 0; place < m_rows.size(); ++place) {
        // Not the bits that dictionaries find their slots by: those would all be alike within a share.
        const std::size_t shard = m_shards.size() == 1 ? 0 : (m_hashes[place] >> 24) % m_shards.size();
        m_shards[shard]->places.push_back(place);
    }
}

std::vector<std::string> Exchange::takeFailures()
{
    std::vector<std::string> all;
    for (const auto& shard : m_shards) {
        for (std::string& failure : shard->op->takeFailures())
            all.push_back(std::move(failure));
    }
    return all;
}

bool Exchange::isFull() const
{
    return std::any_of(m_shards.begin(), m_shards.end(), [](const auto& shard) { return shard->op->isFull(); });
}

window::OperatorCounts Exchange::counts() const
{
    window::OperatorCounts all;
    for (const auto& shard : m_shards) {
        all.lateDropped += shard->op->counts().lateDropped;
        all.fired += shard->op->counts().fired;
    }
    return all;
}

StateUse Exchange::use() const
{
    StateUse use;
    use.owner = "its " + m_stage.name;
    use.groups = groupCount();
    for (const auto& shard : m_shards) {
        use.bytes += shard->op->memoryBytes();
        for (window::KeyUse& key : shard->op->largestKeys(keysNamed))
            use.largest.push_back(std::move(key));
    }
    std::stable_sort(use.largest.begin(), use.largest.end(),
        [](const window::KeyUse& left, const window::KeyUse& right) { return left.bytes > right.bytes; });
    if (use.largest.size() > keysNamed)
        use.largest.resize(keysNamed);
    return use;
}

std::size_t Exchange::groupCount() const
{
    std::size_t groups = 0;
    for (const auto& shard : m_shards)
        groups += shard->op->groupCount();
    return groups;
}

std::size_t Exchange::memoryBytes() const
{
    std::size_t bytes = 0;
    for (const auto& shard : m_shards)
        bytes += shard->op->memoryBytes();
    return bytes;
}

} // namespace weir::query
