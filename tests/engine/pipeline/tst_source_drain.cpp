// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/source_drain.h"
#include "tests/support/fake_source.h"

#include <QTest>

#include <map>

using namespace weir;
using namespace std::chrono_literals;

namespace {

/// `polls` batches of ten records.
std::unique_ptr<FakeSource> sourceOf(int partition, int polls, bool bounded = true)
{
    auto source = std::make_unique<FakeSource>("orders", std::vector<PartitionId>{{partition}}, bounded);
    for (int poll = 0; poll < polls; ++poll) {
        std::vector<FakeRecord> records;
        for (int i = 0; i < 10; ++i)
            records.push_back({poll * 10 + i, "v", 1000});
        source->addPoll({fakeBatch("orders", {partition}, records)});
    }
    return source;
}

} // namespace

class TestSourceDrain : public QObject
{
    Q_OBJECT

private slots:
    void takesEverythingInOrder()
    {
        std::vector<std::unique_ptr<Source>> sources;
        for (int p = 0; p < 3; ++p)
            sources.push_back(sourceOf(p, 20 + p));
        std::mutex mutex;
        std::map<int, std::int64_t> next;
        std::atomic<int> wrong{0};
        std::atomic<int> ticks{0};
        DrainTarget target;
        target.take = [&](std::size_t, const RecordBatchPtr& batch) -> Result<void> {
            const std::scoped_lock lock(mutex);
            wrong += std::exchange(next[batch->partition().value], batch->offset(9) + 1) != batch->offset(0) ? 1 : 0;
            return {};
        };
        target.tick = [&]() -> Result<void> {
            ++ticks;
            return {};
        };
        SourceDrain drain(std::move(sources), std::move(target), SystemClock::instance());
        drain.start();
        QVERIFY(drain.wait(10s));
        const DrainSnapshot last = drain.snapshot();
        QVERIFY(last.ended && !last.failure);
        QCOMPARE(last.records, std::uint64_t(630));
        QCOMPARE(wrong.load(), 0);
        QVERIFY(ticks >= 1);
    }

    void theFirstErrorEndsAll()
    {
        std::vector<std::unique_ptr<Source>> sources;
        sources.push_back(sourceOf(0, 5, false)); // would wait for more for ever
        auto failing = sourceOf(1, 1, false);
        failing->addError({ErrorKind::Io, "gone", {}});
        sources.push_back(std::move(failing));
        DrainTarget target;
        target.take = [](std::size_t, const RecordBatchPtr&) { return Result<void>(); };
        target.tick = [] { return Result<void>(); };
        SourceDrain drain(std::move(sources), std::move(target), SystemClock::instance());
        drain.start();
        QVERIFY(drain.wait(10s));
        QCOMPARE(drain.snapshot().failure->message, std::string("gone"));
    }

    void aTargetThatFailsEndsIt()
    {
        for (const bool inTick : {false, true}) {
            std::vector<std::unique_ptr<Source>> sources;
            sources.push_back(sourceOf(0, 5, false));
            DrainTarget target;
            const Result<void> full = Error{ErrorKind::ResourceLimit, "full", {}};
            target.take = [=](std::size_t, const RecordBatchPtr&) { return inTick ? Result<void>() : full; };
            target.tick = [=] { return inTick ? full : Result<void>(); };
            SourceDrain drain(std::move(sources), std::move(target), SystemClock::instance());
            drain.start();
            QVERIFY(drain.wait(10s));
            QCOMPARE(drain.snapshot().failure->message, std::string("full"));
            QCOMPARE(drain.snapshot().records, std::uint64_t(inTick ? 50 : 0));
        }
    }

    void stops()
    {
        std::vector<std::unique_ptr<Source>> sources;
        sources.push_back(sourceOf(0, 3, false));
        DrainTarget target;
        target.take = [](std::size_t, const RecordBatchPtr&) { return Result<void>(); };
        target.tick = [] { return Result<void>(); };
        SourceDrain drain(std::move(sources), std::move(target), SystemClock::instance());
        drain.start();
        QVERIFY(!drain.wait(300ms));
        drain.stop();
        QVERIFY(drain.wait(10s));
        QVERIFY(!drain.snapshot().failure);
    }
};

QTEST_GUILESS_MAIN(TestSourceDrain)
#include "tst_source_drain.moc"
