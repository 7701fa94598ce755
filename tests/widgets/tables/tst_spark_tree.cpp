// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/theme.h"
#include "widgets/tables/spark_delegate.h"
#include "widgets/tables/spark_tree.h"

#include <QHeaderView>
#include <QStandardItemModel>
#include <QTest>

#include <cmath>
#include <limits>

using namespace weir::tables;

class TestSparkTree : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Dark); }

    void strokesBreakAtGaps()
    {
        const double gap = std::numeric_limits<double>::quiet_NaN();
        const QRectF area(10, 20, 40, 8);
        const auto strokes = sparkStrokes({gap, 0, 10, gap, gap, 5}, area);
        QCOMPARE(strokes.size(), std::size_t(2));
        QCOMPARE(strokes[0], QPolygonF({QPointF(18, 28), QPointF(26, 20)}));
        QCOMPARE(strokes[1], QPolygonF({QPointF(50, 24)}));
    }

    void strokesOfOddValuesStayInside_data()
    {
        constexpr double most = std::numeric_limits<double>::max();
        constexpr double endless = std::numeric_limits<double>::infinity();
        QTest::addColumn<QList<double>>("values");
        QTest::newRow("none") << QList<double>{};
        QTest::newRow("one") << QList<double>{7};
        QTest::newRow("flat") << QList<double>{3, 3, 3};
        QTest::newRow("largest span") << QList<double>{-most, most, 0};
        QTest::newRow("infinite") << QList<double>{endless, 1, -endless};
        QTest::newRow("tiny") << QList<double>{5e-324, 0};
    }
    void strokesOfOddValuesStayInside()
    {
        QFETCH(QList<double>, values);
        const QRectF area(0, 0, 46, 9);
        for (const QPolygonF& stroke : sparkStrokes(values, area)) {
            QVERIFY(!stroke.isEmpty());
            for (const QPointF& point : stroke) {
                QVERIFY(std::isfinite(point.x()) && point.x() >= area.left() && point.x() <= area.right());
                QVERIFY(std::isfinite(point.y()) && point.y() >= area.top() && point.y() <= area.bottom());
            }
        }
    }

    void firstColumnTakesTheRest()
    {
        QStandardItemModel model(3, 4);
        SparkTree tree;
        tree.setModel(&model);
        tree.setColumnPixels(1, 54);
        tree.setColumnPixels(2, 60);
        tree.setColumnPixels(3, 70);
        tree.resize(330, 200);
        tree.show();
        QTRY_COMPARE(tree.header()->sectionSize(0), tree.viewport()->width() - 184);
        tree.resize(100, 200);
        QTRY_VERIFY(tree.header()->sectionSize(0) >= 1);
        tree.viewport()->grab();
    }
};

QTEST_MAIN(TestSparkTree)
#include "tst_spark_tree.moc"
