// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/time_bins.h"

#include "tests/support/fake_cluster.h"

#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace weir;

namespace {

/// Partitions whose records have these timestamps, ascending.
class TimedCluster final : public test::FakeCluster
{
public:
    explicit TimedCluster(std::vector<std::vector<EpochMs>> times) : m_times(std::move(times))
    {
        std::vector<std::int64_t> highs;
        for (const auto& partition : m_times)
            highs.push_back(static_cast<std::int64_t>(partition.size()));
        setTopic("t", highs);
    }
    Result<std::vector<std::int64_t>> offsetsForTime(std::span<const TopicPartition> partitions, EpochMs time) override
    {
        ++questions;
        if (unsupported)
            return Error{ErrorKind::Unsupported, "no times here", "fake"};
        std::vector<std::int64_t> offsets;
        for (const TopicPartition& one : partitions) {
            const auto& all = m_times[static_cast<std::size_t>(one.partition.value)];
            offsets.push_back(std::lower_bound(all.begin(), all.end(), time) - all.begin());
        }
        return offsets;
    }
    Result<std::vector<std::optional<EpochMs>>> firstTimestamps(std::span<const TopicPartition> partitions) override
    {
        std::vector<std::optional<EpochMs>> first;
        for (const TopicPartition& one : partitions) {
            const auto& all = m_times[static_cast<std::size_t>(one.partition.value)];
            first.push_back(all.empty() ? std::nullopt : std::optional(all.front()));
        }
        return first;
    }
    int questions = 0;
    bool unsupported = false;

private:
    std::vector<std::vector<EpochMs>> m_times;
};

constexpr EpochMs begin = 1'700'000'000'000;
const std::atomic<bool> goesOn{false};

TimeBinsWanted wantedUntil(EpochMs until)
{
    TimeBinsWanted wanted;
    wanted.topics = {"t"};
    wanted.until = until;
    return wanted;
}

} // namespace

class TestTimeBins : public QObject
{
    Q_OBJECT

private slots:
    void everyRecordIsInItsBin()
    {
        std::mt19937 random(3);
        std::vector<std::vector<EpochMs>> times(3);
        for (auto& partition : times) {
            for (int i = 0; i < 2000; ++i)
                partition.push_back(begin + static_cast<EpochMs>(random() % 3'600'000));
            std::sort(partition.begin(), partition.end());
        }
        TimedCluster cluster(times);
        std::vector<TimeBins> states;
        const auto bins = countByTime(
            cluster, wantedUntil(begin + 3'600'000), goesOn, [&](const TimeBins& state) { states.push_back(state); });
        QVERIFY(bins.ok());
        QVERIFY(bins->complete);
        QCOMPARE(bins->widthMs, 51'200);
        QCOMPARE(bins->begin % bins->widthMs, 0);
        std::vector<double> oracle(bins->counts.size());
        for (const auto& partition : times) {
            for (const EpochMs time : partition)
                ++oracle[static_cast<std::size_t>((time - bins->begin) / bins->widthMs)];
        }
        QCOMPARE(bins->counts, oracle);
        // Each state tells of all records, ever finer.
        QVERIFY(states.size() > 4);
        for (const TimeBins& state : states) {
            double all = 0;
            for (const double count : state.counts)
                all += count;
            QVERIFY(std::abs(all - 6000) < 0.01);
        }
        QVERIFY(!states.front().complete);
    }

    void emptyStretchesAreNotAskedThrough()
    {
        TimedCluster cluster({{begin, begin + 1, begin + 3'600'000}});
        const auto bins = countByTime(cluster, wantedUntil(begin + 3'600'000), goesOn, [](const TimeBins&) {});
        QVERIFY(bins.ok() && bins->complete);
        QCOMPARE(bins->counts.front(), 2.0);
        QCOMPARE(bins->counts.back(), 1.0);
        QVERIFY2(cluster.questions < 25, QByteArray::number(cluster.questions));
    }

    void aTopicAtRestIsLookedAtFromNearer()
    {
        TimedCluster cluster({{begin, begin + 20'000, begin + 30'000}});
        const auto bins = countByTime(cluster, wantedUntil(begin + 30LL * 86'400'000), goesOn, [](const TimeBins&) {});
        QVERIFY(bins.ok() && bins->complete);
        QVERIFY2(bins->widthMs <= 800, QByteArray::number(qint64(bins->widthMs)));
        QVERIFY(bins->end() > begin + 30'000);
        QCOMPARE(std::accumulate(bins->counts.begin(), bins->counts.end(), 0.0), 3.0);
    }

    void nothingToCount()
    {
        TimedCluster cluster({{}, {}});
        const auto bins = countByTime(cluster, wantedUntil(begin), goesOn, [](const TimeBins&) {});
        QVERIFY(bins.ok() && bins->complete);
        QVERIFY(bins->counts.empty());
    }

    void oneRecord()
    {
        TimedCluster cluster(std::vector<std::vector<EpochMs>>{{begin}});
        const auto bins = countByTime(cluster, wantedUntil(begin), goesOn, [](const TimeBins&) {});
        QVERIFY(bins.ok());
        QCOMPARE(bins->counts, std::vector<double>{1.0});
    }

    void clustersThatCannot()
    {
        TimedCluster cluster(std::vector<std::vector<EpochMs>>{{begin}});
        cluster.unsupported = true;
        const auto bins = countByTime(cluster, wantedUntil(begin), goesOn, [](const TimeBins&) {});
        QCOMPARE(bins.error().kind, ErrorKind::Unsupported);
    }

    /// As the embedded cluster does: every question is answered with the end.
    void clustersThatOnlySeemTo()
    {
        class Blind final : public test::FakeCluster
        {
        public:
            Blind() { setTopic("t", {100}); }
            Result<std::vector<std::int64_t>> offsetsForTime(
                std::span<const TopicPartition> partitions, EpochMs) override
            {
                return std::vector<std::int64_t>(partitions.size(), 100);
            }
            Result<std::vector<std::optional<EpochMs>>> firstTimestamps(
                std::span<const TopicPartition> partitions) override
            {
                return std::vector<std::optional<EpochMs>>(partitions.size(), begin);
            }
        };
        Blind cluster;
        const auto bins = countByTime(cluster, wantedUntil(begin + 10'000), goesOn, [](const TimeBins&) {});
        QCOMPARE(bins.error().kind, ErrorKind::Unsupported);
    }

    void endsWhenCancelled()
    {
        TimedCluster cluster({{begin, begin + 1'800'000, begin + 3'600'000}});
        std::atomic<bool> cancelled{true};
        const auto bins = countByTime(cluster, wantedUntil(begin + 3'600'000), cancelled, [](const TimeBins&) {});
        QVERIFY(bins.ok());
        QVERIFY(!bins->complete);
        QCOMPARE(cluster.questions, 2);
    }
};

QTEST_GUILESS_MAIN(TestTimeBins)
#include "tst_time_bins.moc"
