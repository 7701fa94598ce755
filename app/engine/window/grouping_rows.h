// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/window/operator.h"

namespace weir::window {

/// GROUPING SETS: each row once per set, with NULL in the keys that the set leaves out, and GROUPING_ID behind its
/// columns: one bit per key, the first key's the highest, set where the key is left out. Keeps nothing.
class GroupingRows final : public Operator
{
public:
    /// `sets` names keys by their place in `keys`.
    GroupingRows(const std::vector<std::size_t>& keys, const std::vector<std::vector<std::size_t>>& sets);

    void process(std::size_t port, const InputRows& in, OutputRows& out) override;
    std::size_t memoryBytes() const override { return sizeof(*this); }
    std::size_t groupCount() const override { return 0; }
    std::vector<KeyUse> largestKeys(std::size_t) const override { return {}; }

private:
    struct Set
    {
        std::vector<std::size_t> absent; ///< columns
        std::int64_t number = 0;
    };

    std::vector<Set> m_sets;
};

} // namespace weir::window
