// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/query_rows.h"
#include "tests/support/columns.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include "widgets/tables/rows_model.h"

using namespace weir;

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t start = 1'773'324'540'000; // 14:09

std::shared_ptr<const ResultBatch> rowsOf(
    const std::vector<std::int64_t>& starts, const std::vector<std::optional<std::int64_t>>& counts)
{
    auto batch = std::make_shared<ResultBatch>();
    std::vector<std::optional<Timestamp>> begins;
    std::vector<std::optional<Timestamp>> ends;
    for (const std::int64_t at : starts) {
        begins.push_back(Timestamp{at, 0});
        ends.push_back(Timestamp{at + minute, 0});
    }
    batch->schema = {
        {"window_start", types::timestamp(3)}, {"window_end", types::timestamp(3)}, {"n", types::bigInt()}};
    batch->columns = {columnOf<Timestamp>(types::timestamp(3), begins), columnOf<Timestamp>(types::timestamp(3), ends),
        columnOf<std::int64_t>(types::bigInt(), counts)};
    batch->rowCount = starts.size();
    return batch;
}

std::shared_ptr<QuerySnapshot> snapshotOf(
    std::shared_ptr<const ResultBatch> rows, std::shared_ptr<const ResultBatch> open)
{
    auto snapshot = std::make_shared<QuerySnapshot>();
    snapshot->rows = std::move(rows);
    snapshot->provisional = std::move(open);
    snapshot->counters.watermark = start + minute + 20'000;
    return snapshot;
}

} // namespace

class TestQueryRows : public QObject
{
    Q_OBJECT
private slots:
    void finalAndProvisionalAreToldApart()
    {
        auto rows = std::make_shared<QueryRows>(rowsOf({}, {})->schema, 0, 1);
        rows->setSnapshot(
            snapshotOf(rowsOf({start - minute, start}, {17'961, std::nullopt}), rowsOf({start + minute}, {5'348})));
        QCOMPARE(rows->columns().size(), std::size_t{3});
        QCOMPARE(rows->columns()[2].caption, QString("BIGINT"));
        QVERIFY(rows->columns()[2].number);
        QCOMPARE(rows->endFinal(), qint64{2});
        QCOMPARE(rows->provisionalCount(), qint64{1});
        QCOMPARE(rows->finalRows(0, 5)[0].cells[2].text, QString("17,961"));
        QCOMPARE(rows->finalRows(1, 5)[0].cells[2].tone, tables::Tone::Null);
        QCOMPARE(rows->provisionalRows(0, 5)[0].cells[2].text, QString("5,348"));
        const tables::OpenWindowWords words = rows->openWindow();
        QVERIFY2(words.title.contains("14:10:00"), qPrintable(words.title));
        QVERIFY2(words.left.contains("40"), qPrintable(words.left)); // the watermark has 40 s to go

        auto list = std::make_shared<tables::ResultRowList>(rows);
        tables::RowsModel model(list);
        QAbstractItemModelTester tester(&model);
        QCOMPARE(list->endRow(), qint64{4}); // the boundary is a row too
        QCOMPARE(list->rows(0, 1)[0].cells[0].glyph, tables::RowGlyph::Final);
        QCOMPARE(list->rows(3, 1)[0].cells[0].glyph, tables::RowGlyph::Provisional);
        QCOMPARE(list->rows(3, 1)[0].tint, tables::RowTint::Provisional);
        list->showProvisional(false);
        QCOMPARE(list->endRow(), qint64{2});
    }

    void numbersStayWhenTheOldestLeave()
    {
        QueryRows rows(rowsOf({}, {})->schema, 0, 1);
        auto snapshot = snapshotOf(rowsOf({start}, {3}), nullptr);
        snapshot->droppedRows = 1'000'000;
        rows.setSnapshot(snapshot);
        QCOMPARE(rows.firstFinal(), qint64{1'000'000});
        QCOMPARE(rows.endFinal(), qint64{1'000'001});
        QCOMPARE(rows.finalRows(1'000'000, 10).size(), std::size_t{1});
        QCOMPARE(rows.finalRows(1'000'001, 10).size(), std::size_t{0});
    }

    void nothingBeforeTheFirstSnapshot()
    {
        const QueryRows rows(rowsOf({}, {})->schema, -1, -1);
        QCOMPARE(rows.endFinal(), qint64{0});
        QCOMPARE(rows.provisionalCount(), qint64{0});
        QVERIFY(rows.finalRows(0, 3).empty());
        QVERIFY(!rows.openWindow().title.isEmpty());
    }
};

QTEST_MAIN(TestQueryRows)
#include "tst_query_rows.moc"
