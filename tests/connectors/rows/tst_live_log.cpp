// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/capture_folder.h"
#include "connectors/capture/verify.h"
#include "connectors/rows/live_log.h"
#include "tests/connectors/rows/rows_case.h"
#include "tests/support/failing_storage.h"
#include "tests/support/manual_clock.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <semaphore>

using namespace weir;
using namespace weir::rows;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

LiveLogSettings settingsFor(const QString& folder, int partitions)
{
    LiveLogSettings settings;
    settings.folder = folder.toStdString();
    capture::TopicEntry topic;
    topic.name = "orders";
    for (int i = 0; i < partitions; ++i)
        topic.partitions.push_back({PartitionId{i}, {}, {}});
    settings.about.topics.push_back(topic);
    return settings;
}

/// The disk, but what is appended to segments waits until it may go on.
class SlowDisk final : public capture::Storage
{
public:
    std::counting_semaphore<> mayWrite{0};
    std::atomic<bool> slow{false};

    Result<std::unique_ptr<capture::AppendFile>> create(const std::string& path) override
    {
        auto file = disk().create(path);
        if (!file || !path.ends_with(".log") || path.find("arrivals") != std::string::npos)
            return file;
        return std::unique_ptr<capture::AppendFile>(new File(*this, std::move(*file)));
    }
    Result<void> makeFolder(const std::string& path) override { return disk().makeFolder(path); }
    Result<void> rename(const std::string& from, const std::string& to) override { return disk().rename(from, to); }
    Result<void> remove(const std::string& path) override { return disk().remove(path); }
    Result<void> syncFolder(const std::string& path) override { return disk().syncFolder(path); }

private:
    class File final : public capture::AppendFile
    {
    public:
        File(SlowDisk& disk, std::unique_ptr<capture::AppendFile> file) : m_disk(disk), m_file(std::move(file)) { }
        Result<void> append(std::span<const char> bytes) override
        {
            if (m_disk.slow)
                m_disk.mayWrite.acquire();
            return m_file->append(bytes);
        }
        Result<void> sync() override { return m_file->sync(); }
        Result<void> cutTo(std::size_t size) override { return m_file->cutTo(size); }

    private:
        SlowDisk& m_disk;
        std::unique_ptr<capture::AppendFile> m_file;
    };
};

RecordBatchPtr batchOf(std::int64_t first, std::int64_t count, std::size_t bytes = 100)
{
    static const auto topic = std::make_shared<const std::string>("orders");
    const std::string value(bytes, 'x');
    RecordBatchBuilder builder(topic, PartitionId{0}, {std::size_t(count), 0, bytes * static_cast<std::size_t>(count)});
    for (std::int64_t i = 0; i < count; ++i)
        builder.add(first + i, 1'700'000'000'000, TimestampType::CreateTime, std::nullopt, value);
    return builder.finish(1'700'000'000'100, nullptr);
}

} // namespace

class TestLiveLog : public QObject
{
    Q_OBJECT
private slots:
    /// A search that can match nowhere reads no partition.
    void noPartitionIsNoTrouble()
    {
        const QTemporaryDir dir;
        const auto log = LiveLog::create(settingsFor(dir.filePath("log"), 0), SystemClock::instance());
        QVERIFY(log.ok());
        QVERIFY((*log)->flush(1s));
        QCOMPARE((*log)->endRow(), 0);
        QVERIFY(!(*log)->state().trouble);
    }

    void rowsAreTheRecordsInTheOrderTheyCame();
    void itsFolderIsACapture();
    void theOldestLeaveWhenTheAllowanceIsFull();
    void theOldestLeaveWithTime();
    void aSlowDiskShowsAsDrops();
    void aStuckDiskIsTold();
    void aTopicMadeAnewStaysReadable();
    void severalTopicsInOneLog();
    void aNewPartitionIsTaken();
    void aFailingDiskLosesNoRowSilently_data();
    void aFailingDiskLosesNoRowSilently();
    void aFullDiskMakesRoom();
    void theFolderGoes();

private:
    /// Appends `rounds` random batches of each partition.
    static void fill(LiveLog& log, std::vector<RandomRecords>& records, int rounds, std::vector<ExpectedRow>& expected)
    {
        for (int round = 0; round < rounds; ++round) {
            for (RandomRecords& one : records) {
                const RecordBatchPtr batch = one.next(1 + static_cast<std::size_t>(round) % 50);
                QVERIFY(log.append(batch, 10s));
                expect(*batch, expected);
            }
        }
        QVERIFY(log.flush(20s));
    }

