// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/order_pipeline.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using namespace weir;
using namespace weir::demo;

namespace {

constexpr EpochMs start = 1'773'324'723'118; // 2026-03-12T14:12:03.118Z

std::vector<PipelineEvent> drawn(std::uint64_t seed, std::size_t count, double rate = 300)
{
    OrderPipeline pipeline({rate, seed, start});
    std::vector<PipelineEvent> events;
    while (events.size() < count)
        events.push_back(pipeline.next());
    return events;
}

double quantileOf(std::vector<double> values, double q)
{
    std::sort(values.begin(), values.end());
    return values.at(static_cast<std::size_t>(q * static_cast<double>(values.size() - 1)));
}

std::vector<double> delaysOf(const std::vector<PipelineEvent>& events, Hop hop)
{
    std::vector<double> delays;
    for (const PipelineEvent& event : events) {
        if (event.hop == hop && !event.late)
            delays.push_back(static_cast<double>(event.publishAt - event.createdAt));
    }
    return delays;
}

} // namespace

class TestOrderPipeline : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_events = drawn(7, 60'000); }
    void sameSeedSameSequence();
    void knownFirstEvent();
    void inOrderOfPublishing();
    void rateAndBursts();
    void hopsFollowEachOther();
    void valuesCarryTheirFields();
    void traceparents();
    void malformedAndLate();
    void delays();
    void customersAndRegions();
    void isoTimes_data();
    void isoTimes();

private:
    std::vector<PipelineEvent> m_events;
};

void TestOrderPipeline::sameSeedSameSequence()
{
    QVERIFY(drawn(7, 5'000) == std::vector<PipelineEvent>(m_events.begin(), m_events.begin() + 5'000));
    QVERIFY(drawn(8, 5'000) != drawn(7, 5'000));
}

