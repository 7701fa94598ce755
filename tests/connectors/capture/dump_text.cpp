// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/connectors/capture/dump_text.h"

namespace weir::test {

namespace {

/// What stands behind "name: " up to the next blank.
QByteArray wordBehind(const QByteArray& line, const QByteArray& name)
{
    const qsizetype at = line.indexOf(name + ": ");
    if (at < 0)
        return {};
    const qsizetype begin = at + name.size() + 2;
    const qsizetype end = line.indexOf(' ', begin);
    return line.mid(begin, end < 0 ? -1 : end - begin);
}

} // namespace

std::vector<DumpedBatch> dumpedBatches(const QByteArray& text)
{
    std::vector<DumpedBatch> batches;
    for (const QByteArray& line : text.split('\n')) {
        if (line.startsWith("baseOffset: ")) {
            DumpedBatch batch;
            batch.baseOffset = wordBehind(line, "baseOffset").toLongLong();
            batch.lastOffset = wordBehind(line, "lastOffset").toLongLong();
            batch.count = wordBehind(line, "count").toInt();
            batch.control = wordBehind(line, "isControl") == "true";
            batch.transactional = wordBehind(line, "isTransactional") == "true";
            batch.leaderEpoch = wordBehind(line, "partitionLeaderEpoch").toInt();
            batch.producerId = wordBehind(line, "producerId").toLongLong();
            batches.push_back(batch);
        } else if (line.startsWith("| offset: ") && !batches.empty()) {
            batches.back().offsets.push_back(wordBehind(line, "offset").toLongLong());
        }
    }
    return batches;
}

QByteArray complaintIn(const QByteArray& text)
{
    for (const QByteArray& line : text.split('\n')) {
        for (const char* sign : {"isvalid: false", "invalid bytes", "Mismatches in", "not found in the log",
                 "Exception", "out of order", "Corrupt"}) {
            if (line.contains(sign))
                return line;
        }
    }
    return {};
}

} // namespace weir::test
