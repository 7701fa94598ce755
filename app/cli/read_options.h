// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/command_line.h"
#include "connectors/record/source.h"

#include <string>
#include <vector>

namespace weir::cli {

/// Which records of a topic a verb reads: what the user typed. The verb gives the defaults.
struct ReadOptions
{
    std::string from = "beginning";
    std::string until = "end";
    std::vector<int> partitions;
    bool committed = false;
};

/// --from, --until, --partition and --committed.
void addReadOptions(VerbOptions& verb, ReadOptions& options);

/// Error: a place that cannot be understood.
Result<ReadRequest> requestOf(const ReadOptions& options, const std::string& topic);
/// The same of several topics.
Result<std::vector<ReadRequest>> requestsOf(const ReadOptions& options, const std::vector<std::string>& topics);

/// "orders", or "3 topics".
std::string topicsText(const std::vector<std::string>& topics);

} // namespace weir::cli
