// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/slice_assigner.h"

#include <QTest>

#include <random>

using namespace weir::window;

class TestSliceAssigner : public QObject
{
    Q_OBJECT
private slots:
    void alignsWindows_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<qint64>("time");
        QTest::addColumn<qint64>("start");
        QTest::newRow("start belongs") << qint64(10) << qint64(0) << qint64(20) << qint64(20);
        QTest::newRow("end does not") << qint64(10) << qint64(0) << qint64(29) << qint64(20);
        QTest::newRow("before 1970") << qint64(10) << qint64(0) << qint64(-1) << qint64(-10);
        QTest::newRow("before 1970, on the edge") << qint64(10) << qint64(0) << qint64(-10) << qint64(-10);
        QTest::newRow("offset") << qint64(10) << qint64(3) << qint64(22) << qint64(13);
        QTest::newRow("negative offset") << qint64(10) << qint64(-3) << qint64(22) << qint64(17);
        QTest::newRow("highest time") << qint64(10) << qint64(0) << qint64(INT64_MAX) << qint64(INT64_MAX - 10);
        QTest::newRow("lowest time") << qint64(10) << qint64(0) << qint64(INT64_MIN) << qint64(INT64_MIN);
    }

    void alignsWindows()
    {
        QFETCH(qint64, size);
        QFETCH(qint64, offset);
        QFETCH(qint64, time);
        QFETCH(qint64, start);
        const WindowBounds bounds = SliceAssigner::tumble(size, offset).sliceOf(time);
        QCOMPARE(qint64(bounds.start), start);
        QCOMPARE(qint64(bounds.end - bounds.start), size);
    }

    void everyTimeHasExactlyOneWindow()
    {
        std::mt19937_64 random(1);
        for (int round = 0; round < 20'000; ++round) {
            const std::int64_t size = 1 + static_cast<std::int64_t>(random() % 100'000);
            const std::int64_t offset = static_cast<std::int64_t>(random() % (2 * size)) - size;
            const std::int64_t time = static_cast<std::int64_t>(random() >> 12) - (std::int64_t{1} << 51);
            const WindowBounds bounds = SliceAssigner::tumble(size, offset).sliceOf(time);
            QVERIFY(bounds.start <= time && time < bounds.end);
            QCOMPARE(bounds.end - bounds.start, size);
            QCOMPARE((bounds.start - offset) % size, std::int64_t{0});
        }
    }

    /// Windows of a time by their definition: those on the grid that hold it.
    void slicesLieInTheWindowsOfTheirTimes_data()
    {
        QTest::addColumn<bool>("cumulates");
        QTest::newRow("HOP") << false;
        QTest::newRow("CUMULATE") << true;
    }

    void slicesLieInTheWindowsOfTheirTimes()
    {
        QFETCH(bool, cumulates);
        std::mt19937 random(2);
        for (int round = 0; round < 2'000; ++round) {
            const std::int64_t step = 1 + random() % 9;
            const std::int64_t size = step * (1 + random() % 6);
            const std::int64_t offset = static_cast<std::int64_t>(random() % static_cast<unsigned>(2 * size)) - size;
            const std::int64_t time = static_cast<std::int64_t>(random() % 400) - 200;
            const SliceAssigner slices =
                cumulates ? SliceAssigner::cumulate(size, step, offset) : SliceAssigner::hop(size, step, offset);
            std::vector<std::int64_t> ends;
            for (std::int64_t end = time - 2 * size; end <= time + 2 * size; ++end) {
                const std::int64_t past = (((end - offset) % size) + size) % size; // since the period began
                const bool onGrid = (((end - offset) % step) + step) % step == 0;
                const std::int64_t start = cumulates ? end - (past == 0 ? size : past) : end - size;
                if (onGrid && start <= time && time < end)
                    ends.push_back(end);
            }
            const WindowBounds slice = slices.sliceOf(time);
            QVERIFY(slice.start <= time && time < slice.end);
            QCOMPARE(slice.end - slice.start, step);
            QCOMPARE(slice.end, ends.front());
            QCOMPARE(slices.lastWindowEnd(slice.end), ends.back());
            QCOMPARE(static_cast<std::size_t>((ends.back() - ends.front()) / step), ends.size() - 1);
            for (const std::int64_t end : ends)
                QVERIFY(slices.windowOf(end).start <= time && slices.windowOf(end).end == end);
        }
    }

    void edgesOfTimeDoNotWrap()
    {
        const SliceAssigner slices = SliceAssigner::hop(60, 10, 0);
        QCOMPARE(slices.lastWindowEnd(INT64_MAX - 7), std::int64_t{INT64_MAX});
    }

    void firesAtItsLastMillisecond()
    {
        QVERIFY(!hasFired(100, 98));
        QVERIFY(hasFired(100, 99));
        QVERIFY(hasFired(100, 100));
        QVERIFY(!hasFired(100, INT64_MIN));
        QVERIFY(!hasFired(INT64_MIN, INT64_MAX));
    }
};

QTEST_GUILESS_MAIN(TestSliceAssigner)
#include "tst_slice_assigner.moc"
