// SPDX-License-Identifier: GPL-3.0-or-later
// Filters that look at bytes first give what decoding everything gives.
#include "app/session/record_filter.h"

#include "app/session/search_scope.h"
#include "tests/support/fake_cluster.h"

#include <QTest>

#include <random>

using namespace weir;

namespace {

using Rows = std::vector<std::uint32_t>;

RecordBatchPtr batchOf(const std::vector<std::pair<std::string, std::string>>& records)
{
    BatchSize size{records.size(), 0, 0};
    for (const auto& [key, value] : records)
        size.bytes += key.size() + value.size();
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{2}, size);
    for (std::size_t i = 0; i < records.size(); ++i)
        builder.add(static_cast<std::int64_t>(100 + i), 1'700'000'000'000 + static_cast<EpochMs>(i),
            TimestampType::CreateTime, records[i].first, records[i].second);
    return builder.finish(1'700'000'000'500, nullptr);
}

/// Values as hostile as JSON lets them be.
std::vector<std::pair<std::string, std::string>> records()
{
    return {{"k1", R"({"id":4711,"status":"PAID","amount":249.90,"note":"a"})"},
        {"k2", R"({"id":4712,"status":"FAILED","amount":12.00,"note":"b"})"},
        {"k1", R"({"id":"4711","status":"P\u0041ID","amount":"249.90","note":"c"})"},
        {"k3", R"({"id":4.711e3,"status":"NEW","amount":2499e-1,"note":{"x":"PAID"}})"},
        {"k4", R"({"id":4711, "status":"PAID", "amount":1)"}, // cut off
        {"k5", R"({"id":99,"status":"OPEN")"}, // cut off
        {"k6", R"([1,2,3])"}, {"k7", R"({"id":null,"status":null,"amount":null,"note":null})"},
        {"k8", R"({"id":-4711,"status":"paid","amount":-249.90,"note":"PAID"})"},
        {"k9", R"({"id":1,"status":"x","amount":3,"status":"PAID"})"},
        {"k1", R"({"id":7,"status":7,"amount":7,"note":4711})"}};
}

/// The sample that tells the fields is tame.
std::shared_ptr<const FilterTable> table()
{
    return FilterTable::of({batchOf({{"k1", R"({"id":4711,"status":"PAID","amount":249.90,"note":"a"})"},
                               {"k2", R"({"id":47,"status":"NEW","amount":1.5,"note":"b"})"}})},
        6);
}

search::Selected selected(const std::string& where, const RecordBatchPtr& batch)
{
    const FilterVerdict verdict = judgeFilter(*table(), {where, {}});
    if (verdict.error)
        qFatal("%s: %s", where.c_str(), verdict.error->text().c_str());
    return verdict.filter->make()->select(batch);
}

} // namespace

class TestRecordFilter : public QObject
{
    Q_OBJECT

private slots:
    void bytesFirstGivesTheSameRows_data()
    {
        QTest::addColumn<QByteArray>("where");
        for (const char* where : {"status = 'PAID'", "id = 4711", "id = -4711", "status = 'PAID' AND id = 4711",
                 "status = 'PAID' OR id = 4712", "status LIKE '%AI%'", "status LIKE 'PA_D'", "note = '4711'",
                 "status IN ('PAID', 'FAILED')", "NOT status = 'PAID'", "key = 'k1'", "key = 'k1' AND amount > 10",
                 "key = 'k1' OR status = 'NEW'", "status = 'PAID' IS TRUE", "amount = 249.9", "note LIKE '%PAID%'",
                 "UPPER(status) = 'PAID'", "status = 'P' || 'AID'", "'PAID' = status", "id = 4711 OR amount < 0"})
            QTest::newRow(where) << QByteArray(where);
    }
    /// The same condition behind a CASE demands nothing of bytes.
    void bytesFirstGivesTheSameRows()
    {
        QFETCH(const QByteArray, where);
        const std::string plain = where.toStdString();
        const std::string hidden = "CASE WHEN " + plain + " THEN TRUE ELSE FALSE END";
        const auto batch = batchOf(records());
        const search::Selected first = selected(plain, batch);
        const search::Selected oracle = selected(hidden, batch);
        QCOMPARE(first.rows, oracle.rows);
        // What cannot be decoded is undecided only where its bytes may match.
        QVERIFY(std::includes(
            oracle.undecided.begin(), oracle.undecided.end(), first.undecided.begin(), first.undecided.end()));
    }

    void bytesDecideWhatIsDecoded()
    {
        const auto batch = batchOf(records());
        QCOMPARE(selected("status = 'PAID'", batch).undecided, Rows{4}); // not 5 and 6, which hold no PAID
        QCOMPARE(selected("key = 'k1'", batch).rows, (Rows{0, 2, 10}));
        QCOMPARE(selected("key = 'k4'", batch).rows, Rows{4}); // its value is not asked for
        QCOMPARE(selected("key = 'k1'", batch).kept(), (Rows{0, 2, 10}));
        QCOMPARE(selected("status = 'PAID'", batch).kept(), (Rows{0, 2, 4, 9}));
    }

