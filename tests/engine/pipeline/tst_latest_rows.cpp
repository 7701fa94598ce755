// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/latest_rows.h"

#include "app/engine/pipeline/record_ring.h"

#include <QTest>

#include <random>

using namespace weir;
using namespace std::chrono_literals;

namespace {

using Key = std::optional<std::string>;

void append(RecordRing& ring, const std::string& topic, std::int64_t first, const std::vector<Key>& keys)
{
    BatchSize size{keys.size(), 0, 0};
    for (const Key& key : keys)
        size.bytes += key.value_or("").size() + 1;
    RecordBatchBuilder builder(std::make_shared<const std::string>(topic), PartitionId{0}, size);
    for (const Key& key : keys)
        builder.add(first++, 1'700'000'000'000, TimestampType::CreateTime, key, "v");
    QVERIFY(ring.append(builder.finish(0, nullptr), 0ms));
}

bool isUpToDate(const LatestRows& rows, std::int64_t read)
{
    const LatestProgress progress = rows.progress();
    return progress.upToDate && progress.read == read;
}

/// "key@row of all", in the order in which they stand.
QStringList shown(const LatestRows& rows)
{
    QStringList all;
    const auto numbers = rows.rowsOf(0, static_cast<std::size_t>(rows.endRow()));
    const auto read = rows.read(0, static_cast<std::size_t>(rows.endRow()), 1s);
    for (std::size_t i = 0; i < read->size(); ++i) {
        const StoredRow& row = (*read)[i];
        const auto key = row.batch->key(row.index).value_or("?");
        all << QString::fromStdString(std::string(key)) + "@" + QString::number(numbers[i]);
    }
    return all;
}

} // namespace

class TestLatestRows : public QObject
{
    Q_OBJECT
private slots:
    void theNewestOfEachKey()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        append(*ring, "t", 0, {"a", "b", std::nullopt, "a", ""});
        LatestRows rows(ring, nullptr);
        QTRY_VERIFY(isUpToDate(rows, 5));
        QCOMPARE(shown(rows), QStringList({"a@3", "b@1", "@4"})); // an empty key is one, null is none
        QCOMPARE(rows.progress().withoutKey, 1);
        const std::uint64_t before = rows.generation();
        append(*ring, "t", 5, {"b", "c"});
        QTRY_VERIFY(isUpToDate(rows, 7));
        QVERIFY(rows.generation() > before);
        QCOMPARE(shown(rows), QStringList({"a@3", "b@5", "@4", "c@6"})); // keys keep their rows
        QCOMPARE(rows.placeOfRow(5), 1);
        QCOMPARE(rows.placeOfRow(1), -1); // not the newest any more
    }

    void keysOfTopicsAreTheirOwn()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        append(*ring, "orders", 0, {"a", "b"});
        append(*ring, "payments", 0, {"a"});
        append(*ring, "orders", 2, {"a"});
        LatestRows rows(ring, nullptr);
        QTRY_VERIFY(isUpToDate(rows, 4));
        QCOMPARE(shown(rows), QStringList({"a@3", "b@1", "a@2"}));
    }

    void likeAMap()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{256} << 20, nullptr);
        LatestRows rows(ring, nullptr);
        std::mt19937 random(4);
        std::vector<std::string> order;
        std::map<std::string, std::int64_t> newest;
        std::int64_t row = 0;
        for (int batch = 0; batch < 50; ++batch) {
            std::vector<Key> keys;
            for (int i = 0; i < 1000; ++i) {
                keys.push_back("key-" + std::to_string(std::uniform_int_distribution<int>(0, 9000)(random)));
                if (newest.insert_or_assign(*keys.back(), row).second)
                    order.push_back(*keys.back());
                ++row;
            }
            append(*ring, "t", row - 1000, keys);
        }
        QTRY_VERIFY_WITH_TIMEOUT(isUpToDate(rows, row), 20'000);
        std::vector<std::int64_t> wanted;
        for (const std::string& key : order)
            wanted.push_back(newest[key]);
        QVERIFY(rows.rowsOf(0, order.size()) == wanted);
    }

    void aSmallBudgetSaysSo()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        auto budget = std::make_shared<MemoryBudget>(std::size_t{256} << 10);
        std::vector<Key> keys;
        for (int i = 0; i < 20'000; ++i)
            keys.push_back("a key of its own, number " + std::to_string(i));
        append(*ring, "t", 0, keys);
        append(*ring, "t", 20'000, {"one more"});
        const LatestRows rows(ring, budget);
        QTRY_VERIFY(rows.progress().trouble.has_value());
        QVERIFY(rows.progress().trouble->message.find("those that came later are not shown") != std::string::npos);
        QCOMPARE(rows.endRow(), 20'000); // what was taken in stays
    }
};

QTEST_GUILESS_MAIN(TestLatestRows)
#include "tst_latest_rows.moc"
