// SPDX-License-Identifier: GPL-3.0-or-later
// Kafka itself judges what is written, serves it, and its own data folder is read as it says it is.
#include "connectors/capture/log_cursor.h"
#include "connectors/capture/verify.h"
#include "tests/connectors/capture/capture_case.h"
#include "tests/connectors/capture/dump_text.h"
#include "tests/support/command.h"
#include "tests/support/kafka_server.h"

#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;

namespace {

const QString dumpTool = QStringLiteral("kafka.tools.DumpLogSegments");

QStringList filesIn(const QString& folder, const QString& pattern)
{
    QStringList files;
    for (QDirIterator it(folder, {pattern}, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
        const QString path = it.next();
        if (!path.contains("arrivals") && it.fileInfo().size() > 0)
            files.append(path);
    }
    files.sort();
    return files;
}

/// The batches of a partition's folder as Weir sees them.
std::vector<DumpedBatch> batchesIn(const FolderPartition& partition)
{
    std::vector<DumpedBatch> batches;
    LogRange range;
    range.start = partition.log->beginOffset();
    LogCursor cursor(partition, range, {std::nullopt, true, SegmentReader::usualWindow});
    for (auto found = cursor.look(); found && *found; found = cursor.look()) {
        const FoundBatch& one = cursor.found();
        DumpedBatch batch;
        batch.baseOffset = one.header.baseOffset;
        batch.lastOffset = one.header.lastOffset();
        batch.count = one.header.recordCount;
        batch.control = one.header.isControl();
        batch.transactional = one.header.isTransactional();
        batch.leaderEpoch = one.header.leaderEpoch;
        batch.producerId = one.header.producerId;
        DecodedRecords decoded{RecordBatchBuilder(nullptr, {0}, {}), {}};
        if (decodeBatch(one.header, one.bytes, decoded)) {
            for (std::size_t i = 0; i < decoded.records.size(); ++i)
                batch.offsets.push_back(decoded.records.offset(i));
        }
        batches.push_back(std::move(batch));
        cursor.pass(std::nullopt);
    }
    return batches;
}

} // namespace

class TestRealCapture : public QObject
{
    Q_OBJECT

    std::unique_ptr<KafkaServer> m_server;
    std::unique_ptr<KafkaFeeder> m_feeder;

    /// The folder of a topic's only partition.
    QString partitionFolder(const QString& topic) const { return m_server->dataFolder() + "/" + topic + "-0"; }

    QString compareWithDump(const QString& topic)
    {
        const auto folder = CaptureFolder::open(m_server->dataFolder().toStdString());
        if (!folder)
            return QString::fromStdString(folder.error().text());
        if (!(*folder)->partitions.contains({topic.toStdString(), {0}}))
            return "the topic is not there";
        const QStringList files = filesIn(partitionFolder(topic), "*.log");
        const QByteArray text =
            m_server->say(dumpTool, {"--files", files.join(','), "--deep-iteration", "--print-data-log"});
        const std::vector<DumpedBatch> expected = dumpedBatches(text);
        const auto found = batchesIn((*folder)->partitions.at({topic.toStdString(), {0}}));
        if (expected.empty())
            return "the tool says nothing: " + QString::fromUtf8(text.left(500));
        for (std::size_t i = 0; i < std::min(expected.size(), found.size()); ++i) {
            if (!(expected[i] == found[i]))
                return QStringLiteral("batch %1 at offset %2 differs").arg(i).arg(expected[i].baseOffset);
        }
        return expected.size() == found.size()
            ? QString()
            : QStringLiteral("%1 batches instead of %2").arg(found.size()).arg(expected.size());
    }

    void produce(const std::string& topic, int from, int to, const std::string& key = {})
    {
        for (int i = from; i < to; ++i) {
            const std::string value = "value " + std::to_string(i) + std::string(60, static_cast<char>('a' + i % 26));
            const std::string own = key.empty() ? "key " + std::to_string(i % 7) : key;
            Record record;
            record.timestamp = SystemClock::instance().wallMs(); // segments roll by the times of records
            record.key = own;
            record.value = value;
            record.headers = {{"n", value}};
            m_feeder->produce(topic, record);
        }
    }

private slots:
    void initTestCase()
    {
        if (const QString why = KafkaServer::whySkip(); !why.isEmpty())
            QSKIP(qPrintable(why));
        // Compaction within seconds.
        m_server = std::make_unique<KafkaServer>(qEnvironmentVariable("WEIR_KAFKA_VERSION"),
            QStringList{"log.initial.task.delay.ms=1000", "log.cleaner.backoff.ms=500",
                "log.retention.check.interval.ms=1000"});
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
        m_feeder = std::make_unique<KafkaFeeder>(m_server->bootstrap(), "none");
    }

