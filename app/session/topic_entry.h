// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/manifest.h"
#include "connectors/record/source.h"

namespace weir {

/// A topic as it goes into a manifest: with the partitions that the sources read.
capture::TopicEntry topicEntryOf(const std::string& topic, const std::vector<std::unique_ptr<Source>>& sources);

} // namespace weir
