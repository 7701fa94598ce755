// SPDX-License-Identifier: GPL-3.0-or-later
// A capture cut at every byte, and with any bit turned over: what is intact comes back, and nothing false does.
#include "connectors/capture/recover.h"
#include "connectors/capture/verify.h"
#include "tests/connectors/capture/capture_case.h"

#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;

namespace {

/// WEIR_LONG=1 makes the runs of the long bench.
bool isLong()
{
    return qEnvironmentVariableIntValue("WEIR_LONG") != 0;
}

/// With sanitizers every step takes five times as long: fewer of them.
#if defined(__SANITIZE_ADDRESS__)
constexpr int thinning = 10;
#else
constexpr int thinning = 1;
#endif

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void overwrite(const QString& path, qint64 position, char byte)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.seek(position);
    file.write(&byte, 1);
}

/// The batches of a segment file, by their ends.
struct Place
{
    qint64 begin = 0;
    qint64 end = 0;
    std::int64_t firstOffset = 0;
    std::int64_t endOffset = 0;
};

std::vector<Place> placesIn(const QByteArray& segment)
{
    std::vector<Place> places;
    for (qint64 at = 0; at + static_cast<qint64>(batchHeaderBytes) <= segment.size();) {
        const BatchHeader header = loadHeader(segment.constData() + at);
        const qint64 end = at + static_cast<qint64>(header.totalBytes());
        places.push_back({at, end, header.baseOffset, header.endOffset()});
        at = end;
    }
    return places;
}

} // namespace

class TestCaptureDamage : public QObject
{
    Q_OBJECT

private slots:
    void cutAtEveryByte_data()
    {
        QTest::addColumn<bool>("arrivals");
        QTest::newRow("a capture") << true;
        QTest::newRow("a folder of segments") << false;
    }