void TestOrderPipeline::knownFirstEvent()
{
    // The splitmix64 sequence of seed 0, as published: the generator is the same everywhere and for ever.
    Random random(0);
    QCOMPARE(random.bits(), std::uint64_t{0xe220a8397b1dcdafU});
    QCOMPARE(random.bits(), std::uint64_t{0x6e789e6aa1b965f4U});
    QCOMPARE(m_events[0].hop, Hop::Orders);
    QCOMPARE(m_events[0].orderId, std::uint64_t{4'001});
    QCOMPARE(m_events[0].key, std::string("4001"));
}

void TestOrderPipeline::inOrderOfPublishing()
{
    QVERIFY(std::is_sorted(m_events.begin(), m_events.end(),
        [](const PipelineEvent& a, const PipelineEvent& b) { return a.publishAt < b.publishAt; }));
    for (const PipelineEvent& event : m_events)
        QVERIFY(event.createdAt <= event.publishAt);
}

void TestOrderPipeline::rateAndBursts()
{
    std::map<EpochMs, int> perSecond;
    for (const PipelineEvent& event : m_events)
        ++perSecond[(event.publishAt - start) / 1'000];
    const double seconds = static_cast<double>(m_events.back().publishAt - start) / 1'000;
    const double rate = static_cast<double>(m_events.size()) / seconds;
    QVERIFY2(rate > 280 && rate < 320, qPrintable(QString::number(rate)));
    int most = 0;
    int least = 1'000'000;
    for (EpochMs second = 30; second < static_cast<EpochMs>(seconds) - 1; ++second) {
        most = std::max(most, perSecond[second]);
        least = std::min(least, perSecond[second]);
    }
    QVERIFY2(most > 450 && most <= 600, qPrintable(QString::number(most)));
    QVERIFY2(least > 200 && least < 260, qPrintable(QString::number(least)));
}

void TestOrderPipeline::hopsFollowEachOther()
{
    std::map<std::uint64_t, std::array<const PipelineEvent*, hopCount>> orders;
    for (const PipelineEvent& event : m_events) {
        auto& hops = orders[event.orderId];
        const auto hop = static_cast<std::size_t>(event.hop);
        QVERIFY(hops[hop] == nullptr);
        QVERIFY(hop == 0 || hops[hop - 1] != nullptr);
        if (hop > 0) {
            QCOMPARE(event.createdAt, hops[hop - 1]->publishAt);
            QCOMPARE(event.key, hops[hop - 1]->key);
        }
        hops[hop] = &event;
    }
    std::array<double, hopCount> counts{};
    const EpochMs settled = m_events.back().publishAt - 30'000;
    for (const auto& [id, hops] : orders) {
        if (hops[0]->publishAt > settled)
            continue;
        for (std::size_t hop = 0; hop < hopCount; ++hop)
            counts[hop] += hops[hop] != nullptr ? 1 : 0;
    }
    QVERIFY(std::abs(counts[1] / counts[0] - 0.99) < 0.01);
    QVERIFY(std::abs(counts[2] / counts[1] - 0.96) < 0.02);
    QVERIFY(orders.contains(4'711));
}

void TestOrderPipeline::valuesCarryTheirFields()
{
    std::map<std::uint64_t, nlohmann::json> orders;
    for (const PipelineEvent& event : m_events) {
        if (event.malformed)
            continue;
        const nlohmann::json value = nlohmann::json::parse(event.value);
        QCOMPARE(value["order_id"].get<std::uint64_t>(), event.orderId);
        QCOMPARE(value["created_at"].get<std::string>(), isoTime(event.createdAt));
        QVERIFY(value["amount"].is_number() && value["amount"].get<double>() >= 1);
        QVERIFY(value["currency"].get<std::string>().size() == 3);
        QVERIFY(!value["status"].get<std::string>().empty());
        const auto first = orders.emplace(event.orderId, value).first;
        for (const char* same : {"customer", "region", "amount", "currency"})
            QVERIFY(first->second[same] == value[same]);
    }
    // Amounts are decimals with two places, as text: a double would not tell.
    const std::string& text = m_events[0].value;
    const std::size_t begin = text.find("\"amount\":") + 9;
    const std::string amount = text.substr(begin, text.find(',', begin) - begin);
    QCOMPARE(amount[amount.size() - 3], '.');
}

void TestOrderPipeline::traceparents()
{
    std::map<std::uint64_t, std::string> traces;
    std::set<std::string> spans;
    for (const PipelineEvent& event : m_events) {
        QCOMPARE(event.traceparent.size(), std::size_t{55});
        QCOMPARE(event.traceparent.substr(0, 3), std::string("00-"));
        QCOMPARE(event.traceparent.substr(52), std::string("-01"));
        const std::string trace = event.traceparent.substr(3, 32);
        QCOMPARE(trace.find_first_not_of("0123456789abcdef"), std::string::npos);
        QCOMPARE(traces.emplace(event.orderId, trace).first->second, trace);
        QVERIFY(spans.insert(event.traceparent.substr(36, 16)).second);
    }
}

void TestOrderPipeline::malformedAndLate()
{
    std::size_t malformed = 0;
    std::size_t late = 0;
    std::size_t orders = 0;
    for (const PipelineEvent& event : m_events) {
        malformed += event.malformed ? 1 : 0;
        QCOMPARE(nlohmann::json::accept(event.value), !event.malformed);
        orders += event.hop == Hop::Orders ? 1 : 0;
        late += event.late ? 1 : 0;
        if (event.late)
            QVERIFY(event.publishAt - event.createdAt >= 5'000 && event.publishAt - event.createdAt <= 121'000);
    }
    QVERIFY2(malformed >= 15 && malformed <= 50, qPrintable(QString::number(malformed))); // 1 in 2,000 of 60,000
    QVERIFY2(late > orders / 250 && late < orders / 100, qPrintable(QString::number(late)));
}

void TestOrderPipeline::delays()
{
    const std::vector<double> payments = delaysOf(m_events, Hop::Payments);
    QVERIFY(quantileOf(payments, 0) >= 20);
    QVERIFY(quantileOf(payments, 0.5) > 60 && quantileOf(payments, 0.5) < 140);
    QVERIFY(quantileOf(payments, 0.93) <= 400);
    QVERIFY(quantileOf(payments, 0.99) > 900 && quantileOf(payments, 1) <= 8'000);
    const std::vector<double> shipments = delaysOf(m_events, Hop::Shipments);
    QVERIFY(quantileOf(shipments, 0.5) > 2'500 && quantileOf(shipments, 0.5) < 3'500);
    QVERIFY(quantileOf(shipments, 0) >= 500);
    const std::vector<double> orders = delaysOf(m_events, Hop::Orders);
    QVERIFY(quantileOf(orders, 0.99) < 60);
}

void TestOrderPipeline::customersAndRegions()
{
    std::map<std::string, std::size_t> customers;
    std::map<std::string, std::string> regionOf;
    for (const PipelineEvent& event : m_events) {
        if (event.malformed || event.hop != Hop::Orders)
            continue;
        const nlohmann::json value = nlohmann::json::parse(event.value);
        const auto customer = value["customer"].get<std::string>();
        ++customers[customer];
        QCOMPARE(regionOf.emplace(customer, value["region"]).first->second, value["region"].get<std::string>());
    }
    QVERIFY(customers.size() > 950 && customers.size() <= OrderPipeline::customers);
    std::set<std::string> regions;
    for (const auto& [customer, region] : regionOf)
        regions.insert(region);
    QCOMPARE(regions.size(), std::size_t{5});
}

void TestOrderPipeline::isoTimes_data()
{
    QTest::addColumn<qint64>("time");
    QTest::addColumn<QString>("text");
    QTest::newRow("epoch") << qint64{0} << "1970-01-01T00:00:00.000Z";
    QTest::newRow("milliseconds") << qint64{1'773'324'723'118} << "2026-03-12T14:12:03.118Z";
    QTest::newRow("leap day") << qint64{1'709'164'800'000} << "2024-02-29T00:00:00.000Z";
    QTest::newRow("before 1970") << qint64{-1} << "1969-12-31T23:59:59.999Z";
}

void TestOrderPipeline::isoTimes()
{
    QFETCH(qint64, time);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(isoTime(time)), text);
}

QTEST_GUILESS_MAIN(TestOrderPipeline)
#include "tst_order_pipeline.moc"
