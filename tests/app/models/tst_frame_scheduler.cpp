// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/frame_scheduler.h"

#include <QElapsedTimer>
#include <QTest>

#include <numeric>

using namespace weir;

namespace {

/// Counts what the scheduler asks of it.
struct Client
{
    std::uint64_t generation = 1;
    int asked = 0;
    int pulled = 0;

    FrameClient client(int intervalMs = 0)
    {
        return {[this] {
                    ++asked;
                    return generation;
                },
            [this] { ++pulled; }, intervalMs};
    }
};

} // namespace

class TestFrameScheduler : public QObject
{
    Q_OBJECT
private slots:
    void cleanViewsAreNotPulled()
    {
        FrameScheduler frames;
        QWidget widget;
        widget.show();
        Client client;
        frames.add(&widget, client.client());
        for (int i = 0; i < 10; ++i)
            frames.frame();
        QCOMPARE(client.pulled, 1); // the first time, whatever its generation
        ++client.generation;
        for (int i = 0; i < 10; ++i)
            frames.frame();
        QCOMPARE(client.pulled, 2);
    }

    void hiddenViewsAreNotEvenAsked()
    {
        FrameScheduler frames;
        QWidget parent;
        QWidget tab(&parent);
        parent.show();
        tab.hide();
        Client client;
        frames.add(&tab, client.client());
        for (int i = 0; i < 10; ++i) {
            ++client.generation;
            frames.frame();
        }
        QCOMPARE(client.asked, 0);
        QCOMPARE(client.pulled, 0);
        tab.show();
        frames.frame();
        QCOMPARE(client.pulled, 1); // what it missed comes as one picture
    }

    void notMoreOftenThanItsInterval()
    {
        FrameScheduler frames;
        QWidget widget;
        widget.show();
        Client client;
        frames.add(&widget, client.client(60));
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < 250) {
            ++client.generation;
            frames.frame();
            QTest::qSleep(2);
        }
        QVERIFY2(client.pulled <= 1 + clock.elapsed() / 60, qPrintable(QString::number(client.pulled)));
        QVERIFY(client.pulled >= 1);
    }

    void theTimerPullsAtMostOncePerFrame()
    {
        FrameScheduler frames;
        QWidget widget;
        widget.show();
        Client client;
        frames.add(&widget, {[&client] { return ++client.generation; }, [&client] { ++client.pulled; }, 0});
        QElapsedTimer clock;
        clock.start();
        frames.start();
        QTest::qWait(200);
        frames.stop();
        const qint64 most = clock.elapsed() / FrameScheduler::frameMs + 2;
        QVERIFY2(client.pulled <= most, qPrintable(QString("%1 pulls, at most %2").arg(client.pulled).arg(most)));
        QVERIFY(client.pulled > 0);
        const int before = client.pulled;
        QTest::qWait(60);
        QCOMPARE(client.pulled, before); // stopped is stopped
    }

    void aViewThatDiesIsForgotten()
    {
        FrameScheduler frames;
        auto widget = std::make_unique<QWidget>();
        widget->show();
        Client client;
        frames.add(widget.get(), client.client());
        frames.frame();
        widget.reset();
        ++client.generation;
        frames.frame();
        QCOMPARE(client.pulled, 1);
        QCOMPARE(client.asked, 1);
    }

    void aPullMayAddAndRunFrames()
    {
        FrameScheduler frames;
        QWidget widget;
        widget.show();
        Client inner;
        int outer = 0;
        frames.add(&widget,
            {[] { return std::uint64_t{1}; },
                [&] {
                    ++outer;
                    frames.add(&widget, inner.client());
                    frames.frame(); // an event loop inside of a pull, say
                },
                0});
        frames.frame();
        QCOMPARE(outer, 1);
        QCOMPARE(inner.pulled, 0);
        frames.frame();
        QCOMPARE(inner.pulled, 1);
    }

    void slowPullsTakeTurns()
    {
        FrameScheduler frames;
        QWidget widget;
        widget.show();
        std::vector<int> pulled(4);
        for (int& count : pulled)
            frames.add(&widget,
                {[] { return std::uint64_t{1}; },
                    [&count] {
                        ++count;
                        QTest::qSleep(int(FrameScheduler::pullShareMs) + 1);
                    },
                    0});
        for (int frame = 1; frame <= 4; ++frame) {
            frames.frame();
            QCOMPARE(std::accumulate(pulled.begin(), pulled.end(), 0), frame); // one each, none twice
        }
        QCOMPARE(pulled, (std::vector<int>{1, 1, 1, 1}));
    }

    void costIsTheBusiestFrameOfASecond()
    {
        FrameScheduler frames;
        QWidget widget;
        widget.show();
        frames.add(&widget, {[] { return std::uint64_t{1}; }, [] { QTest::qSleep(20); }, 0});
        frames.frame();
        QTest::qWait(1050);
        frames.frame();
        QVERIFY2(frames.frameCostMs() >= 19, qPrintable(QString::number(frames.frameCostMs())));
    }
};

QTEST_MAIN(TestFrameScheduler)
#include "tst_frame_scheduler.moc"
