// SPDX-License-Identifier: GPL-3.0-or-later
// A capture that was written comes back, record by record, in order of arrival, with every offset explained.
#include "connectors/capture/recover.h"
#include "connectors/capture/verify.h"
#include "tests/connectors/capture/capture_case.h"
#include "tests/support/manual_clock.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;

namespace {

std::string problemsOf(const VerifyReport& report)
{
    std::string text;
    for (const Finding& finding : report.findings)
        text += finding.where + ": " + finding.what + "\n";
    return text;
}

RecordBatchPtr plainBatch(std::int64_t first, int count, const std::vector<Gap>& gaps = {})
{
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), {0},
        {static_cast<std::size_t>(count), 0, static_cast<std::size_t>(count) * 32});
    for (const Gap& gap : gaps)
        builder.addGap(gap);
    for (int i = 0; i < count; ++i)
        builder.add(
            first + i, 1000 + first + i, TimestampType::CreateTime, std::nullopt, "value " + std::to_string(first + i));
    return builder.finish(77, nullptr);
}

/// A value that its producer framed for a schema registry, below 256.
std::string framed(char id)
{
    return std::string("\0\0\0\0", 4) + id + "payload";
}

/// What this process has read so far, from anywhere.
qint64 bytesRead()
{
    QFile io("/proc/self/io");
    return io.open(QIODevice::ReadOnly) ? io.readLine().mid(7).trimmed().toLongLong() : -1;
}

LedgerInterval ledgerOf(const QString& folder)
{
    const auto report = verify(folder.toStdString());
    return report && report->partitions.size() == 1 ? report->partitions.front().ledger : LedgerInterval();
}

} // namespace

class TestCapture : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_number = 0;

    QString newFolder() { return m_dir.filePath(QString::number(++m_number)); }

