// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/event/column.h"
#include "app/engine/window/operator.h"

namespace weir::window {

/// Bytes of one key, about.
std::size_t keyBytes(const std::vector<Column>& keys, std::size_t row);
/// One key for a message: its cells with commas, cut to a line's part. "" when there are no key columns.
std::string keyText(const std::vector<Column>& keys, std::size_t row);

/// Adds a use to the `count` largest ones, largest first; the same key only once. `text` is asked only when it counts.
void noteLargest(
    std::vector<KeyUse>& largest, std::size_t count, std::size_t bytes, const std::function<std::string()>& text);

/// The largest of all keys by state and key bytes together.
std::vector<KeyUse> largestOf(
    const std::vector<Column>& keys, std::size_t count, const std::function<std::size_t(std::size_t)>& stateBytes);

} // namespace weir::window
