// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/arrival_times.h"
#include "connectors/capture/playback.h"
#include "tests/connectors/capture/capture_case.h"
#include "tests/support/manual_clock.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <random>
#include <thread>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr EpochMs start = 1'700'000'000'000;

/// A capture whose batches came 100 ms apart, the partitions in turn.
struct Timed
{
    explicit Timed(const QString& folder, int rounds = 30)
    {
        auto writer = CaptureWriter::create(folder.toStdString(), aboutTopics({{"orders", 3}}), {}, clock);
        if (!writer)
            qFatal("%s", writer.error().text().c_str());
        std::int64_t received = start;
        for (int round = 0; round < rounds; ++round) {
            for (int partition = 0; partition < 3; ++partition, received += 100) {
                RecordBatchBuilder builder(
                    std::make_shared<const std::string>("orders"), PartitionId{partition}, {4, 0, 40});
                for (int i = 0; i < 4; ++i)
                    builder.add(round * 4 + i, received - 20, TimestampType::CreateTime, "k", "value");
                QVERIFY((*writer)->append(*builder.finish(received, nullptr), std::nullopt));
            }
        }
        QVERIFY((*writer)->finish("done"));
        last = received - 100;
    }
    ManualClock clock;
    EpochMs last = 0;
};

struct Opened
{
    Opened(const QString& folder, const Clock& clock, bool paced)
        : playback(std::make_shared<Playback>(clock, paced)),
          cluster(openFolder({folder.toStdString(), nullptr, &clock, playback}))
    {
        ReadRequest request;
        request.topic = "orders";
        auto sources = cluster->open(request);
        if (!sources)
            qFatal("%s", sources.error().text().c_str());
        source = std::move(sources->front());
    }
    /// Partition and offset of each record that comes now.
    std::vector<std::pair<int, std::int64_t>> read()
    {
        std::vector<std::pair<int, std::int64_t>> records;
        for (bool more = true; more;) {
            const auto batches = source->poll(1ms);
            if (!batches)
                qFatal("%s", batches.error().text().c_str());
            more = !batches->empty();
            for (const RecordBatchPtr& batch : *batches) {
                for (std::size_t i = 0; i < batch->size(); ++i)
                    records.emplace_back(batch->partition().value, batch->offset(i));
            }
        }
        return records;
    }
    std::int64_t highs()
    {
        const std::vector<TopicPartition> partitions{
            {"orders", PartitionId{0}}, {"orders", PartitionId{1}}, {"orders", PartitionId{2}}};
        std::int64_t sum = 0;
        const auto marks = cluster->watermarks(partitions);
        for (const Watermarks& one : *marks)
            sum += one.high;
        return sum;
    }

    std::shared_ptr<Playback> playback;
    std::shared_ptr<FolderCluster> cluster;
    std::unique_ptr<Source> source;
};

} // namespace

class TestPlayback : public QObject
{
    Q_OBJECT