    void kafkaAcceptsWhatIsWritten()
    {
        QTemporaryDir dir;
        for (int codec = 0; codec < 5; ++codec) {
            CapturePlan plan;
            plan.settings.codec = static_cast<Codec>(codec);
            plan.settings.segments.bytes = 40'000;
            plan.seed = static_cast<std::uint32_t>(100 + codec);
            plan.rounds = 40;
            plan.shape.noTime = codec % 2 == 1;
            plan.shape.epochs = true;
            plan.shape.largest = codec == 0 ? 20'000 : 300;
            const WrittenCapture written = writeCapture(dir.filePath(QString::number(codec)), plan);
            QVERIFY(!written.failed && written.finished.ok());
        }
        const QStringList logs = filesIn(dir.path(), "*.log");
        QVERIFY(logs.size() > 20);
        const QByteArray text = m_server->say(dumpTool, {"--files", logs.join(','), "--deep-iteration"});
        QVERIFY2(complaintIn(text).isEmpty(), complaintIn(text));
        QVERIFY(dumpedBatches(text).size() > 500);
        QStringList indexes = filesIn(dir.path(), "*.index");
        QVERIFY(indexes.size() > 20);
        indexes += filesIn(dir.path(), "*.timeindex");
        const QByteArray index = m_server->say(dumpTool, {"--files", indexes.join(','), "--verify-index-only"});
        QVERIFY2(complaintIn(index).isEmpty(), complaintIn(index));
        QVERIFY(index.contains("Dumping"));
        // The judge can say no: one byte of one segment.
        QFile file(logs.front());
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray bytes = file.readAll();
        file.seek(bytes.size() - 3);
        file.write("?");
        file.close();
        const QByteArray bad = m_server->say(dumpTool, {"--files", logs.front()});
        QVERIFY2(complaintIn(bad).contains("isvalid: false"), bad);
    }