private slots:
    void comesBack_data()
    {
        QTest::addColumn<int>("codec");
        QTest::addColumn<int>("segmentBytes");
        for (int codec = 0; codec < 5; ++codec) {
            const std::string name(codecName(static_cast<Codec>(codec)));
            QTest::newRow((name + ", one segment").c_str()) << codec << (1 << 27);
            QTest::newRow((name + ", many").c_str()) << codec << 9000;
        }
    }

    void comesBack()
    {
        QFETCH(int, codec);
        QFETCH(int, segmentBytes);
        CapturePlan plan;
        plan.settings.codec = static_cast<Codec>(codec);
        plan.settings.segments.bytes = static_cast<std::size_t>(segmentBytes);
        plan.seed = static_cast<std::uint32_t>(codec + 1);
        plan.shape.epochs = plan.shape.noTime = true;
        const QString folder = newFolder();
        const WrittenCapture written = writeCapture(folder, plan);
        QVERIFY(!written.failed && written.finished.ok());
        const auto report = verify(folder.toStdString());
        QVERIFY(report.ok());
        QVERIFY2(report->isIntact(), problemsOf(*report).c_str());
        QVERIFY(report->findings.empty());
        const auto back = readFolder(folder);
        QVERIFY2(back.ok(), back ? "" : back.error().text().c_str());
        QVERIFY(*back == written.records);
    }

    /// Records of several partitions come in the order in which they arrived, with the time at which they did.
    void inOrderOfArrival()
    {
        const QString folder = newFolder();
        ManualClock clock;
        auto writer = CaptureWriter::create(folder.toStdString(), aboutTopics({{"t", 3}}), {}, clock);
        QVERIFY(writer.ok());
        std::vector<std::pair<int, EpochMs>> order;
        std::mt19937 dice(3);
        std::vector<std::int64_t> next(3, 0);
        for (int i = 0; i < 200; ++i) {
            const int p = static_cast<int>(dice() % 3);
            RecordBatchBuilder builder(std::make_shared<const std::string>("t"), {p}, {2, 0, 64});
            builder.add(next[static_cast<std::size_t>(p)]++, 5000 - i, TimestampType::CreateTime, std::nullopt, "x");
            order.emplace_back(p, 10'000 + i);
            QVERIFY((*writer)->append(*builder.finish(10'000 + i, nullptr), std::nullopt));
        }
        QVERIFY((*writer)->finish("test"));
        FolderSettings settings;
        settings.root = folder.toStdString();
        const auto cluster = openFolder(settings);
        ReadRequest request;
        request.topic = "t";
        request.instances = 3;
        auto sources = cluster->open(request); // from the end of a topic: a capture plays from its beginning
        QVERIFY(sources.ok());
        QCOMPARE(sources->size(), std::size_t(1));
        std::vector<std::pair<int, EpochMs>> found;
        Source& source = *sources->front();
        while (!source.state().ended) {
            const auto batches = source.poll(std::chrono::milliseconds(1));
            QVERIFY(batches.ok());
            for (const RecordBatchPtr& batch : *batches)
                found.emplace_back(batch->partition().value, batch->receiveTime());
        }
        QVERIFY(found == order);
    }

    void ledgerExplains()
    {
        const QString folder = newFolder();
        auto writer = CaptureWriter::create(folder.toStdString(), aboutTopics({{"t", 1}}), {}, SystemClock::instance());
        QVERIFY(writer.ok());
        const TopicPartition t{"t", {0}};
        QVERIFY((*writer)->begin(t, 10));
        QVERIFY(
            (*writer)->append(*plainBatch(20, 10, {{5, 10, GapReason::Retention}, {12, 15, GapReason::Control}}), {}));
        QVERIFY((*writer)->append(*plainBatch(40, 10), std::vector<std::uint32_t>{2, 3, 7}));
        QVERIFY((*writer)->append(*plainBatch(50, 10), std::vector<std::uint32_t>{}));
        QVERIFY((*writer)->addHole(t, 65, GapReason::NotTold));
        const auto back = (*writer)->append(*plainBatch(64, 1), {});
        QVERIFY(!back && back.error().kind == ErrorKind::OutOfRange);
        QVERIFY((*writer)->finish("test"));
        const auto report = verify(folder.toStdString());
        QVERIFY2(report && report->isIntact(), report ? problemsOf(*report).c_str() : "");
        const LedgerInterval ledger = ledgerOf(folder);
        QCOMPARE(ledger.first, std::int64_t(5));
        QCOMPARE(ledger.end, std::int64_t(65));
        QCOMPARE(ledger.stored, std::int64_t(13));
        QCOMPARE(ledger.hole(GapReason::Retention), std::int64_t(5));
        QCOMPARE(ledger.hole(GapReason::Control), std::int64_t(3));
        QCOMPARE(ledger.hole(GapReason::Filtered), std::int64_t(17));
        QCOMPARE(ledger.hole(GapReason::NotTold), std::int64_t(2 + 5 + 10 + 5));
        QCOMPARE(ledger.unexplained(), std::int64_t(0));
        // Opened again, the reasons are told along with the records.
        std::map<std::string, SourceState> states;
        const auto records = readFolder(folder, &states);
        QVERIFY(records.ok());
        QCOMPARE(records->at(t).size(), std::size_t(13));
        QCOMPARE(states.at("t").partitions.front().next, std::int64_t(48));
    }

    void ringKeepsTheNewest()
    {
        CapturePlan plan;
        plan.topics = {{"t", 2}};
        plan.rounds = 400;
        plan.settings.segments.bytes = 20'000;
        plan.settings.ringBytes = 200'000;
        const QString folder = newFolder();
        const WrittenCapture written = writeCapture(folder, plan);
        QVERIFY(!written.failed && written.finished.ok());
        const auto report = verify(folder.toStdString());
        QVERIFY2(report && report->isIntact(), report ? problemsOf(*report).c_str() : "");
        std::uint64_t bytes = 0;
        for (const VerifiedPartition& partition : report->partitions) {
            bytes += partition.bytes;
            QVERIFY(partition.ledger.hole(GapReason::Dropped) > 0);
            QCOMPARE(partition.ledger.unexplained(), std::int64_t(0));
        }
        QVERIFY2(bytes > 100'000 && bytes <= 240'000, std::to_string(bytes).c_str());
        const auto back = readFolder(folder);
        QVERIFY(back.ok());
        QCOMPARE(foreignIn(*back, written.records), QString());
        for (const auto& [partition, records] : *back)
            QVERIFY(records.back() == written.records.at(partition).back());
    }

    void jumpsToOffsetsAndTimes()
    {
        CapturePlan plan;
        plan.topics = {{"t", 1}};
        plan.rounds = 200;
        plan.shape.appendTime = false;
        plan.settings.segments.bytes = 50'000;
        const QString folder = newFolder();
        const WrittenCapture written = writeCapture(folder, plan);
        const auto& all = written.records.at({"t", {0}});
        for (std::size_t i = 0; i < all.size(); i += 97) {
            ReadRequest request;
            request.start = FromOffset{all[i].offset};
            request.stop = UntilOffset{all[std::min(i + 40, all.size() - 1)].offset};
            const auto some = readFolder(folder, nullptr, &request);
            QVERIFY(some.ok());
            const std::vector<KeptRecord> expected(all.begin() + static_cast<std::ptrdiff_t>(i),
                all.begin() + static_cast<std::ptrdiff_t>(std::min(i + 40, all.size() - 1)));
            const auto found = some->find({"t", {0}});
            QVERIFY(found == some->end() ? expected.empty() : found->second == expected);
            ReadRequest byTime;
            byTime.start = FromTime{all[i].timestamp};
            byTime.stop = UntilEnd{};
            const auto first = std::find_if(
                all.begin(), all.end(), [&](const KeptRecord& record) { return record.timestamp >= all[i].timestamp; });
            const auto later = readFolder(folder, nullptr, &byTime);
            QVERIFY(later.ok());
            QCOMPARE(later->at({"t", {0}}).front().offset, first->offset);
        }
    }

    /// Indexes are caches: without them, or with wrong ones, everything is found all the same, and verify tells.
    void wrongIndexes()
    {
        CapturePlan plan;
        plan.topics = {{"t", 1}};
        plan.rounds = 100;
        plan.settings.segments.bytes = 60'000;
        const QString folder = newFolder();
        const WrittenCapture written = writeCapture(folder, plan);
        const auto& all = written.records.at({"t", {0}});
        QDir segments(folder + "/t-0");
        int changed = 0;
        for (const QString& name : segments.entryList({"*.index", "*.timeindex"})) {
            QFile file(segments.filePath(name));
            QVERIFY(file.open(QIODevice::ReadWrite));
            QByteArray bytes = file.readAll();
            if (bytes.isEmpty())
                continue;
            bytes[bytes.size() - 1] = static_cast<char>(bytes.back() ^ (1 + changed % 3));
            file.seek(0);
            file.write(bytes);
            ++changed;
        }
        QVERIFY(changed > 4);
        const auto report = verify(folder.toStdString());
        QVERIFY(report.ok());
        QVERIFY(!report->isIntact());
        for (std::size_t i = 0; i < all.size(); i += 131) {
            ReadRequest request;
            request.start = FromOffset{all[i].offset};
            request.stop = UntilEnd{};
            const auto some = readFolder(folder, nullptr, &request);
            QVERIFY(some.ok());
            QVERIFY(some->at({"t", {0}}).front() == all[i]);
        }
        for (const QString& name : segments.entryList({"*.index", "*.timeindex"}))
            QVERIFY(segments.remove(name));
        const auto without = verify(folder.toStdString());
        QVERIFY2(without && without->isIntact(), without ? problemsOf(*without).c_str() : "");
        QVERIFY(*readFolder(folder) == written.records);
    }

    /// Batches that came one by one are handed out one by one, but not read one by one.
    void smallBatchesAreReadOnce()
    {
        CapturePlan plan;
        plan.topics = {{"t", 3}};
        plan.rounds = 500;
        plan.mostRecords = 5;
        const QString folder = newFolder();
        const WrittenCapture written = writeCapture(folder, plan);
        qint64 size = 0;
        for (QDirIterator it(folder, QDir::Files, QDirIterator::Subdirectories); it.hasNext(); it.next())
            size += it.fileInfo().size();
        const qint64 before = bytesRead();
        const auto back = readFolder(folder);
        const qint64 read = bytesRead() - before;
        QVERIFY(before > 0 && back.ok() && *back == written.records);
        QVERIFY2(read < 3 * size, qPrintable(QStringLiteral("%1 bytes of %2").arg(read).arg(size)));
    }

    void schemasMet()
    {
        const QString folder = newFolder();
        auto writer = CaptureWriter::create(
            folder.toStdString(), aboutTopics({{"plain", 1}, {"t", 2}}), {}, SystemClock::instance());
        QVERIFY(writer.ok());
        for (int p = 0; p < 2; ++p) {
            RecordBatchBuilder builder(std::make_shared<const std::string>("t"), {p}, {4, 0, 200});
            builder.add(0, 1, TimestampType::CreateTime, framed(9), framed(7));
            builder.add(1, 1, TimestampType::CreateTime, "key", framed(7));
            builder.add(2, 1, TimestampType::CreateTime, std::nullopt, std::nullopt);
            builder.add(3, 1, TimestampType::CreateTime, std::nullopt, framed(static_cast<char>(8 + p)));
            const std::vector<std::uint32_t> rows{0, 1, 2, 3};
            QVERIFY((*writer)->append(*builder.finish(77, nullptr), p == 0 ? std::nullopt : std::optional(rows)));
        }
        // More ids than a topic has schemas: these bytes are something else.
        RecordBatchBuilder builder(std::make_shared<const std::string>("plain"), {0}, {100, 0, 1200});
        for (char i = 0; i < 100; ++i)
            builder.add(i, 1, TimestampType::CreateTime, std::nullopt, framed(static_cast<char>(i + 1)));
        QVERIFY((*writer)->append(*builder.finish(78, nullptr), std::nullopt));
        QVERIFY((*writer)->finish("test"));
        const QString saved = newFolder();
        const auto report = recover(folder.toStdString(), saved.toStdString(), SystemClock::instance());
        QVERIFY(report && report->verified.isIntact());
        for (const QString& root : {folder, saved}) {
            const auto opened = CaptureFolder::open(root.toStdString());
            QVERIFY(opened.ok());
            const SchemaUses expected{{7, {0, 4}}, {8, {0, 1}}, {9, {2, 1}}};
            QVERIFY((*opened)->topics.at("t").schemas == expected);
            QVERIFY((*opened)->topics.at("plain").schemas.empty());
        }
        QVERIFY(problemsOf(report->verified)
                    .find("t: records are framed with ids of a schema registry: 7 (4 values), "
                          "8 (1 values), 9 (2 keys, 1 values).")
            != std::string::npos);
    }

    /// A folder that somebody still writes is followed.
    void growing()
    {
        const QString folder = newFolder();
        auto writer = CaptureWriter::create(folder.toStdString(), aboutTopics({{"t", 1}}), {}, SystemClock::instance());
        QVERIFY(writer.ok());
        QVERIFY((*writer)->append(*plainBatch(0, 10), {}));
        FolderSettings settings;
        settings.root = folder.toStdString();
        const auto cluster = openFolder(settings);
        ReadRequest request;
        request.topic = "t";
        request.start = FromBeginning{};
        auto sources = cluster->open(request);
        QVERIFY(sources.ok());
        std::int64_t next = 0;
        for (int round = 0; round < 5; ++round) {
            for (int tries = 0; tries < 100 && next < 10 * (round + 1); ++tries) {
                const auto batches = sources->front()->poll(std::chrono::milliseconds(300));
                QVERIFY(batches.ok());
                for (const RecordBatchPtr& batch : *batches)
                    next += static_cast<std::int64_t>(batch->size());
            }
            QCOMPARE(next, std::int64_t(10 * (round + 1)));
            QVERIFY(!sources->front()->state().ended);
            QVERIFY((*writer)->append(*plainBatch(next, 10), {}));
        }
        QVERIFY((*writer)->finish("test"));
    }

    void whatIsNoCaptureIsRefused()
    {
        QVERIFY(CaptureFolder::open("/nowhere/at/all").error().kind == ErrorKind::NotFound);
        const QString empty = newFolder();
        QVERIFY(QDir().mkpath(empty));
        QVERIFY(CaptureFolder::open(empty.toStdString()).error().kind == ErrorKind::InvalidInput);
        const QString full = newFolder();
        QVERIFY(QDir().mkpath(full + "/something"));
        const auto writer =
            CaptureWriter::create(full.toStdString(), aboutTopics({{"t", 1}}), {}, SystemClock::instance());
        QVERIFY(!writer);
        QVERIFY(writer.error().message.find("something already") != std::string::npos);
    }

    void recoverOfAnIntactOne()
    {
        CapturePlan plan;
        plan.settings.codec = Codec::Zstd;
        plan.settings.segments.bytes = 12'000;
        plan.shape.epochs = true;
        const QString folder = newFolder();
        const WrittenCapture written = writeCapture(folder, plan);
        const QString saved = newFolder();
        const auto report = recover(folder.toStdString(), saved.toStdString(), SystemClock::instance());
        QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
        QVERIFY2(report->verified.isIntact(), problemsOf(report->verified).c_str());
        QVERIFY(report->lost.empty());
        QVERIFY(*readFolder(saved) == written.records);
        // The ledgers say the same, whatever the segments are cut into.
        const auto before = verify(folder.toStdString());
        for (std::size_t i = 0; i < before->partitions.size(); ++i)
            QVERIFY(before->partitions[i].ledger == report->verified.partitions[i].ledger);
    }
};

QTEST_GUILESS_MAIN(TestCapture)
#include "tst_capture.moc"