    const QTemporaryDir m_dir;

private slots:
    void theClock()
    {
        ManualClock real;
        Playback playback(real, true);
        QCOMPARE(playback.state(), PlaybackState::Paused);
        QVERIFY(!playback.has(0));
        playback.setSpan({1'000, 9'999});
        QCOMPARE(playback.wallMs(), EpochMs{999});
        real.advance(1h);
        QCOMPARE(playback.wallMs(), EpochMs{999}); // paused
        playback.play(2);
        real.advance(500ms);
        QCOMPARE(playback.wallMs(), EpochMs{1'999});
        QVERIFY(playback.has(1'999) && !playback.has(2'000));
        playback.play(0.5); // another pace goes on from here
        real.advance(1s);
        QCOMPARE(playback.wallMs(), EpochMs{2'499});
        playback.pause();
        real.advance(1s);
        QCOMPARE(playback.wallMs(), EpochMs{2'499});
        playback.stepTo(3'000);
        playback.stepTo(1'500); // never back
        QCOMPARE(playback.wallMs(), EpochMs{3'000});
        const auto before = playback.steady();
        playback.play(1'000'000);
        real.advance(10s);
        QCOMPARE(playback.wallMs(), EpochMs{9'999});
        QCOMPARE(playback.state(), PlaybackState::Ended);
        QVERIFY(playback.steady() > before);
        playback.setSpan({1'000, 19'999}); // it was still being written
        QCOMPARE(playback.wallMs(), EpochMs{9'999});
        playback.everything();
        QCOMPARE(playback.wallMs(), EpochMs{19'999});
        QVERIFY(playback.has(INT64_MAX));
    }

    void recordsComeWhenTheyCame()
    {
        const Timed timed(m_dir.filePath("a"));
        ManualClock real;
        Opened opened(m_dir.filePath("a"), real, true);
        QCOMPARE(opened.playback->span(), std::optional(PlaybackSpan{start, timed.last / 1000 * 1000 + 999}));
        QVERIFY(opened.read().empty());
        QCOMPARE(opened.highs(), std::int64_t{0});
        QVERIFY(!opened.source->state().ended);
        opened.playback->play(10);
        real.advance(30ms); // 300 ms of the capture: batches at 0, 100, 200 of its first second
        using Records = std::vector<std::pair<int, std::int64_t>>;
        QCOMPARE(opened.read(),
            (Records{{0, 0}, {0, 1}, {0, 2}, {0, 3}, {1, 0}, {1, 1}, {1, 2}, {1, 3}, {2, 0}, {2, 1}, {2, 2}, {2, 3}}));
        QCOMPARE(opened.highs(), std::int64_t{12});
        for (const PartitionPosition& position : opened.source->state().partitions) {
            QCOMPARE(position.next, position.high); // nothing is behind that has not come yet
            QVERIFY(!position.atEnd);
        }
        real.advance(1h);
        QCOMPARE(opened.read().size(), std::size_t{30 * 3 * 4 - 12});
        QVERIFY(opened.source->state().ended);
    }

    /// The pace decides when, never what.
    void everyPaceGivesTheSame()
    {
        const Timed timed(m_dir.filePath("b"));
        ManualClock real;
        Opened whole(m_dir.filePath("b"), real, false);
        const auto expected = whole.read();
        QCOMPARE(expected.size(), std::size_t{360});
        for (const double speed : {1.0, 7.0, 1000.0}) {
            Opened opened(m_dir.filePath("b"), real, true);
            opened.playback->play(speed);
            std::vector<std::pair<int, std::int64_t>> found;
            for (int i = 0; i < 2'000 && !opened.source->state().ended; ++i) {
                real.advance(std::chrono::milliseconds(1 + i % 17));
                const auto some = opened.read();
                found.insert(found.end(), some.begin(), some.end());
            }
            QCOMPARE(found, expected);
        }
    }

    void stepsGoFromArrivalToArrival()
    {
        const Timed timed(m_dir.filePath("c"));
        ManualClock real;
        Opened opened(m_dir.filePath("c"), real, true);
        const auto folder = *opened.cluster->content();
        for (int step = 0; step < 20; ++step) {
            const auto next = nextArrival(*folder, opened.playback->wallMs());
            QCOMPARE(next, std::optional<EpochMs>(start + step * 100));
            opened.playback->stepTo(*next);
            QCOMPARE(opened.read().size(), std::size_t{4});
        }
        QVERIFY(!nextArrival(*folder, timed.last));
    }

    void arrivalsAreCountedBySecond()
    {
        const Timed timed(m_dir.filePath("d"), 10); // 30 batches of 4 within 3 s
        ManualClock real;
        Opened opened(m_dir.filePath("d"), real, false);
        const auto all = opened.cluster->arrivals("orders", INT64_MIN, INT64_MAX);
        QVERIFY(all);
        QCOMPARE(*all, (std::vector<ArrivedRecords>{{start, 40}, {start + 1000, 40}, {start + 2000, 40}}));
        QCOMPARE(opened.cluster->arrivals("orders", start + 999, start + 1999)->size(), std::size_t{1});
        QVERIFY(opened.cluster->arrivals("nope", INT64_MIN, INT64_MAX)->empty());
    }

    /// Two topics, read on two threads that take their time as they like: one order, that of arrival.
    void topicsOfAGroupComeInOneOrder()
    {
        ManualClock clock;
        const QString folder = m_dir.filePath("two");
        auto writer =
            CaptureWriter::create(folder.toStdString(), aboutTopics({{"orders", 2}, {"payments", 1}}), {}, clock);
        QVERIFY(writer);
        std::vector<std::string> expected;
        std::mt19937 random(9);
        std::map<std::pair<std::string, int>, std::int64_t> next;
        for (int i = 0; i < 400; ++i) {
            const std::string topic = random() % 2 == 0 ? "orders" : "payments";
            const int partition = topic == "orders" ? static_cast<int>(random() % 2) : 0;
            std::int64_t& offset = next[{topic, partition}];
            RecordBatchBuilder builder(std::make_shared<const std::string>(topic), PartitionId{partition}, {1, 0, 8});
            builder.add(offset, start, TimestampType::CreateTime, "k", "v");
            QVERIFY((*writer)->append(*builder.finish(start + i / 3, nullptr), std::nullopt));
            expected.push_back(topic + std::to_string(partition) + "@" + std::to_string(offset++));
        }
        QVERIFY((*writer)->finish("done"));
        for (int round = 0; round < 5; ++round) {
            const auto cluster = openFolder({folder.toStdString(), nullptr, &clock});
            const auto group = std::make_shared<ReadGroup>();
            std::mutex mutex;
            std::vector<std::string> found;
            std::vector<std::unique_ptr<Source>> sources;
            for (const char* topic : {"orders", "payments"}) {
                ReadRequest request;
                request.topic = topic;
                request.group = group;
                auto opened = cluster->open(request);
                QVERIFY(opened);
                sources.push_back(std::move(opened->front()));
            }
            std::vector<std::jthread> threads;
            for (auto& source : sources) {
                threads.emplace_back([&, seed = random()] {
                    std::mt19937 own(static_cast<std::uint32_t>(seed));
                    while (!source->state().ended) {
                        const auto batches = source->poll(20ms);
                        if (own() % 8 == 0)
                            std::this_thread::sleep_for(std::chrono::microseconds(own() % 2000));
                        for (const RecordBatchPtr& batch : *batches) {
                            const std::lock_guard lock(mutex);
                            for (std::size_t i = 0; i < batch->size(); ++i)
                                found.push_back(batch->topic() + std::to_string(batch->partition().value) + "@"
                                    + std::to_string(batch->offset(i)));
                        }
                    }
                    source.reset();
                });
            }
            threads.clear();
            QVERIFY(found == expected);
        }
    }

    /// A folder without arrivals goes by the timestamps.
    void withoutArrivalsTimestampsTell()
    {
        const Timed timed(m_dir.filePath("e"));
        QDir root(m_dir.filePath("e"));
        for (const QString& file : root.entryList(QDir::Files))
            QVERIFY(root.remove(file));
        ManualClock real;
        Opened opened(root.path(), real, true);
        QCOMPARE(opened.playback->span()->begin, start - 20);
        QVERIFY(!opened.cluster->arrivals("orders", INT64_MIN, INT64_MAX));
        QVERIFY(opened.read().empty());
        opened.playback->stepTo(start + 980);
        const std::size_t some = opened.read().size();
        QVERIFY2(some > 0 && some < 360, qPrintable(QString::number(some)));
        opened.playback->everything();
        QCOMPARE(opened.read().size() + some, std::size_t{360});
    }
};

QTEST_GUILESS_MAIN(TestPlayback)
#include "tst_playback.moc"
