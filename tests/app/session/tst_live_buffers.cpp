// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"
#include "app/session/session.h"
#include "tests/support/fake_cluster.h"
#include "tests/support/live_topic.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

capture::Manifest aboutOrders()
{
    capture::Manifest about;
    about.topics.push_back({"orders", {}, {}, {}, {{PartitionId{0}, {}, {}}}});
    return about;
}

RecordBatchPtr batchOf(std::int64_t first, std::int64_t count, std::size_t bytes)
{
    const std::string value(bytes, 'x');
    RecordBatchBuilder builder(std::make_shared<const std::string>("orders"), PartitionId{0},
        {static_cast<std::size_t>(count), 0, bytes * static_cast<std::size_t>(count)});
    for (std::int64_t i = 0; i < count; ++i)
        builder.add(first + i, 1'700'000'000'000, TimestampType::CreateTime, std::nullopt, value);
    return builder.finish(1'700'000'000'100, nullptr);
}

void makeLeftover(const QString& folder)
{
    QVERIFY(QDir().mkpath(folder + "/1/1/orders-0"));
    for (const char* name : {"/lock", "/1/rows-1.index", "/1/1/orders-0/00000000000000000000.log"}) {
        QFile file(folder + QString::fromLatin1(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("left");
    }
}

} // namespace

class TestLiveBuffers : public QObject
{
    Q_OBJECT
private slots:
    void whatAKilledRunLeftGoes()
    {
        const QTemporaryDir cache;
        makeLeftover(cache.filePath("4711-abcdef"));
        makeLeftover(cache.filePath("4712-abcdef"));
        const int lock = ::open(qPrintable(cache.filePath("4712-abcdef/lock")), O_RDWR | O_CLOEXEC);
        QCOMPARE(::flock(lock, LOCK_EX | LOCK_NB), 0); // that one still runs
        const auto buffers = LiveBuffers::open({cache.path().toStdString()}, nullptr, m_clock);
        QTRY_VERIFY(!QDir(cache.filePath("4711-abcdef")).exists());
        QVERIFY(QFile::exists(cache.filePath("4712-abcdef/1/1/orders-0/00000000000000000000.log")));
        ::close(lock);
    }

    void nothingStays()
    {
        const QTemporaryDir cache;
        auto buffers = LiveBuffers::open({cache.filePath("weir/live").toStdString()}, nullptr, m_clock);
        QVERIFY(!QDir(cache.filePath("weir/live")).exists()); // not before it is needed
        auto rows = buffers->forTopics(aboutOrders());
        QVERIFY2(rows, rows ? "" : rows.error().text().c_str());
        QVERIFY((*rows)->append(batchOf(0, 10, 100), 10s));
        QTRY_COMPARE((*rows)->endRow(), std::int64_t{10});
        QVERIFY(buffers->usedBytes() > 1'000);
        QVERIFY(QFile::exists(QString::fromStdString((*rows)->folder() + "/capture.json")));
        buffers.reset(); // the last view lets go
        rows->reset();
        QVERIFY(Reaper::instance().drain(10s));
        QCOMPARE(QDir(cache.filePath("weir/live")).entryList(QDir::Dirs | QDir::NoDotAndDotDot), QStringList());
    }

    void viewsShareTheBudget()
    {
        constexpr std::uint64_t limit = 64u << 20;
        const QTemporaryDir cache;
        const auto buffers = LiveBuffers::open({cache.path().toStdString(), limit}, nullptr, m_clock);
        const auto fill = [](RowBuffer& rows, std::int64_t& offset, int megabytes) {
            for (int i = 0; i < megabytes; ++i, offset += 100)
                QVERIFY(rows.append(batchOf(offset, 100, 10'000), 20s));
            QTRY_COMPARE_WITH_TIMEOUT(rows.endRow(), offset, 20'000);
        };
        auto first = buffers->forTopics(aboutOrders());
        QVERIFY(first);
        std::int64_t one = 0;
        fill(**first, one, 150);
        QTRY_VERIFY(buffers->usedBytes() <= limit + (limit >> 3));
        QVERIFY2(buffers->usedBytes() > limit / 2, qPrintable(QString::number(buffers->usedBytes())));
        auto second = buffers->forTopics(aboutOrders());
        QVERIFY(second);
        std::int64_t two = 0;
        fill(**second, two, 150);
        QTRY_VERIFY_WITH_TIMEOUT(buffers->usedBytes() <= limit + (limit >> 3), 20'000);
        for (const auto* rows : {&*first, &*second}) { // each has about half of it
            const std::int64_t held = (*rows)->endRow() - (*rows)->firstRow();
            QVERIFY2(held >= 2'000 && held <= 4'500, qPrintable(QString::number(held)));
        }
        QCOMPARE(buffers->limitBytes(), limit);
        first->reset();
        second->reset();
        QVERIFY(Reaper::instance().drain(10s));
    }

    void aCacheThatCannotBeWrittenIsTold()
    {
        const auto buffers = LiveBuffers::open({"/proc/weir"}, nullptr, m_clock);
        const auto rows = buffers->forTopics(aboutOrders());
        QVERIFY(!rows);
        QVERIFY2(QString::fromStdString(rows.error().text()).contains("/proc/weir"), rows.error().text().c_str());
    }

    /// A session whose disk fails shows rows all the same, and says what is wrong.
    void aViewWithoutItsDiskIsStillAView()
    {
        LiveTopic topic("orders");
        topic.give({{"{}", "k", 1}, {"{}", "k", 2}});
        auto cluster = std::make_shared<FakeCluster>();
        cluster->setTopic("orders", {0});
        cluster->setOpener(
            [&](const ReadRequest&) -> Result<std::vector<std::unique_ptr<Source>>> { return topic.open(); });
        const QTemporaryDir cache;
        for (const std::string& folder : {std::string("/proc/weir"), cache.path().toStdString()}) {
            const auto session = Session::over(cluster, {}, nullptr, m_clock);
            session->setLiveBuffers(LiveBuffers::open({folder}, nullptr, m_clock));
            ReadRequest request;
            request.topic = "orders";
            auto feed = session->openFeed({request}, {});
            QVERIFY(feed);
            topic.give({{"{}", "k", 3}});
            QTRY_VERIFY((*feed)->rows()->endRow() > 0);
            QTRY_COMPARE((*feed)->snapshot()->rows.trouble.has_value(), folder == "/proc/weir");
            QCOMPARE((*feed)->rows()->folder().empty(), folder == "/proc/weir");
        }
        QVERIFY(Reaper::instance().drain(10s));
    }

private:
    const SystemClock m_clock;
};

QTEST_GUILESS_MAIN(TestLiveBuffers)
#include "tst_live_buffers.moc"
