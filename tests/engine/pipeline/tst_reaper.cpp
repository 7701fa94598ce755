// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace weir;
using namespace std::chrono_literals;

namespace {

struct SlowToDie
{
    std::chrono::milliseconds takes;
    std::atomic<int>& died;
    ~SlowToDie()
    {
        std::this_thread::sleep_for(takes);
        ++died;
    }
};

} // namespace

class TestReaper : public QObject
{
    Q_OBJECT

private slots:
    void takingDoesNotWait();
    void drainTellsWhetherAllIsGone();
    void sharedObjectsLiveOn();
    void nothingIsNothing();
};

void TestReaper::takingDoesNotWait()
{
    std::atomic<int> died{0};
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i)
        Reaper::instance().take(std::shared_ptr<SlowToDie>(new SlowToDie{100ms, died}));
    QVERIFY(std::chrono::steady_clock::now() - begin < 100ms);
    QVERIFY(Reaper::instance().drain(5s));
    QCOMPARE(died.load(), 3);
    QCOMPARE(Reaper::instance().pending(), std::size_t{0});
}

void TestReaper::drainTellsWhetherAllIsGone()
{
    std::atomic<int> died{0};
    Reaper::instance().take(std::shared_ptr<SlowToDie>(new SlowToDie{300ms, died}));
    QVERIFY(!Reaper::instance().drain(20ms));
    QVERIFY(Reaper::instance().pending() > 0);
    QVERIFY(Reaper::instance().drain(5s));
    QCOMPARE(died.load(), 1);
}

void TestReaper::sharedObjectsLiveOn()
{
    std::atomic<int> died{0};
    auto held = std::shared_ptr<SlowToDie>(new SlowToDie{0ms, died});
    Reaper::instance().take(held);
    QVERIFY(Reaper::instance().drain(5s));
    QCOMPARE(died.load(), 0);
    held.reset();
    QCOMPARE(died.load(), 1);
}

void TestReaper::nothingIsNothing()
{
    Reaper::instance().take(nullptr);
    QVERIFY(Reaper::instance().drain(1s));
}

QTEST_GUILESS_MAIN(TestReaper)
#include "tst_reaper.moc"
