// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/record/row_pieces.h"

#include <QTest>

using namespace weir;

namespace {

RecordBatchPtr batchOf(const std::vector<std::int64_t>& offsets, const std::vector<Gap>& gaps)
{
    RecordBatchBuilder builder(
        std::make_shared<const std::string>("t"), PartitionId{3}, {offsets.size(), 0, offsets.size()});
    for (const Gap& gap : gaps)
        builder.addGap(gap);
    for (const std::int64_t offset : offsets)
        builder.add(offset, 1'700'000'000'000, TimestampType::CreateTime, std::nullopt, "v");
    return builder.finish(1'700'000'000'000, nullptr);
}

/// "0-2 [5,7)x2 2-4": records, and gaps with how many offsets they miss.
QString shown(const RecordBatchPtr& batch)
{
    QStringList parts;
    for (const RowPiece& piece : piecesOf(*batch)) {
        if (piece.gap)
            parts << QString("[%1,%2)x%3").arg(piece.gap->first).arg(piece.gap->end).arg(piece.missing);
        else
            parts << QString("%1-%2").arg(piece.first).arg(piece.end);
    }
    return parts.join(' ');
}

} // namespace

class TestRowPieces : public QObject
{
    Q_OBJECT
private slots:
    void gapsStandWhereTheyAre()
    {
        QCOMPARE(shown(batchOf({0, 1, 2}, {})), QString("0-3"));
        QCOMPARE(shown(batchOf({}, {})), QString());
        QCOMPARE(shown(batchOf({5, 6}, {{0, 5, GapReason::Retention}})), QString("[0,5)x5 0-2"));
        QCOMPARE(shown(batchOf({3, 4, 7, 8}, {{5, 7, GapReason::Control}})), QString("0-2 [5,7)x2 2-4"));
        QCOMPARE(shown(batchOf({3, 4}, {{5, 6, GapReason::Control}})), QString("0-2 [5,6)x1"));
        QCOMPARE(shown(batchOf({}, {{5, 9, GapReason::Aborted}})), QString("[5,9)x4"));
    }

    void whatTheUserLeftOutIsNoGap()
    {
        QCOMPARE(shown(batchOf({3, 9}, {{4, 9, GapReason::Filtered}})), QString("0-2"));
        QCOMPARE(shown(batchOf({3, 9}, {{4, 9, GapReason::Dropped}})), QString("0-2"));
        QCOMPARE(shown(batchOf({3, 9}, {{4, 4, GapReason::NotTold}})), QString("0-2")); // none
    }

    void aCompactedBatchStaysInOnePiece()
    {
        std::vector<std::int64_t> offsets;
        std::vector<Gap> gaps;
        for (int i = 0; i < 100; ++i) {
            offsets.push_back(2 * i + 1);
            gaps.push_back({2 * i, 2 * i + 1, GapReason::Compacted});
        }
        QCOMPARE(shown(batchOf(offsets, gaps)), QString("[0,199)x100 0-100"));
        const auto pieces = piecesOf(*batchOf(offsets, gaps));
        QCOMPARE(pieces.front().gap->reason, GapReason::Compacted);
        gaps[50].reason = GapReason::Control; // not all for one reason
        QCOMPARE(piecesOf(*batchOf(offsets, gaps)).front().gap->reason, GapReason::NotTold);
    }

    void piecesAreCutOut()
    {
        const auto batch = batchOf({3, 4, 7}, {{5, 7, GapReason::Control}});
        const auto pieces = piecesOf(*batch);
        QCOMPARE(pieces.size(), std::size_t{3});
        const auto front = cutOut(batch, pieces[0], nullptr);
        QCOMPARE(front->size(), std::size_t{2});
        QCOMPARE(front->offset(1), 4);
        QVERIFY(front->gaps().empty());
        const auto whole = batchOf({3, 4}, {{0, 3, GapReason::Retention}});
        QCOMPARE(cutOut(whole, piecesOf(*whole)[1], nullptr), whole);
    }
};

QTEST_GUILESS_MAIN(TestRowPieces)
#include "tst_row_pieces.moc"