    /// Transactions that were committed, aborted and left open, and a compacted topic: while the broker runs.
    void aBrokersOwnFolder()
    {
        QVERIFY(m_feeder->createTopic("plain", 1, {{"segment.bytes", "1048576"}})); // the least that Kafka 4 takes
        produce("plain", 0, 40'000);
        QVERIFY(m_feeder->flush());
        QVERIFY(filesIn(partitionFolder("plain"), "*.log").size() > 1);
        QVERIFY(m_feeder->createTopic("deals", 1));
        KafkaFeeder transactional(m_server->bootstrap(), "lz4", "deals", "deals");
        const auto some = [&](int from) {
            return [&transactional, from] {
                for (int i = from; i < from + 5; ++i) {
                    const std::string value = "deal " + std::to_string(i);
                    Record record;
                    record.timestamp = 1'700'000'000'000 + i;
                    record.value = value;
                    transactional.produce("deals", record);
                }
            };
        };
        QVERIFY(transactional.transaction(some(0), KafkaFeeder::Ending::Commit));
        QVERIFY(transactional.transaction(some(5), KafkaFeeder::Ending::Abort));
        QVERIFY(transactional.transaction(some(10), KafkaFeeder::Ending::Commit));
        QVERIFY(transactional.transaction(some(15), KafkaFeeder::Ending::LeaveOpen));
        QVERIFY(m_feeder->createTopic("latest", 1,
            {{"cleanup.policy", "compact"}, {"segment.ms", "500"}, {"min.cleanable.dirty.ratio", "0.01"},
                {"max.compaction.lag.ms", "1000"}}));
        produce("latest", 0, 200);
        QVERIFY(m_feeder->flush());
        QTest::qWait(1500);
        produce("latest", 200, 201, "last"); // rolls the segment
        QVERIFY(m_feeder->flush());
        QTRY_VERIFY_WITH_TIMEOUT(isCompacted(), 30'000);
        for (const char* topic : {"plain", "deals", "latest"}) {
            const QString differs = compareWithDump(topic);
            QVERIFY2(differs.isEmpty(), qPrintable(QString(topic) + ": " + differs));
        }
        lookAtTransactions();
        const auto report = verify(m_server->dataFolder().toStdString());
        QVERIFY(report.ok());
        for (const Finding& finding : report->findings)
            QVERIFY2(!finding.isWrong, (finding.where + ": " + finding.what).c_str());
    }

    void theFolderOfAStoppedBroker()
    {
        m_feeder.reset();
        m_server->stop();
        for (const char* topic : {"plain", "deals", "latest"}) {
            const QString differs = compareWithDump(topic);
            QVERIFY2(differs.isEmpty(), qPrintable(QString(topic) + ": " + differs));
        }
        const auto folder = CaptureFolder::open(m_server->dataFolder().toStdString());
        QVERIFY(folder.ok());
        QVERIFY(!(*folder)->clusterId.empty());
        QVERIFY((*folder)->topics.at("plain").id.size() >= 20);
        QVERIFY(m_server->start());
    }

    /// A topic whose segments are replaced by those of a capture, while the broker is down: kcat reads its records.
    void aBrokerServesACapture()
    {
        QTemporaryDir dir;
        m_feeder = std::make_unique<KafkaFeeder>(m_server->bootstrap(), "none");
        QVERIFY(m_feeder->createTopic("served", 1));
        CapturePlan plan;
        plan.topics = {{"served", 1}};
        plan.settings.codec = Codec::Snappy;
        plan.settings.segments.bytes = 60'000;
        plan.rounds = 60;
        const QString capture = dir.filePath("c");
        const WrittenCapture written = writeCapture(capture, plan);
        QVERIFY(written.finished.ok());
        m_feeder.reset();
        QTRY_VERIFY(QFileInfo::exists(partitionFolder("served")));
        m_server->stop();
        QDir folder(partitionFolder("served"));
        for (const QString& name : folder.entryList({"*.log", "*.index", "*.timeindex", "*.snapshot"}))
            QVERIFY(folder.remove(name));
        QDir own(capture + "/served-0");
        for (const QString& name : own.entryList(QDir::Files))
            QVERIFY(QFile::copy(own.filePath(name), folder.filePath(name)));
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
        const Outcome outcome = runCommand("kcat",
            {"-b", QString::fromStdString(m_server->bootstrap()), "-C", "-t", "served", "-o", "beginning", "-e", "-q",
                "-f", "%o %T %K %S\n%k%s%h\n"});
        QCOMPARE(outcome.code, 0);
        QByteArray expected;
        for (const KeptRecord& record : written.records.at({"served", {0}}))
            expected += kcatText(record);
        QVERIFY2(outcome.out == expected, outcome.out.left(300) + "\ninstead of\n" + expected.left(300));
    }

private:
    bool isCompacted() const
    {
        const auto folder = CaptureFolder::open(m_server->dataFolder().toStdString());
        const auto latest = (*folder)->partitions.find({"latest", {0}});
        if (latest == (*folder)->partitions.end())
            return false;
        const auto batches = batchesIn(latest->second);
        return !batches.empty() && batches.front().count < batches.front().lastOffset - batches.front().baseOffset + 1;
    }

    void lookAtTransactions()
    {
        ReadRequest request;
        request.start = FromBeginning{};
        request.stop = UntilEnd{};
        request.isolation = IsolationLevel::ReadCommitted;
        FolderSettings settings;
        settings.root = m_server->dataFolder().toStdString();
        const auto cluster = openFolder(settings);
        request.topic = "deals";
        auto sources = cluster->open(request);
        QVERIFY(sources.ok());
        std::vector<KeptRecord> records;
        std::vector<Gap> gaps;
        while (!sources->front()->state().ended) {
            const auto batches = sources->front()->poll(std::chrono::milliseconds(1));
            QVERIFY(batches.ok());
            for (const RecordBatchPtr& batch : *batches) {
                keep(*batch, records);
                gaps.insert(gaps.end(), batch->gaps().begin(), batch->gaps().end());
            }
        }
        QCOMPARE(records.size(), std::size_t(10));
        QCOMPARE(records.front().value, std::optional<std::string>("deal 0"));
        QCOMPARE(records.back().value, std::optional<std::string>("deal 14"));
        QVERIFY(records.front().epoch == 0);
        const auto has = [&gaps](const Gap& gap) { return std::find(gaps.begin(), gaps.end(), gap) != gaps.end(); };
        QVERIFY(has({5, 6, GapReason::Control}));
        QVERIFY(has({6, 11, GapReason::Aborted}));
        QCOMPARE(sources->front()->state().partitions.front().next, std::int64_t(18));
    }

    /// A record in the words of the format above; kcat prints -1 for the length of null, and no bytes. Of a header it
    /// prints what stands before the first NUL.
    static QByteArray kcatText(const KeptRecord& record)
    {
        const auto sizeOf = [](const std::optional<std::string>& bytes) {
            return QByteArray::number(bytes ? static_cast<qint64>(bytes->size()) : -1);
        };
        const auto bytesOf = [](const std::optional<std::string>& bytes) {
            return bytes ? QByteArray::fromStdString(*bytes) : QByteArray();
        };
        QByteArray text = QByteArray::number(static_cast<qint64>(record.offset)) + ' '
            + QByteArray::number(static_cast<qint64>(record.timestamp)) + ' ' + sizeOf(record.key) + ' '
            + sizeOf(record.value) + '\n' + bytesOf(record.key) + bytesOf(record.value);
        for (std::size_t h = 0; h < record.headers.size(); ++h) {
            const auto& [name, value] = record.headers[h];
            text += (h > 0 ? "," : "") + QByteArray(name.c_str()) + '='
                + (value ? QByteArray(value->c_str()) : QByteArray("NULL"));
        }
        return text + '\n';
    }
};

QTEST_GUILESS_MAIN(TestRealCapture)
#include "tst_real_capture.moc"
