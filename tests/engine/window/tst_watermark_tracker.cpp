// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/watermark_tracker.h"

#include <QTest>

using namespace weir;
using namespace weir::window;

class TestWatermarkTracker : public QObject
{
    Q_OBJECT
private slots:
    void isTheMinimumOverPartitions()
    {
        WatermarkTracker tracker;
        const std::size_t a = tracker.add({0});
        const std::size_t b = tracker.add({1});
        tracker.observe(a, 100);
        QCOMPARE(tracker.current(), noWatermark); // an empty partition holds back
        tracker.observe(b, 40);
        QCOMPARE(tracker.current(), 40);
        tracker.observe(b, 30); // running maximum
        QCOMPARE(tracker.current(), 40);
        tracker.observe(b, 150);
        QCOMPARE(tracker.current(), 100);
    }

    void beforeARowItIsTheLowerOfOwnAndOthers()
    {
        WatermarkTracker tracker;
        const std::size_t a = tracker.add({0});
        const std::size_t b = tracker.add({1});
        QCOMPARE(tracker.before(a, 70), noWatermark);
        tracker.observe(b, 50);
        QCOMPARE(tracker.before(a, 70), 50);
        QCOMPARE(tracker.before(a, 20), 20);
        tracker.observe(a, 90);
        QCOMPARE(tracker.current(), 50);
        QCOMPARE(tracker.before(b, 60), 60);
        QCOMPARE(tracker.before(b, 95), 90);
    }

    void onePartitionAloneIsItsOwn()
    {
        WatermarkTracker tracker;
        const std::size_t a = tracker.add({0});
        QCOMPARE(tracker.before(a, 5), 5);
        QCOMPARE(tracker.before(a, noWatermark), noWatermark);
    }

    void idlePartitionsAreLeftOut()
    {
        WatermarkTracker tracker;
        const std::size_t a = tracker.add({0});
        const std::size_t b = tracker.add({1});
        tracker.observe(a, 100);
        tracker.setIdle(b);
        QCOMPARE(tracker.current(), 100);
        tracker.observe(b, 10); // back, and behind: the watermark stays
        QCOMPARE(tracker.current(), 100);
        QCOMPARE(tracker.before(b, 10), 100);
        tracker.observe(a, 200);
        QCOMPARE(tracker.current(), 100);
        tracker.observe(b, 120);
        QCOMPARE(tracker.current(), 120);
    }

    void whenAllAreIdleItStays()
    {
        WatermarkTracker tracker;
        const std::size_t a = tracker.add({0});
        const std::size_t b = tracker.add({1});
        tracker.observe(a, 100);
        tracker.observe(b, 50);
        tracker.setIdle(b);
        QCOMPARE(tracker.current(), 100);
        tracker.setIdle(a);
        QCOMPARE(tracker.current(), 100);
        tracker.setEnded(a);
        tracker.setEnded(b);
        QCOMPARE(tracker.current(), 100);
    }

    void endedPartitionsHoldNothingBack()
    {
        WatermarkTracker tracker;
        const std::size_t a = tracker.add({0});
        const std::size_t b = tracker.add({1});
        tracker.setEnded(b); // an empty partition of a bounded topic
        tracker.observe(a, 7);
        QCOMPARE(tracker.current(), 7);
    }
};

QTEST_GUILESS_MAIN(TestWatermarkTracker)
#include "tst_watermark_tracker.moc"
