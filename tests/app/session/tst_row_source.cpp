// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a view as a source, as text, and as what is shown of them.
#include "app/session/record_place.h"
#include "app/session/rows_text.h"
#include "app/session/shown_rows.h"

#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/record_ring.h"

#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

RecordBatchPtr batchOf(std::int64_t first, int count, std::vector<Gap> gaps = {})
{
    RecordBatchBuilder builder(std::make_shared<const std::string>("orders"), PartitionId{0},
        {std::size_t(count), 0, std::size_t(count) * 16});
    for (const Gap& gap : gaps)
        builder.addGap(gap);
    for (int i = 0; i < count; ++i)
        builder.add(first + i, 1'700'000'000'000 + first + i, TimestampType::CreateTime, "k" + std::to_string(i % 3),
            "{\"n\":" + std::to_string(first + i) + "}");
    return builder.finish(0, nullptr);
}

std::shared_ptr<RecordRing> ringOf(const std::vector<RecordBatchPtr>& batches)
{
    auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
    for (const RecordBatchPtr& batch : batches)
        ring->append(batch, 0ms);
    return ring;
}

QList<qint64> offsetsIn(RowSource& source)
{
    QList<qint64> offsets;
    while (!source.state().ended) {
        const auto batches = source.poll(0ms);
        for (const RecordBatchPtr& batch : *batches) {
            for (std::size_t i = 0; i < batch->size(); ++i)
                offsets << batch->offset(i);
        }
    }
    return offsets;
}

} // namespace

class TestRowSource : public QObject
{
    Q_OBJECT
private slots:
    void aStretchOfRows()
    {
        const auto ring = ringOf({batchOf(0, 5), batchOf(7, 5, {{5, 7, GapReason::Control}})});
        QCOMPARE(ring->endRow(), 11); // with the missing range
        RowSource source({ring, 3, 5});
        QCOMPARE(offsetsIn(source), QList<qint64>({3, 4, 7, 8}));
        QVERIFY(source.state().problems.empty()); // a missing range was never a record
        QCOMPARE(source.state().partitions.front().next, 8);
        RowSource none({ring, 3, 0});
        QVERIFY(none.state().ended);
    }

    void whatLeftIsTold()
    {
        auto ring = std::make_shared<RecordRing>(2000, nullptr);
        for (int i = 0; i < 20; ++i)
            ring->append(batchOf(i * 5, 5), 0ms);
        const std::int64_t left = ring->firstRow();
        QVERIFY(left > 0);
        RowSource source({ring, 0, 100});
        QCOMPARE(offsetsIn(source).size(), 100 - left);
        QCOMPARE(QString::fromStdString(source.state().problems.front().text),
            QString("%1 of the rows had left the view, or cannot be read.").arg(left));
    }

    void rowsAsText()
    {
        const auto ring = ringOf({batchOf(0, 3)});
        const auto json = textOfRows({ring, 1, 2}, exporter::Format::JsonLines, 10'000);
        QCOMPARE(json->rows, 2);
        QCOMPARE(QString::fromStdString(json->text).count('\n'), 2);
        QVERIFY(json->text.find("\"value\":{\"n\":1}") != std::string::npos);
        const auto raw = textOfRows({ring, 0, 3}, exporter::Format::Raw, 20);
        QCOMPARE(raw->rows, 2); // as many as fit
        QCOMPARE(raw->text, std::string("{\"n\":0}\n{\"n\":1}\n"));
        const auto csv = textOfRows({ring, 0, 1}, exporter::Format::Csv, 10'000);
        QVERIFY2(csv->text.find("topic,partition,offset") == 0, csv->text.c_str());
    }

    /// Whatever is between, a row shown leads to its row among all, and back.
    void rowsThatAreShown()
    {
        const auto ring = ringOf({batchOf(0, 60)});
        ShownChoice choice;
        choice.order = *search::RowOrder::parse("n desc");
        {
            const ShownRows shown(ring, choice, {});
            QTRY_VERIFY(shown.isUpToDate());
            QCOMPARE(shown.rows()->endRow(), 60);
            QCOMPARE(shown.toAll(0), 59);
            QCOMPARE(shown.fromAll(59), 0);
            QCOMPARE(shown.fromAll(999), -1);
        }
        choice.order.reset();
        choice.latestPerKey = true;
        {
            const ShownRows shown(ring, choice, {});
            QTRY_VERIFY(shown.isUpToDate());
            QCOMPARE(shown.rows()->endRow(), 3);
            QCOMPARE(shown.toAll(1), 58);
            QCOMPARE(shown.fromAll(58), 1);
            QCOMPARE(shown.fromAll(0), -1);
        }
        const ShownRows all(ring, {}, {});
        QCOMPARE(all.rows().get(), static_cast<const RowStore*>(ring.get()));
        QCOMPARE(all.toAll(7), 7);
        QVERIFY(Reaper::instance().drain(10s));
    }

    void placesOfRecords()
    {
        const auto place = RecordPlace::parse("orders", "7@88120314");
        QVERIFY(place.ok());
        QCOMPARE(place->partition.partition.value, 7);
        QCOMPARE(place->text(), std::string("7@88120314"));
        for (const char* wrong : {"", "7", "@", "7@", "@5", "-1@5", "7@-5", "7@5x", "x@5", "99999999999@1"})
            QVERIFY2(!RecordPlace::parse("orders", wrong).ok(), wrong);
        const auto ring = ringOf({batchOf(0, 5), batchOf(9, 5, {{5, 9, GapReason::Compacted}})});
        QCOMPARE(findRow(*ring, {{"orders", PartitionId{0}}, 4}).value_or(-1), 4);
        QCOMPARE(findRow(*ring, {{"orders", PartitionId{0}}, 10}).value_or(-1), 7); // behind the missing range
        QVERIFY(!findRow(*ring, {{"orders", PartitionId{0}}, 6}));
        QVERIFY(!findRow(*ring, {{"orders", PartitionId{1}}, 4}));
        QVERIFY(!findRow(*ring, {{"payments", PartitionId{0}}, 4}));
    }
};

QTEST_GUILESS_MAIN(TestRowSource)
#include "tst_row_source.moc"
