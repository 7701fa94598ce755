// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/search/record_filter.h"

namespace weir {

/// Whether a value looks like JSON and is none.
bool isBrokenJson(std::string_view value);

/// Chooses what a view shows as a problem: records whose value cannot be decoded, and missing ranges.
search::RecordFilterFactoryPtr problemRows();

} // namespace weir
