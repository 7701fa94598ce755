// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/window_aggregation.h"

namespace weir::window {

struct UpdatingGroup
{
    std::optional<std::uint32_t> slot;
    bool empty() const { return !slot; }
};

/// Aggregation without windows. The first row of a key gives its group (Insert); each row that changes the group gives
/// the former one (UpdateBefore) and the new one (UpdateAfter). Gives the keys, then the calls.
class GroupAggregation final : public KeyedOperator<UpdatingGroup>
{
public:
    GroupAggregation(const KeyColumns& keys, std::vector<CallColumns> calls);

protected:
    void beginBatch(std::size_t, const EventBatch& batch) override { m_accumulators.bind(batch.columns); }
    void addRow(const RowVisit& visit, OutputRows& out) override;
    void fire(std::span<const Timer>, OutputRows&) override { }
    void endBatch() override { m_accumulators.flush(); }
    std::size_t heldBytes() const override { return m_accumulators.memoryBytes(); }
    std::size_t bytesOf(const UpdatingGroup&) const override { return m_accumulators.slotBytes(); }

private:
    Accumulators m_accumulators;
};

} // namespace weir::window