    /// Who keeps what cannot be decoded asks every record.
    void withoutLookingAtBytesFirst()
    {
        const FilterVerdict verdict = judgeFilter(*table(), {"status = 'PAID'", {}}, Prefilter::Off);
        const search::Selected selected = verdict.filter->make()->select(batchOf(records()));
        QCOMPARE(selected.undecided, (Rows{4, 5, 6}));
        QCOMPARE(selected.rows, (Rows{0, 2, 9}));
    }

    void patternAndConditionTogether()
    {
        const auto batch = batchOf(records());
        SearchTerms terms{"id > 0", search::PatternSpec{search::PatternKind::Text, "PAID"}};
        FilterVerdict verdict = judgeFilter(*table(), terms);
        QVERIFY(verdict.filter);
        QCOMPARE(verdict.filter->make()->select(batch).rows, (Rows{0, 3, 9}));
        verdict = judgeFilter(*table(), {{}, search::PatternSpec{search::PatternKind::Regex, "\"id\":\\s*47"}});
        QCOMPARE(verdict.filter->make()->select(batch).rows, (Rows{0, 1, 4}));
        const TriedFilter tried = tryFilter(*table(), *verdict.filter);
        QCOMPARE(tried.records, std::size_t{2});
        QCOMPARE(tried.matching, std::size_t{2});
    }

    void faultsHaveTheirPlace()
    {
        const FilterVerdict verdict = judgeFilter(*table(), {"id > 0 AND statsu = 'PAID'", {}});
        QVERIFY(!verdict.filter);
        QCOMPARE(verdict.problems.size(), std::size_t{1});
        QCOMPARE(verdict.problems.front().span.offset, 11U);
        QCOMPARE(verdict.problems.front().span.length, 6U);
        QCOMPARE(verdict.problems.front().span.line, 1U);
        QCOMPARE(verdict.problems.front().span.column, 12U);
        QVERIFY(judgeFilter(*table(), {"id >", {}}).error);
        QVERIFY(judgeFilter(*table(), {"COUNT(*) > 1", {}}).error);
        QVERIFY(judgeFilter(*table(), {"id IN (SELECT id FROM records)", {}}).error);
        QVERIFY(judgeFilter(*table(), {"id > 0) OR (", {}}).error);
    }

    void scopes()
    {
        const auto scopeOf = [](const std::string& where) {
            return judgeFilter(*table(), {where, {}}).filter->scope();
        };
        auto scope = scopeOf("`partition` = 3 AND `offset` >= 10 AND `offset` < 20");
        QVERIFY(scope.partitions == std::set<std::int64_t>{3});
        QCOMPARE(scope.firstOffset, 10);
        QCOMPARE(scope.endOffset, 20);
        scope = scopeOf("`partition` IN (1, 2) AND (`offset` = 5 OR `offset` > 7)");
        QVERIFY(scope.partitions == (std::set<std::int64_t>{1, 2}));
        QCOMPARE(scope.firstOffset, 5);
        QCOMPARE(scope.endOffset, INT64_MAX);
        scope = scopeOf("`timestamp` >= TO_TIMESTAMP_LTZ(1700000000000, 3) AND `timestamp` < TO_TIMESTAMP_LTZ(1, 3)");
        QVERIFY(scope.fromTime == 1'700'000'000'000);
        scope = scopeOf("key = 'a' OR key = 'b'");
        QVERIFY(scope.keys == (std::set<std::string>{"a", "b"}));
        QVERIFY(!scopeOf("key = 'a' OR id = 47").keys);
        QVERIFY(!scopeOf("NOT `partition` = 3").partitions);
        QCOMPARE(scopeOf("10 <= `offset`").firstOffset, 10);
    }

    void requestsAreNarrowed()
    {
        test::FakeCluster cluster;
        cluster.setTopic("t", {100, 50, 100});
        const ReadRequest whole{"t", {}, FromBeginning{}, UntilEnd{}, {}, 0, nullptr};
        const auto narrowed = [&](const std::string& where) {
            return *narrow(
                cluster, whole, judgeFilter(*table(), {where, {}}).filter->scope(), nullptr, KeyRouting::Believed);
        };
        NarrowedRequest one = narrowed("`partition` = 1");
        QCOMPARE(one.partitions, std::size_t{1});
        QCOMPARE(one.allPartitions, std::size_t{3});
        QVERIFY(one.request->partitions == std::vector<PartitionId>{PartitionId{1}});
        one = narrowed("`offset` >= 60 AND `offset` < 70");
        QVERIFY(one.request->start
            == StartPosition(FromOffsets{{{PartitionId{0}, 60}, {PartitionId{1}, 50}, {PartitionId{2}, 60}}}));
        QVERIFY(one.request->stop
            == StopPosition(UntilOffsets{{{PartitionId{0}, 70}, {PartitionId{1}, 50}, {PartitionId{2}, 70}}}));
        QVERIFY(!narrowed("`partition` = 7").request);
        QVERIFY(!narrowed("`offset` > 5 AND `offset` < 3").request);
        one = narrowed("id = 4");
        QVERIFY(one.request->partitions.empty());
        QVERIFY(one.reasons.empty());
    }
};

QTEST_GUILESS_MAIN(TestRecordFilter)
#include "tst_record_filter.moc"
