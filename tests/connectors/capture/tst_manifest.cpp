// SPDX-License-Identifier: GPL-3.0-or-later
// Ledgers add up, and capture.json comes back as it was or not at all.
#include "connectors/capture/manifest.h"

#include <QTest>

#include <random>

using namespace weir;
using namespace weir::capture;

namespace {

LedgerInterval stored(
    std::int64_t first, std::int64_t end, std::int64_t count, GapReason otherwise = GapReason::NotTold)
{
    LedgerInterval interval;
    interval.first = first;
    interval.end = end;
    interval.stored = count;
    interval.hole(otherwise) = end - first - count;
    return interval;
}

Manifest sample()
{
    Manifest manifest;
    manifest.state = CaptureState::Complete;
    manifest.program = "test";
    manifest.clusterId = "c-1";
    manifest.connection = "production \"east\"";
    manifest.settings = {{"where", "a > 'é'"}};
    manifest.startedAt = 5;
    manifest.stoppedAt = 9;
    manifest.stopReason = "enough";
    TopicEntry topic;
    topic.name = "odd/name";
    topic.cleanupPolicy = "compact";
    topic.schemas = {{7, {0, 1200}}, {INT32_MAX, {3, 4}}};
    PartitionEntry partition;
    partition.id = {3};
    partition.folder = folderOf({topic.name, partition.id});
    partition.ledger.add(stored(10, 30, 15));
    partition.ledger.addHole(30, 35, GapReason::Retention);
    topic.partitions.push_back(std::move(partition));
    manifest.topics.push_back(std::move(topic));
    return manifest;
}

} // namespace

class TestManifest : public QObject
{
    Q_OBJECT

private slots:
    void neighboursOfOneKindAreOne()
    {
        Ledger ledger;
        ledger.add(stored(0, 10, 10));
        ledger.add(stored(10, 20, 4, GapReason::Filtered));
        ledger.addHole(20, 25, GapReason::Filtered);
        ledger.add(stored(25, 30, 5));
        QCOMPARE(ledger.intervals().size(), std::size_t(1));
        ledger.addHole(30, 31, GapReason::Control);
        QCOMPARE(ledger.intervals().size(), std::size_t(2));
        QVERIFY(ledger.reasonFor(12) == GapReason::Filtered);
        QVERIFY(ledger.reasonFor(30) == GapReason::Control);
        QVERIFY(!ledger.reasonFor(31));
        QCOMPARE(ledger.total().stored, std::int64_t(19));
        QCOMPARE(ledger.total().unexplained(), std::int64_t(0));
        ledger.cut();
        ledger.add(stored(31, 41, 10));
        QVERIFY(ledger.isCutAt(31) && !ledger.isCutAt(35));
        ledger.drop(31);
        QCOMPARE(ledger.total().hole(GapReason::Dropped), std::int64_t(19));
        QCOMPARE(ledger.total().stored, std::int64_t(10));
    }

    /// Reasons that alternate for ever do not grow for ever, and no offset is lost by that.
    void memoryIsBounded()
    {
        Ledger ledger;
        std::int64_t offset = 0;
        for (int i = 0; i < 200'000; ++i, offset += 3) {
            ledger.add(stored(offset, offset + 2, 1, GapReason::Filtered));
            ledger.addHole(offset + 2, offset + 3, GapReason::Control);
        }
        QVERIFY(ledger.intervals().size() <= Ledger::mostIntervals);
        const LedgerInterval total = ledger.total();
        QCOMPARE(total.stored, std::int64_t(200'000));
        QCOMPARE(total.hole(GapReason::Control), std::int64_t(200'000));
        QCOMPARE(total.unexplained(), std::int64_t(0));
        QCOMPARE(ledger.end(), offset);
    }

    void comesBack()
    {
        const Manifest manifest = sample();
        const std::string json = toJson(manifest);
        const auto back = manifestOf(json);
        QVERIFY2(back.ok(), back ? "" : back.error().text().c_str());
        QCOMPARE(toJson(*back), json);
        QVERIFY(back->topics[0].schemas == manifest.topics[0].schemas);
        QVERIFY(
            back->topics[0].partitions[0].ledger.intervals() == manifest.topics[0].partitions[0].ledger.intervals());
        QCOMPARE(back->topics[0].partitions[0].folder, std::string("odd%2Fname-3"));
    }

    void everyTurnedBitIsSeen()
    {
        const std::string json = toJson(sample());
        for (std::size_t at = 0; at < json.size(); ++at) {
            for (int bit = 0; bit < 8; ++bit) {
                std::string bad = json;
                bad[at] ^= static_cast<char>(1 << bit);
                const auto read = manifestOf(bad);
                // Blanks between tokens mean nothing: such a change is none.
                QVERIFY2(!read || toJson(*read) == json, std::to_string(at).c_str());
            }
        }
        for (std::size_t cut = 0; cut + 2 < json.size(); ++cut)
            QVERIFY(!manifestOf(json.substr(0, cut)));
    }

    void hostileOnes()
    {
        QVERIFY(!manifestOf(std::string(1'000'000, '[')));
        QVERIFY(!manifestOf("{\"format\":\"weir-capture\",\"x\":" + std::string(500'000, '[') + "}"));
        for (const char* text : {"", "null", "[]", "{}", "{\"format\":7}", "{\"format\":\"weir-capture\"}"})
            QVERIFY2(!manifestOf(text), text);
        Manifest escaping = sample();
        escaping.topics[0].partitions[0].folder = "../elsewhere";
        const auto refused = manifestOf(toJson(escaping));
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("no plain name") != std::string::npos);
    }

    void foldersAndNames()
    {
        QCOMPARE(folderOf({"orders", {12}}), std::string("orders-12"));
        QVERIFY(partitionOf("a-b-7") == TopicPartition({"a-b", {7}}));
        for (const char* name : {"orders", "orders-", "-1", "orders-x", "orders-1.delete", "or ders-1", "orders--1x"})
            QVERIFY2(!partitionOf(name), name);
    }
};

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
