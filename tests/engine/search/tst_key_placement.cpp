// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/key_placement.h"

#include <QTest>

using namespace weir;
using namespace weir::search;

namespace {

RecordBatchPtr batchOf(int partition, const std::vector<std::string>& keys)
{
    std::size_t bytes = 0;
    for (const std::string& key : keys)
        bytes += key.size();
    RecordBatchBuilder builder(
        std::make_shared<const std::string>("t"), PartitionId{partition}, {keys.size(), 0, bytes});
    for (std::size_t i = 0; i < keys.size(); ++i)
        builder.add(static_cast<std::int64_t>(i), 1, TimestampType::CreateTime, keys[i], std::nullopt);
    return builder.finish(1, nullptr);
}

/// A sample of `count` keys, each where `partitioner` puts it.
KeyPlacement sampled(Partitioner partitioner, std::size_t partitions, int count, int strays = 0)
{
    KeyPlacement placement(partitions);
    for (int i = 0; i < count; ++i) {
        const std::string key = "order-" + std::to_string(i);
        const int there = partitionOf(partitioner, key, partitions).value;
        placement.add(*batchOf(i < strays ? (there + 1) % static_cast<int>(partitions) : there, {key}));
    }
    return placement;
}

} // namespace

class TestKeyPlacement : public QObject
{
    Q_OBJECT

private slots:
    /// Against the Java client's Utils.murmur2, whose values its own tests name.
    void hashesAsTheJavaClientDoes()
    {
        const std::pair<const char*, std::int32_t> cases[] = {{"21", -973932308}, {"foobar", -790332482},
            {"a-little-bit-long-string", -985981536}, {"a-little-bit-longer-string", -1486304829},
            {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971}, {"abc", 479470107}};
        for (const auto& [key, hash] : cases) {
            constexpr std::size_t many = 2147483647;
            const auto positive = static_cast<std::int32_t>(static_cast<std::uint32_t>(hash) & 0x7fffffffU);
            QCOMPARE(partitionOf(Partitioner::Murmur2, key, many).value, positive % static_cast<std::int32_t>(many));
        }
    }

    void seesWhoPutThemThere()
    {
        QVERIFY(sampled(Partitioner::Murmur2, 12, 100).partitioner() == Partitioner::Murmur2);
        QVERIFY(sampled(Partitioner::Crc32, 12, 100).partitioner() == Partitioner::Crc32);
    }

    void believesOnlyWhatAllKeysSay()
    {
        QVERIFY(!sampled(Partitioner::Murmur2, 12, 100, 1).partitioner());
        QVERIFY(!sampled(Partitioner::Murmur2, 12, 20).partitioner()); // too few
        QVERIFY(!sampled(Partitioner::Murmur2, 1, 100).partitioner()); // one partition says nothing
        KeyPlacement same(12);
        const int there = partitionOf(Partitioner::Murmur2, "k", 12).value;
        for (int i = 0; i < 100; ++i)
            same.add(*batchOf(there, {"k", "k"}));
        QVERIFY(!same.partitioner()); // one key a hundred times
        KeyPlacement none(0);
        none.add(*batchOf(0, {"k"}));
        QVERIFY(!none.partitioner());
    }
};

QTEST_GUILESS_MAIN(TestKeyPlacement)
#include "tst_key_placement.moc"