    const ManualClock m_clock;
};

void TestLiveLog::rowsAreTheRecordsInTheOrderTheyCame()
{
    const QTemporaryDir folder;
    auto log = LiveLog::create(settingsFor(folder.filePath("live"), 3), m_clock);
    QVERIFY2(log, log ? "" : log.error().text().c_str());
    RecordShape shape;
    shape.noTime = true;
    std::vector<RandomRecords> records;
    for (int partition = 0; partition < 3; ++partition)
        records.emplace_back(11 + partition, "orders", partition, shape);
    std::vector<ExpectedRow> expected;
    fill(**log, records, 200, expected);
    QCOMPARE((*log)->endRow(), std::int64_t(expected.size()));
    QCOMPARE((*log)->firstRow(), std::int64_t{0});
    QCOMPARE(differenceIn(**log, expected, {0, expected.size()}), QString());
    QCOMPARE(differenceInScan(**log, expected), QString());
    std::mt19937 random(3);
    for (int i = 0; i < 300; ++i) {
        const std::size_t first = random() % expected.size();
        const std::size_t count = 1 + random() % std::min<std::size_t>(70, expected.size() - first);
        QCOMPARE(differenceIn(**log, expected, {std::int64_t(first), count}), QString());
    }
    QVERIFY((*log)->read((*log)->endRow(), 10, 0ms)->empty());
    QVERIFY(!(*log)->read(-1, 10, 0ms));
    QVERIFY(!(*log)->state().trouble);
    // What came meanwhile is there as well: the segment that is read is the one that grows.
    fill(**log, records, 1, expected);
    QCOMPARE(differenceIn(**log, expected, {std::int64_t(expected.size()) - 3, 3}), QString());
}

void TestLiveLog::itsFolderIsACapture()
{
    const QTemporaryDir folder;
    auto log = LiveLog::create(settingsFor(folder.filePath("live"), 2), m_clock);
    QVERIFY(log);
    std::vector<RandomRecords> records{{1, "orders", 0}, {2, "orders", 1}};
    std::vector<ExpectedRow> expected;
    fill(**log, records, 30, expected);
    const auto opened = capture::CaptureFolder::open((*log)->folder());
    QVERIFY2(opened, opened ? "" : opened.error().text().c_str());
    QVERIFY((*opened)->isCapture);
    QVERIFY((*opened)->grows);
    QVERIFY((*opened)->damages.empty());
    for (int partition = 0; partition < 2; ++partition) {
        const auto& one = (*opened)->partitions.at({"orders", PartitionId{partition}});
        QCOMPARE(*one.log->endOffset(), records[std::size_t(partition)].nextOffset());
        QCOMPARE(one.ledger.end(), records[std::size_t(partition)].nextOffset());
    }
}

