// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/group_aggregation.h"

#include "app/engine/window/row_order.h"

namespace weir::window {

namespace {

bool same(const std::vector<Column>& left, const std::vector<Column>& right)
{
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (!sameCells(left[i], 0, right[i], 0))
            return false;
    }
    return true;
}

} // namespace

GroupAggregation::GroupAggregation(const KeyColumns& keys, std::vector<CallColumns> calls)
    : KeyedOperator(keys.types, {keys.columns}), m_accumulators(std::move(calls))
{ }

void GroupAggregation::addRow(const RowVisit& visit, OutputRows& out)
{
    const auto show = [&](const std::vector<Column>& calls, RowKind kind) {
        out.append(keyCells(), visit.key);
        out.append(calls, 0, keyCells().size());
        out.endRow(kind);
    };
    std::optional<std::uint32_t>& slot = state(visit.key).slot;
    std::vector<Column> before;
    const bool known = slot.has_value();
    if (known)
        before = m_accumulators.finish({&*slot, 1});
    else
        slot = m_accumulators.take();
    m_accumulators.add(visit.row, *slot);
    const std::vector<Column> after = m_accumulators.finish({&*slot, 1});
    if (known && same(before, after))
        return;
    if (known)
        show(before, RowKind::UpdateBefore);
    show(after, known ? RowKind::UpdateAfter : RowKind::Insert);
}

} // namespace weir::window
