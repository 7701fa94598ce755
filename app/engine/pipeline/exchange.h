// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/query_program.h"
#include "app/engine/pipeline/shard_threads.h"
#include "app/engine/pipeline/state_account.h"
#include "app/engine/window/operator.h"

namespace weir::query {

/// Rows for an operator, in arrival order.
struct ExchangeInput
{
    std::size_t port = 0;
    const window::StreamRows& rows;
    std::int64_t before = INT64_MIN; ///< the operator's watermark as it stands
    std::int64_t after = INT64_MIN; ///< and behind these rows
    std::uint64_t firstNumber = 0; ///< of all rows of the operator
};

/// The exchange by key hash: several operators of one kind, each with its share of the keys, that run side by side when
/// there is enough to do. Their rows come out in the order in which one operator would give them, so their number does
/// not show. Joins may give more rows for a few than memory holds: theirs are brought in order and go on while they
/// run. Operators without keys to share stand alone. One thread calls.
class Exchange
{
public:
    Exchange(const StageProgram& stage, ShardThreads& threads, const std::shared_ptr<MemoryBudget>& budget);

    void process(const ExchangeInput& in, window::OutputRows& out);

    std::vector<std::string> takeFailures();
    bool isFull() const; ///< the budget has no room for the state
    window::OperatorCounts counts() const;
    StateUse use() const; ///< names keys: for messages
    std::size_t groupCount() const;
    std::size_t memoryBytes() const;

private:
    struct Shard
    {
        explicit Shard(const std::shared_ptr<MemoryBudget>& budget) : account(budget) { }
        std::unique_ptr<window::Operator> op;
        StateAccount account;
        std::vector<std::uint32_t> places;
    };

    void spread(const ExchangeInput& in);
    void runShards(const ExchangeInput& in, window::OutputRows& out);

    const StageProgram& m_stage;
    ShardThreads& m_threads;
    ShardThreads m_ownThreads; ///< of operators that run while those behind them do
    std::vector<std::unique_ptr<Shard>> m_shards;
    std::vector<std::uint32_t> m_rows; ///< scratch, as are the next two
    std::vector<std::int64_t> m_watermarks;
    std::vector<std::uint64_t> m_hashes;
};

} // namespace weir::query
