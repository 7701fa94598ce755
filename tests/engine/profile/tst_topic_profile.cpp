// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/profile/topic_profile.h"

#include <QTest>

#include <random>
#include <set>

using namespace weir;
using namespace weir::profile;

namespace {

struct Given
{
    std::optional<std::string> key;
    std::optional<std::string> value;
    EpochMs time = 1'700'000'000'000;
};

/// JSON with single quotes.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

RecordBatchPtr batchOf(int partition, const std::vector<Given>& records)
{
    BatchSize size{records.size(), 0, 0};
    for (const Given& record : records)
        size.bytes += (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
    const auto view = [](const std::optional<std::string>& text) {
        return text ? std::optional<std::string_view>(*text) : std::nullopt;
    };
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{partition}, size);
    std::int64_t offset = 0;
    for (const Given& record : records)
        builder.add(offset++, record.time, TimestampType::CreateTime, view(record.key), view(record.value));
    return builder.finish(1, nullptr);
}

InferredFields fields()
{
    const std::string value = json("{'id':1,'amount':1.50,'status':'NEW','paid':true}");
    return inferFields({value});
}

const FieldProfile& field(const TopicProfile& profile, const std::string& name)
{
    for (const FieldProfile& one : profile.fields()) {
        if (one.name() == name)
            return one;
    }
    qFatal("no such field");
}

} // namespace

class TestTopicProfile : public QObject
{
    Q_OBJECT

private slots:
    void partsAndFields()
    {
        TopicProfile profile(fields());
        profile.add(batchOf(0,
            {{"a", json("{'id':9007199254740993,'amount':249.90,'status':'PAID','paid':true}")},
                {"a", json("{'id':-5,'amount':0.10,'status':'NEW','paid':false}")}, {"b", std::nullopt},
                {std::nullopt, ""}, {"", json("{'id':7,'amount':null}")}, {"c", "{broken"}}));
        QCOMPARE(profile.records(), std::uint64_t{6});
        QCOMPARE(profile.keys().nulls, std::uint64_t{1});
        QCOMPARE(profile.keys().empties, std::uint64_t{1});
        QCOMPARE(profile.values().nulls, std::uint64_t{1});
        QCOMPARE(profile.values().empties, std::uint64_t{1});
        QCOMPARE(profile.distinctKeys(), 4);
        QCOMPARE(profile.topKeys().top().front().text, std::string("a"));
        QCOMPARE(profile.topKeys().top().front().count, std::uint64_t{2});
        QVERIFY(profile.undecodable() >= 1);
        const FieldProfile& id = field(profile, "id");
        QCOMPARE(*id.least(), std::string("-5"));
        QCOMPARE(*id.most(), std::string("9007199254740993")); // to the last digit
        QCOMPARE(id.distinct(), 3);
        QCOMPARE(*field(profile, "amount").most(), std::string("249.90"));
        QCOMPARE(field(profile, "amount").nulls(), std::uint64_t{1});
        QCOMPARE(*field(profile, "amount").mean(), 125.0);
        QCOMPARE(field(profile, "status").nulls(), std::uint64_t{1}); // missing
        QCOMPARE(field(profile, "paid").top().size(), std::size_t{2});
    }

    void hoursSkewAndRegressions()
    {
        TopicProfile profile(InferredFields{});
        constexpr EpochMs hour = 3'600'000;
        profile.add(
            batchOf(0, {{"k", "v", hour}, {"k", "v", 2 * hour - 1}, {"k", "v", hour + 5}, {"k", "v", 2 * hour}}));
        profile.add(batchOf(1, {{"k", "v", -1}}));
        QCOMPARE(profile.hours().at(1), std::uint64_t{3});
        QCOMPARE(profile.hours().at(2), std::uint64_t{1});
        QCOMPARE(profile.hours().at(-1), std::uint64_t{1});
        QCOMPARE(profile.regressions(), std::uint64_t{1});
        QCOMPARE(profile.skew(), 1.6);
        QCOMPARE(TopicProfile(InferredFields{}).skew(), 0.0);
    }

    /// Several profiles merged are the profile of all.
    void mergingIsAdding()
    {
        std::mt19937 random(5);
        TopicProfile whole(fields());
        TopicProfile left(fields());
        TopicProfile right(fields());
        std::set<std::string> keys;
        std::uint64_t bytes = 0;
        for (int batch = 0; batch < 20; ++batch) {
            std::vector<Given> records;
            for (int i = 0; i < 200; ++i) {
                const std::string key = "k" + std::to_string(random() % 3000);
                const std::string value = json("{'id':" + std::to_string(random() % 100'000) + ",'status':'S"
                    + std::to_string(random() % 4) + "'}");
                keys.insert(key);
                bytes += value.size();
                records.push_back({key, value});
            }
            const auto one = batchOf(batch % 3, records);
            whole.add(one);
            (batch % 2 == 0 ? left : right).add(one);
        }
        left.merge(right);
        QCOMPARE(left.records(), whole.records());
        QCOMPARE(left.values().bytes, bytes);
        QCOMPARE(left.distinctKeys(), whole.distinctKeys());
        const double off = std::abs(static_cast<double>(whole.distinctKeys()) / static_cast<double>(keys.size()) - 1);
        QVERIFY2(off < 4 * aggregate::DistinctSketch::standardError, QByteArray::number(off));
        QCOMPARE(field(left, "id").least(), field(whole, "id").least());
        QCOMPARE(field(left, "id").distinct(), field(whole, "id").distinct());
        QCOMPARE(field(left, "status").distinct(), 4);
        QCOMPARE(left.partitions(), whole.partitions());
        QCOMPARE(left.values().quantiles.quantile(0.5), whole.values().quantiles.quantile(0.5));
    }
};

QTEST_GUILESS_MAIN(TestTopicProfile)
#include "tst_topic_profile.moc"
