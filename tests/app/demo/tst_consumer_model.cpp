// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/consumer_model.h"

#include <QTest>

#include <map>

using namespace weir::demo;
using namespace std::chrono_literals;

namespace {

ConsumerPlan planNamed(const std::string& group, double scale = 1)
{
    for (const ConsumerPlan& plan : demoConsumers(scale)) {
        if (plan.group == group)
            return plan;
    }
    return {};
}

/// Lag of one group, every half second, over topics that grow by `perSecond` a partition.
std::map<std::chrono::milliseconds, std::int64_t> lagOver(
    const ConsumerPlan& plan, double perSecond, std::chrono::milliseconds span, std::chrono::milliseconds step)
{
    ConsumerModel model(plan, 1);
    std::vector<std::int64_t> committed(plan.partitions, 0);
    std::map<std::chrono::milliseconds, std::int64_t> lags;
    for (auto time = 0ms; time <= span; time += step) {
        const auto end = 10'000 + static_cast<std::int64_t>(perSecond * static_cast<double>(time.count()) / 1000);
        const std::vector<std::int64_t> offsets = model.step(time, std::vector<std::int64_t>(plan.partitions, end));
        if (!offsets.empty()) {
            for (std::size_t i = 0; i < offsets.size(); ++i) {
                [&] { QVERIFY(offsets[i] >= committed[i] && offsets[i] <= end); }();
            }
            committed = offsets;
        }
        std::int64_t lag = 0;
        for (const std::int64_t offset : committed)
            lag += end - offset;
        lags[time] = lag;
    }
    return lags;
}

std::int64_t highest(const std::map<std::chrono::milliseconds, std::int64_t>& lags, std::chrono::milliseconds from,
    std::chrono::milliseconds to)
{
    std::int64_t most = 0;
    for (auto it = lags.lower_bound(from); it != lags.end() && it->first < to; ++it)
        most = std::max(most, it->second);
    return most;
}

} // namespace

class TestConsumerModel : public QObject
{
    Q_OBJECT

private slots:
    void threeGroups();
    void billingKeepsUp();
    void fulfilmentFallsBehindAndRecovers();
    void fulfilmentRecoversDuringABurst();
    void fraudScoringCommitsInLumps();
    void scaledTime();
    void sameSeedSameCommits();
};

void TestConsumerModel::threeGroups()
{
    const std::vector<ConsumerPlan> plans = demoConsumers();
    QCOMPARE(plans.size(), std::size_t{3});
    QCOMPARE(plans[0].group, std::string("billing"));
    QCOMPARE(plans[1].group, std::string("fulfilment"));
    QCOMPARE(plans[2].group, std::string("fraud-scoring"));
    QCOMPARE(plans[0].partitions, std::size_t{6});
    QCOMPARE(plans[1].topic, std::string("payments"));
}

void TestConsumerModel::billingKeepsUp()
{
    const auto lags = lagOver(planNamed("billing"), 17, 300s, 500ms);
    QVERIFY(highest(lags, 0s, 300s) <= 6 * (4 + 9)); // in flight, and what came within one step
}

void TestConsumerModel::fulfilmentFallsBehindAndRecovers()
{
    const auto lags = lagOver(planNamed("fulfilment"), 25, 300s, 500ms);
    QVERIFY(highest(lags, 0s, 6s) <= 4 * (4 + 13));
    QVERIFY(lags.at(20s) > 1'200); // 14 s without a commit
    QVERIFY(lags.at(45s) > 3'800 && lags.at(45s) < 4'200);
    QVERIFY(highest(lags, 75s, 120s) <= 4 * (4 + 13));
    QVERIFY(lags.at(150s) > 2'000); // and again
    QVERIFY(highest(lags, 200s, 240s) <= 4 * (4 + 13));
    // Far from the cluster's retention: 100,000 batches or 5 MiB a partition.
    QVERIFY(highest(lags, 0s, 300s) < 20'000);
}

void TestConsumerModel::fulfilmentRecoversDuringABurst()
{
    const auto lags = lagOver(planNamed("fulfilment"), 50, 120s, 500ms);
    QVERIFY(lags.at(46s) > 7'500);
    QVERIFY(highest(lags, 110s, 120s) <= 4 * (4 + 25));
}

void TestConsumerModel::fraudScoringCommitsInLumps()
{
    const auto lags = lagOver(planNamed("fraud-scoring"), 17, 60s, 500ms);
    QVERIFY(highest(lags, 10s, 60s) > 6 * 17 * 4);
    QVERIFY(highest(lags, 10s, 60s) < 6 * 17 * 6);
    std::int64_t lowest = 1'000'000;
    for (const auto& [time, lag] : lags)
        lowest = std::min(lowest, lag);
    QVERIFY(lowest <= 6 * 4);
}

void TestConsumerModel::scaledTime()
{
    const auto lags = lagOver(planNamed("fulfilment", 0.1), 25, 12s, 100ms);
    QVERIFY(lags.at(4'500ms) > 350);
    QVERIFY(highest(lags, 8s, 12s) <= 4 * (4 + 3));
}

void TestConsumerModel::sameSeedSameCommits()
{
    QVERIFY(lagOver(planNamed("billing"), 17, 30s, 500ms) == lagOver(planNamed("billing"), 17, 30s, 500ms));
}

QTEST_GUILESS_MAIN(TestConsumerModel)
#include "tst_consumer_model.moc"
