// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/folder_rows.h"
#include "tests/connectors/capture/capture_case.h"
#include "tests/connectors/rows/rows_case.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::rows;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// A capture that is read once, as a topic view does, with the rows noted.
struct Viewed
{
    explicit Viewed(const QString& capture, const ReadRequest& request, const QString& index)
        : cluster(capture::openFolder({capture.toStdString(), nullptr, &SystemClock::instance()}))
    {
        FolderRowsSettings settings;
        settings.folder = *cluster->content();
        settings.topics = {request.topic};
        settings.isolation = request.isolation;
        settings.indexFolder = index.toStdString();
        auto made = FolderRows::create(settings);
        if (!made)
            qFatal("%s", made.error().text().c_str());
        rows = std::move(*made);
        auto sources = cluster->open(request);
        if (!sources)
            qFatal("%s", sources.error().text().c_str());
        for (auto& source : *sources) {
            while (!source->state().ended) {
                const auto batches = source->poll(10ms);
                if (!batches)
                    qFatal("%s", batches.error().text().c_str());
                for (const RecordBatchPtr& batch : *batches) {
                    QVERIFY(rows->append(batch, 0ms));
                    expect(*batch, expected);
                }
            }
        }
    }

    std::shared_ptr<capture::FolderCluster> cluster;
    std::unique_ptr<FolderRows> rows;
    std::vector<ExpectedRow> expected;
};

ReadRequest allOf(const std::string& topic)
{
    ReadRequest request;
    request.topic = topic;
    request.start = FromBeginning{};
    request.stop = UntilEnd{};
    return request;
}

} // namespace

class TestFolderRows : public QObject
{
    Q_OBJECT
private slots:
    void rowsAreTheRecordsThatWereRead_data()
    {
        QTest::addColumn<int>("codec");
        QTest::newRow("none") << int(capture::Codec::None);
        QTest::newRow("lz4") << int(capture::Codec::Lz4);
        QTest::newRow("zstd") << int(capture::Codec::Zstd);
    }

    void rowsAreTheRecordsThatWereRead()
    {
        QFETCH(int, codec);
        const QTemporaryDir folder;
        CapturePlan plan;
        plan.settings.codec = static_cast<capture::Codec>(codec);
        plan.settings.segments.bytes = 50'000;
        plan.rounds = 60;
        plan.mostRecords = 300;
        QVERIFY(writeCapture(folder.filePath("capture"), plan).finished);
        const Viewed viewed(folder.filePath("capture"), allOf("orders"), folder.filePath("index"));
        const auto all = static_cast<std::int64_t>(viewed.expected.size());
        QVERIFY(all > 5'000);
        QCOMPARE(viewed.rows->endRow(), all);
        QCOMPARE(differenceIn(*viewed.rows, viewed.expected, {0, viewed.expected.size()}), QString());
        QCOMPARE(differenceInScan(*viewed.rows, viewed.expected), QString());
        std::mt19937 random(5);
        for (int i = 0; i < 200; ++i) {
            const std::int64_t first = static_cast<std::int64_t>(random() % std::size_t(all - 60));
            QCOMPARE(differenceIn(*viewed.rows, viewed.expected, {first, 60}), QString());
        }
        QCOMPARE(viewed.rows->folder(), folder.filePath("capture").toStdString());
    }

    void aRangeHasItsOwnRows()
    {
        const QTemporaryDir folder;
        CapturePlan plan;
        plan.topics = {{"orders", 2}};
        QVERIFY(writeCapture(folder.filePath("capture"), plan).finished);
        ReadRequest request = allOf("orders");
        request.start = FromOffset{17}; // amid a batch
        request.stop = UntilOffset{101};
        const Viewed viewed(folder.filePath("capture"), request, folder.filePath("index"));
        QVERIFY(!viewed.expected.empty());
        QCOMPARE(differenceIn(*viewed.rows, viewed.expected, {0, viewed.expected.size()}), QString());
        QCOMPARE(differenceInScan(*viewed.rows, viewed.expected), QString());
    }

    /// Others own the folder: what they cut or remove is told, row by row, and the rest stays readable.
    void whatIsTakenAwayIsTold()
    {
        const QTemporaryDir folder;
        CapturePlan plan;
        plan.topics = {{"orders", 2}};
        plan.settings.segments.bytes = 20'000;
        plan.rounds = 60;
        QVERIFY(writeCapture(folder.filePath("capture"), plan).finished);
        const Viewed viewed(folder.filePath("capture"), allOf("orders"), folder.filePath("index"));
        QDir partition(folder.filePath("capture/orders-0"));
        const QStringList segments = partition.entryList({"*.log"}, QDir::Files, QDir::Name);
        QVERIFY(segments.size() > 3);
        QVERIFY(QFile::resize(partition.filePath(segments[1]), 100));
        QVERIFY(QFile::remove(partition.filePath(segments[2])));
        const auto rows = viewed.rows->read(0, viewed.expected.size(), 20s);
        QVERIFY(rows);
        std::size_t gone = 0;
        for (std::size_t i = 0; i < rows->size(); ++i) {
            const StoredRow& row = (*rows)[i];
            if (row.isHere()) {
                QCOMPARE(row.batch->offset(row.index), viewed.expected[i].record.offset);
                continue;
            }
            if (viewed.expected[i].missing)
                continue;
            ++gone;
            QCOMPARE(viewed.expected[i].partition, PartitionId{0});
            QVERIFY(row.absence == RowAbsence::Unreadable || row.absence == RowAbsence::Evicted);
        }
        QVERIFY(gone > 0 && gone < viewed.expected.size() / 3);
    }

    void theIndexGoesAndTheCaptureStays()
    {
        const QTemporaryDir folder;
        QVERIFY(writeCapture(folder.filePath("capture"), {}).finished);
        {
            const Viewed viewed(folder.filePath("capture"), allOf("orders"), folder.filePath("index"));
            QVERIFY(QDir(folder.filePath("index")).exists());
        }
        QVERIFY(!QDir(folder.filePath("index")).exists());
        QVERIFY(QDir(folder.filePath("capture/orders-0")).exists());
    }
};

QTEST_GUILESS_MAIN(TestFolderRows)
#include "tst_folder_rows.moc"