void TestLiveLog::theOldestLeaveWhenTheAllowanceIsFull()
{
    constexpr std::uint64_t allowance = 24u << 20;
    const QTemporaryDir folder;
    LiveLogSettings settings = settingsFor(folder.filePath("live"), 1);
    settings.firstAllowance = allowance;
    auto log = LiveLog::create(settings, m_clock);
    QVERIFY(log);
    std::int64_t offset = 0;
    for (int i = 0; i < 800; ++i, offset += 100)
        QVERIFY((*log)->append(batchOf(offset, 100, 1'000), 10s)); // 80 MB
    QVERIFY((*log)->flush(20s));
    QCOMPARE((*log)->endRow(), offset);
    const std::int64_t first = (*log)->firstRow();
    QVERIFY2(first > offset / 2 && first < offset * 9 / 10, qPrintable(QString::number(first)));
    QVERIFY2((*log)->bytes() <= allowance + (4u << 20), qPrintable(QString::number((*log)->bytes())));
    const auto rows = (*log)->read(first - 3, 6, 10s);
    QVERIFY(rows);
    for (std::size_t i = 0; i < 3; ++i) {
        QVERIFY(!(*rows)[i].isHere());
        QCOMPARE((*rows)[i].absence, RowAbsence::Evicted);
        QCOMPARE((*rows)[3 + i].batch->offset((*rows)[3 + i].index), first + std::int64_t(i));
    }
    QVERIFY(!(*(*log)->read(0, 1, 10s))[0].isHere());
    // A row that somebody holds stays readable.
    const StoredRow held = (*(*log)->read(first, 1, 10s))[0];
    for (int i = 0; i < 800; ++i, offset += 100)
        QVERIFY((*log)->append(batchOf(offset, 100, 1'000), 10s));
    QVERIFY((*log)->flush(20s));
    QVERIFY(!(*(*log)->read(first, 1, 10s))[0].isHere());
    QCOMPARE(held.batch->offset(held.index), first);
    // The ledger tells what left.
    const auto opened = capture::CaptureFolder::open((*log)->folder());
    QVERIFY(opened);
    const capture::Ledger& ledger = (*opened)->partitions.begin()->second.ledger;
    QCOMPARE(ledger.reasonFor(0), std::optional(GapReason::Dropped));
    QCOMPARE(ledger.end(), offset);
}

void TestLiveLog::theOldestLeaveWithTime()
{
    ManualClock clock;
    const QTemporaryDir folder;
    LiveLogSettings settings = settingsFor(folder.filePath("live"), 1);
    settings.age = 16min;
    auto log = LiveLog::create(settings, clock);
    QVERIFY(log);
    for (std::int64_t minute = 0; minute < 60; ++minute) {
        QVERIFY((*log)->append(batchOf(minute * 10, 10), 10s));
        QVERIFY((*log)->flush(20s));
        clock.advance(1min);
    }
    QTRY_VERIFY((*log)->firstRow() >= 430);
    QVERIFY((*log)->firstRow() <= 450);
    clock.advance(60min); // without anything new, too, but for the segment that is written to
    QTRY_COMPARE((*log)->firstRow(), std::int64_t{590});
    QVERIFY((*(*log)->read(595, 1, 10s))[0].isHere());
}

void TestLiveLog::aSlowDiskShowsAsDrops()
{
    const QTemporaryDir folder;
    SlowDisk disk;
    LiveLogSettings settings = settingsFor(folder.filePath("live"), 1);
    settings.queueBytes = 100'000;
    auto log = LiveLog::create(settings, m_clock, disk);
    QVERIFY(log);
    QVERIFY((*log)->append(batchOf(0, 10), 10s));
    QVERIFY((*log)->flush(10s));
    disk.slow = true;
    std::int64_t offset = 10;
    std::int64_t kept = offset;
    for (; (*log)->append(batchOf(offset, 100), 0ms); offset += 100)
        kept = offset + 100;
    QVERIFY(kept > 100);
    for (int i = 0; i < 20; ++i, offset += 100)
        (*log)->drop(*batchOf(offset, 100));
    QCOMPARE((*log)->state().dropped, std::uint64_t{2'000});
    QCOMPARE((*log)->endRow(), std::int64_t{10}); // rows that are told of are there
    disk.slow = false;
    disk.mayWrite.release(10);
    QVERIFY((*log)->append(batchOf(offset, 50), 10s));
    QVERIFY((*log)->flush(20s));
    QCOMPARE((*log)->endRow(), offset + 50);
    const auto rows = (*log)->read(0, static_cast<std::size_t>(offset + 50), 10s);
    QVERIFY(rows);
    for (std::int64_t row = 0; row < offset + 50; ++row) {
        const StoredRow& one = (*rows)[std::size_t(row)];
        const bool dropped = row >= kept && row < offset;
        QCOMPARE(one.isHere(), !dropped);
        if (dropped)
            QCOMPARE(one.absence, RowAbsence::Dropped);
        else
            QCOMPARE(one.batch->offset(one.index), row);
    }
    const auto opened = capture::CaptureFolder::open((*log)->folder());
    QVERIFY(opened);
    QCOMPARE((*opened)->partitions.begin()->second.ledger.reasonFor(kept), std::optional(GapReason::Dropped));
}

void TestLiveLog::aStuckDiskIsTold()
{
    ManualClock clock;
    const QTemporaryDir folder;
    SlowDisk disk;
    auto log = LiveLog::create(settingsFor(folder.filePath("live"), 1), clock, disk);
    QVERIFY(log);
    QVERIFY(!(*log)->isStuck());
    clock.advance(10s);
    QVERIFY(!(*log)->isStuck()); // nothing to do
    disk.slow = true;
    QVERIFY((*log)->append(batchOf(0, 10), 10s));
    QTest::qWait(50);
    QVERIFY(!(*log)->isStuck());
    clock.advance(3s);
    QVERIFY((*log)->isStuck());
    disk.slow = false;
    disk.mayWrite.release(10);
    QVERIFY((*log)->flush(10s));
    QVERIFY(!(*log)->isStuck());
}

void TestLiveLog::aTopicMadeAnewStaysReadable()
{
    const QTemporaryDir folder;
    auto log = LiveLog::create(settingsFor(folder.filePath("live"), 1), m_clock);
    QVERIFY(log);
    QVERIFY((*log)->append(batchOf(1'000, 10, 10), 10s));
    QVERIFY((*log)->append(batchOf(0, 5, 20), 10s));
    QVERIFY((*log)->append(batchOf(5, 5, 20), 10s));
    QVERIFY((*log)->flush(10s));
    const auto rows = (*log)->read(0, 20, 10s);
    QCOMPARE(rows->size(), std::size_t{20});
    for (std::int64_t row = 0; row < 20; ++row) {
        const StoredRow& one = (*rows)[std::size_t(row)];
        QVERIFY(one.isHere());
        QCOMPARE(one.batch->offset(one.index), row < 10 ? 1'000 + row : row - 10);
        QCOMPARE(one.batch->value(one.index)->size(), row < 10 ? std::size_t{10} : std::size_t{20});
    }
    QVERIFY(!(*log)->state().trouble);
    QCOMPARE((*log)->state().dropped, std::uint64_t{0});
}

/// Rows of all of them in the order in which they came, each with its topic.
void TestLiveLog::severalTopicsInOneLog()
{
    const QTemporaryDir folder;
    LiveLogSettings settings = settingsFor(folder.filePath("live"), 2);
    capture::TopicEntry other = settings.about.topics.front();
    other.name = "a payments"; // before the other by name
    settings.about.topics.push_back(other);
    auto log = LiveLog::create(settings, m_clock);
    QVERIFY2(log, log ? "" : log.error().text().c_str());
    std::vector<RandomRecords> records{{1, "orders", 0}, {2, "a payments", 0}, {3, "orders", 1}, {4, "a payments", 1}};
    std::vector<ExpectedRow> expected;
    fill(**log, records, 30, expected);
    records.emplace_back(5, "a payments", 7); // a partition that came meanwhile
    fill(**log, records, 5, expected);
    QCOMPARE((*log)->endRow(), std::int64_t(expected.size()));
    QCOMPARE(differenceIn(**log, expected, {0, expected.size()}), QString());
    QCOMPARE(differenceInScan(**log, expected), QString());
    const auto rows = (*log)->read(0, expected.size(), 10s);
    int ofPayments = 0;
    for (const StoredRow& row : *rows)
        ofPayments += row.isHere() && row.batch->topic() == "a payments" ? 1 : 0;
    QVERIFY(ofPayments > 100 && ofPayments < int(expected.size()) - 100);
    for (std::size_t i = 0; i < rows->size(); i += 37) {
        const StoredRow& row = (*rows)[i];
        if (!row.isHere())
            continue;
        const auto near = (*log)->rowNear({row.batch->topic(), row.batch->partition()}, row.batch->offset(row.index));
        QVERIFY(near.has_value());
        QVERIFY(*near <= std::int64_t(i) && *near + 100 > std::int64_t(i));
    }
    QVERIFY(!(*log)->rowNear({"orders", PartitionId{0}}, 1'000'000'000));
    QVERIFY(!(*log)->rowNear({"none", PartitionId{0}}, 0));
}

void TestLiveLog::aNewPartitionIsTaken()
{
    const QTemporaryDir folder;
    auto log = LiveLog::create(settingsFor(folder.filePath("live"), 1), m_clock);
    QVERIFY(log);
    std::vector<RandomRecords> records{{1, "orders", 0}, {2, "orders", 7}, {3, "orders", 3}};
    std::vector<ExpectedRow> expected;
    fill(**log, records, 10, expected);
    QCOMPARE(differenceIn(**log, expected, {0, expected.size()}), QString());
}

void TestLiveLog::aFailingDiskLosesNoRowSilently_data()
{
    QTest::addColumn<bool>("forEver");
    QTest::addColumn<bool>("full");
    QTest::newRow("one step fails") << false << false;
    QTest::newRow("one step finds the disk full") << false << true;
    QTest::newRow("all fail from there on") << true << false;
    QTest::newRow("the disk stays full") << true << true;
}

void TestLiveLog::aFailingDiskLosesNoRowSilently()
{
    QFETCH(bool, forEver);
    QFETCH(bool, full);
    for (int failAt = 1;; ++failAt) {
        const QTemporaryDir folder;
        FailingStorage storage(failAt, forEver, full ? ErrorKind::ResourceLimit : ErrorKind::Io);
        auto log = LiveLog::create(settingsFor(folder.filePath("live"), 2), m_clock, storage);
        if (!log)
            continue; // told at once
        std::vector<RandomRecords> records{{1, "orders", 0}, {2, "orders", 1}};
        std::vector<ExpectedRow> expected;
        fill(**log, records, 10, expected);
        const RowBufferState state = (*log)->state();
        const auto rows = (*log)->read(0, expected.size(), 10s);
        QCOMPARE(rows->size(), expected.size());
        std::uint64_t missing = 0;
        for (std::size_t i = 0; i < rows->size(); ++i) {
            const StoredRow& row = (*rows)[i];
            QCOMPARE(row.absence == RowAbsence::Missing, expected[i].missing.has_value());
            if (row.isHere())
                QCOMPARE(row.batch->offset(row.index), expected[i].record.offset);
            else if (!expected[i].missing)
                ++missing;
        }
        QCOMPARE(missing, state.dropped);
        fill(**log, records, 1, expected); // trouble that is over is told no more
        QCOMPARE((*log)->state().trouble.has_value(), forEver && storage.hasFailed());
        if (!storage.hasFailed())
            break;
    }
}

void TestLiveLog::aFullDiskMakesRoom()
{
    const QTemporaryDir folder;
    SmallDisk disk(40u << 20);
    LiveLogSettings settings = settingsFor(folder.filePath("live"), 1);
    settings.firstAllowance = 32u << 20;
    std::atomic<std::uint64_t> allowance = 32u << 20;
    settings.allowance = [&](std::uint64_t) { return allowance.load(); };
    auto log = LiveLog::create(settings, SystemClock::instance(), disk);
    QVERIFY(log);
    std::int64_t offset = 0;
    const auto go = [&](int batches) {
        for (int i = 0; i < batches; ++i, offset += 100)
            QVERIFY((*log)->append(batchOf(offset, 100, 1'000), 10s));
        QVERIFY((*log)->flush(20s));
    };
    go(800);
    QCOMPARE((*log)->state().dropped, std::uint64_t{0});
    // Somebody else fills the disk: the log shrinks with its allowance.
    allowance = 8u << 20;
    QTRY_VERIFY((*log)->bytes() <= (8u << 20) + (4u << 20));
    const std::int64_t newest = (*log)->endRow() - 1;
    const StoredRow row = (*(*log)->read(newest, 1, 10s))[0];
    QCOMPARE(row.batch->offset(row.index), newest);
}

void TestLiveLog::theFolderGoes()
{
    const QTemporaryDir folder;
    {
        auto log = LiveLog::create(settingsFor(folder.filePath("live"), 2), m_clock);
        QVERIFY(log);
        std::vector<RandomRecords> records{{1, "orders", 0}, {2, "orders", 1}};
        std::vector<ExpectedRow> expected;
        fill(**log, records, 5, expected);
        QVERIFY(QDir(folder.filePath("live")).exists());
    }
    QVERIFY(!QDir(folder.filePath("live")).exists());
    QVERIFY(!LiveLog::create(settingsFor("/proc/live", 1), m_clock));
}

QTEST_GUILESS_MAIN(TestLiveLog)
#include "tst_live_log.moc"
