// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstdint>
#include <vector>

namespace weir::test {

/// A batch as Kafka's DumpLogSegments prints it.
struct DumpedBatch
{
    std::int64_t baseOffset = 0;
    std::int64_t lastOffset = 0;
    int count = 0;
    bool control = false;
    bool transactional = false;
    int leaderEpoch = -1;
    std::int64_t producerId = -1;
    std::vector<std::int64_t> offsets; ///< of its records, when they were asked for
    bool operator==(const DumpedBatch&) const = default;
};

std::vector<DumpedBatch> dumpedBatches(const QByteArray& text);

/// The line in which the tool says that something is wrong; empty when it says nothing of the kind. Its exit code is no
/// help: it is 0 for broken files, too.
QByteArray complaintIn(const QByteArray& text);

} // namespace weir::test