    void cutAtEveryByte()
    {
        QFETCH(bool, arrivals);
        QTemporaryDir dir;
        CapturePlan plan;
        plan.topics = {{"t", 1}};
        plan.rounds = isLong() ? 360 : 23;
        const QString folder = dir.filePath("c");
        const WrittenCapture written = writeCapture(folder, plan);
        const QString path = folder + "/t-0/00000000000000000000.log";
        const std::vector<Place> places = placesIn(contentOf(path));
        const auto& all = written.records.at({"t", {0}});
        if (!arrivals) {
            QVERIFY(QFile::remove(folder + "/capture.json"));
            QVERIFY(QFile::remove(folder + "/arrivals.log"));
        }
        const qint64 size = QFileInfo(path).size();
        QVERIFY2(size > (isLong() ? 1'000'000 : 60'000), qPrintable(QString::number(size)));
        std::size_t whole = all.size();
        std::size_t left = places.size();
        for (qint64 cut = size - 1; cut >= 0; cut -= thinning) {
            QVERIFY(QFile::resize(path, cut));
            while (left > 0 && places[left - 1].end > cut) {
                --left;
                while (whole > 0 && all[whole - 1].offset >= places[left].firstOffset)
                    --whole;
            }
            std::size_t count = 0;
            std::vector<KeptRecord> last;
            FolderReading reading;
            reading.batch = [&](const RecordBatch& batch) {
                count += batch.size();
                if (count == whole)
                    keep(batch, last);
            };
            std::int64_t explained = 0;
            reading.state = [&](const std::string&, const SourceState& state) {
                explained = state.partitions.front().next;
            };
            QVERIFY(readFolder(folder, reading));
            if (count != whole || (count > 0 && !(last.back() == all[whole - 1])))
                QFAIL(qPrintable(QStringLiteral("cut at %1: %2 of %3 records").arg(cut).arg(count).arg(whole)));
            if (arrivals) // they tell what is lost
                QCOMPARE(explained, places.back().endOffset);
        }
    }

    void anyBitTurnedOver_data()
    {
        QTest::addColumn<int>("codec");
        QTest::newRow("none") << 0;
        QTest::newRow("lz4") << 3;
    }

    void anyBitTurnedOver()
    {
        QFETCH(int, codec);
        QTemporaryDir dir;
        CapturePlan plan;
        plan.rounds = isLong() ? 100 : 7;
        plan.settings.segments.bytes = 12'000;
        plan.settings.codec = static_cast<Codec>(codec);
        plan.shape.epochs = true;
        const QString folder = dir.filePath("c");
        const WrittenCapture written = writeCapture(folder, plan);
        QStringList files;
        qint64 bytes = 0;
        for (QDirIterator it(folder, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
            files.append(it.next());
            bytes += it.fileInfo().size();
        }
        files.sort();
        std::size_t all = 0;
        for (const auto& [partition, records] : written.records)
            all += records.size();
        std::mt19937 dice(static_cast<std::uint32_t>(41 + codec));
        for (int turn = 0; turn < (isLong() ? 20'000 : 5'000) / thinning; ++turn) {
            auto place = static_cast<qint64>(dice() % static_cast<std::uint32_t>(bytes));
            QString path;
            for (const QString& file : files) {
                const qint64 size = QFileInfo(file).size();
                path = file;
                if (place < size)
                    break;
                place -= size;
            }
            const QByteArray before = contentOf(path);
            const char turned = static_cast<char>(before[place] ^ (1 << (dice() % 8)));
            overwrite(path, place, turned);
            const QString where = QStringLiteral("%1, byte %2").arg(path).arg(place);
            std::map<std::string, SourceState> states;
            const auto back = readFolder(folder, &states);
            QVERIFY2(unexplainedIn(states, written.records).isEmpty(),
                qPrintable(where + ": " + unexplainedIn(states, written.records)));
            QVERIFY2(back.ok(), qPrintable(where + (back ? "" : QString::fromStdString(back.error().text()))));
            QVERIFY2(foreignIn(*back, written.records).isEmpty(),
                qPrintable(where + ": " + foreignIn(*back, written.records)));
            std::size_t lost = all;
            for (const auto& [partition, records] : *back)
                lost -= records.size();
            QVERIFY2(lost <= mostLostBy(path, before, place, written),
                qPrintable(QStringLiteral("%1: lost %2").arg(where).arg(lost)));
            const auto report = verify(folder.toStdString());
            QVERIFY2(report && !report->isIntact(), qPrintable(where + ": verify saw nothing"));
            overwrite(path, place, before[place]);
        }
        QVERIFY(verify(folder.toStdString())->isIntact());
    }

    void recoverSavesTheRest()
    {
        QTemporaryDir dir;
        CapturePlan plan;
        plan.rounds = 30;
        plan.settings.segments.bytes = 30'000;
        const QString folder = dir.filePath("c");
        const WrittenCapture written = writeCapture(folder, plan);
        std::mt19937 dice(47);
        QStringList segments;
        for (QDirIterator it(folder, {"*.log"}, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
            if (!it.next().contains("arrivals"))
                segments.append(it.filePath());
        }
        for (int turn = 0; turn < 60; ++turn) {
            const QString path = segments.at(static_cast<qsizetype>(dice() % static_cast<unsigned>(segments.size())));
            const QByteArray before = contentOf(path);
            const auto place = static_cast<qint64>(dice() % static_cast<unsigned>(before.size()));
            if (turn % 3 == 0)
                QVERIFY(QFile::resize(path, place));
            else
                overwrite(path, place, static_cast<char>(before[place] ^ 4));
            const QString saved = dir.filePath("saved" + QString::number(turn));
            const auto report = recover(folder.toStdString(), saved.toStdString(), SystemClock::instance());
            QVERIFY2(report.ok(), report ? "" : report.error().text().c_str());
            QVERIFY2(report->verified.isIntact(), qPrintable(path));
            QVERIFY2(!report->lost.empty(), qPrintable(QStringLiteral("%1, byte %2").arg(path).arg(place)));
            const auto back = readFolder(saved);
            QVERIFY(back.ok());
            QCOMPARE(foreignIn(*back, written.records), QString());
            QVERIFY(*back == *readFolder(folder));
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(before);
        }
    }

private:
    /// Partitions whose end was not reached, with records or without.
    static QString unexplainedIn(const std::map<std::string, SourceState>& states, const Kept& written)
    {
        for (const auto& [partition, records] : written) {
            for (const PartitionPosition& position : states.at(partition.topic).partitions) {
                if (position.partition == partition.partition && position.next <= records.back().offset)
                    return QStringLiteral("%1 ends before %2").arg(partition.text().c_str()).arg(position.next);
            }
        }
        return {};
    }

    /// How many records may be gone when this byte is wrong: those of the batch around it.
    static std::size_t mostLostBy(
        const QString& path, const QByteArray& content, qint64 place, const WrittenCapture& written)
    {
        const QString partitionFolder = QFileInfo(path).dir().dirName();
        const auto partition = partitionOf(partitionFolder.toStdString());
        if (!path.endsWith(".log") || !partition)
            return 0;
        for (const Place& batch : placesIn(content)) {
            if (place < batch.begin || place >= batch.end)
                continue;
            const auto& records = written.records.at(*partition);
            return static_cast<std::size_t>(
                std::count_if(records.begin(), records.end(), [&](const KeptRecord& record) {
                    return record.offset >= batch.firstOffset && record.offset < batch.endOffset;
                }));
        }
        return 0;
    }
};

QTEST_GUILESS_MAIN(TestCaptureDamage)
#include "tst_capture_damage.moc"
