// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"

#include <cstdint>
#include <span>
#include <vector>

namespace weir::aggregate {

/// 64-bit hashes of the key of each row in `rows`, computed column by column; hashes[i] belongs to rows[i]. Equal keys
/// (NULL equals NULL, floats by their bits) have equal hashes within one process; the seed differs from run to run,
/// because keys come from strangers. No columns: all hashes are equal.
void hashRows(
    std::span<const Column* const> keys, std::span<const std::uint32_t> rows, std::vector<std::uint64_t>& hashes);

/// The same with a seed of the caller's: equal in every process, for sketches whose answer depends on the hash.
void hashRows(std::span<const Column* const> keys, std::span<const std::uint32_t> rows, std::uint64_t seed,
    std::vector<std::uint64_t>& hashes);

} // namespace weir::aggregate
