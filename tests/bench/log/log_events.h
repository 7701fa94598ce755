// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/manifest.h"
#include "connectors/record/record_batch.h"

#include <chrono>
#include <vector>

namespace weir::bench {

using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t batchRecords = 2000;

double secondsSince(Time begin);
double median(std::vector<double> values);

/// Busy time of all cores and of this process, in ticks.
struct CpuTimes
{
    double busy = 0;
    double own = 0;

    static CpuTimes now();
};

/// How much of the machine others used meanwhile, in percent of a core.
class ForeignShare
{
public:
    double percent() const;

private:
    Time m_begin = std::chrono::steady_clock::now();
    CpuTimes m_before = CpuTimes::now();
};

/// Order events of 200 bytes, as different as such are, in `count` batches of one partition of the topic "events".
std::vector<RecordBatchPtr> makeBatches(std::size_t count, std::size_t records = batchRecords);

/// The manifest of a capture of them.
capture::Manifest aboutEvents();

} // namespace weir::bench
