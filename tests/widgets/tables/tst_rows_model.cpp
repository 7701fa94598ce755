// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/tables/synthetic_rows.h"
#include "widgets/tables/rows_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <limits>
#include <memory>

using namespace weir::tables;

class TestRowsModel : public QObject
{
    Q_OBJECT
private slots:
    void showsTheSameRows()
    {
        const auto rows = std::make_shared<SyntheticRows>(50, 10);
        RowsModel model(rows);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 40);
        QCOMPARE(model.columnCount(), 5);
        QCOMPARE(model.data(model.index(0, 1)).toString(), QStringLiteral("10"));
        QCOMPARE(model.headerData(2, Qt::Horizontal).toString(), QStringLiteral("status"));
        QCOMPARE(model.headerData(2, Qt::Vertical).toString(), QStringLiteral("12"));
    }

    void growsAndShrinksBySignals()
    {
        const auto rows = std::make_shared<SyntheticRows>(50);
        RowsModel model(rows);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        rows->setRange(20, 80);
        model.refresh();
        QCOMPARE(removed[0][2].toInt(), 19);
        QCOMPARE(inserted[0][1].toInt(), 30);
        QCOMPARE(inserted[0][2].toInt(), 59);
        QCOMPARE(model.data(model.index(59, 1)).toString(), QStringLiteral("79"));
        rows->setRange(500, 600);
        model.refresh();
        QCOMPARE(reset.size(), 1);
        rows->setRange(500, 500);
        model.refresh();
        QCOMPARE(model.rowCount(), 0);
        rows->editColumns().pop_back();
        model.refresh();
        QCOMPARE(model.columnCount(), 4);
    }

    void keepsTheNewestOfTooMany()
    {
        const qint64 end = 1'000'000'000'000;
        const auto rows = std::make_shared<SyntheticRows>(end);
        const RowsModel model(rows);
        QCOMPARE(model.rowCount(), std::numeric_limits<int>::max());
        QCOMPARE(model.windowFirst() + model.rowCount(), end);
        QCOMPARE(model.data(model.index(model.rowCount() - 1, 1)).toString(), QString::number(end - 1));
    }
};

QTEST_MAIN(TestRowsModel)
#include "tst_rows_model.moc"
