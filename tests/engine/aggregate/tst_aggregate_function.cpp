// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/aggregate_function.h"
#include "app/engine/event/row_text.h"
#include "tests/support/columns.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace weir;
using namespace weir::aggregate;

namespace {

using Ints = std::vector<std::optional<std::int64_t>>;
using Doubles = std::vector<std::optional<double>>;
using Floats = std::vector<std::optional<float>>;
using Decimals = std::vector<std::optional<Int128>>;
using Strings = std::vector<std::optional<std::string>>;

/// All rows in one group, cut into two states that are combined, and in one go: both must agree.
Column runAll(const AggregateSpec& spec, const Column& argument)
{
    std::vector<std::uint32_t> rows(argument.size());
    std::iota(rows.begin(), rows.end(), 0U);
    const std::vector<std::uint32_t> groups(rows.size(), 0);
    const std::size_t half = rows.size() / 2;
    auto whole = makeStates(spec);
    whole->resize(1);
    whole->update(&argument, {rows, groups});
    auto left = makeStates(spec);
    auto right = makeStates(spec);
    left->resize(2);
    right->resize(1);
    const std::span<const std::uint32_t> all(rows);
    const std::span<const std::uint32_t> zeros(groups);
    const std::vector<std::uint32_t> ones(rows.size(), 1);
    left->update(&argument, {all.first(half), std::span(ones).first(half)});
    right->update(&argument, {all.subspan(half), zeros.subspan(half)});
    left->combine(*right, {zeros.first(1), std::span(ones).first(1)});
    Column once = whole->finish();
    const Column twice = left->finish();
    if (once.isNull(0) != twice.isNull(1))
        qFatal("combining changed NULL");
    return once;
}

AggregateSpec spec(AggregateFunction function, const LogicalType& argument, const LogicalType& result)
{
    return {function, argument, result, false};
}

Int128 power10(int digits)
{
    Int128 value = 1;
    while (digits-- > 0)
        value *= 10;
    return value;
}

} // namespace

class TestAggregateFunction : public QObject
{
    Q_OBJECT
private slots:
    void sumsOfIntegersWrapInTheirType()
    {
        struct Case
        {
            LogicalType type;
            Ints values;
            std::optional<std::int64_t> sum;
        };
        const std::vector<Case> cases{
            {types::integer(), {2147483647, 1}, -2147483648LL},
            {types::integer(), {std::nullopt, 7, std::nullopt}, 7},
            {types::integer(), {std::nullopt, std::nullopt}, std::nullopt},
            {types::tinyInt(), {100, 100}, -56},
            {types::smallInt(), {32767, 2}, -32767},
            {types::bigInt(), {INT64_MAX, 1}, INT64_MIN},
            {types::integer(), {2147483647, 2147483647, 2147483647}, 2147483645},
        };
        for (const Case& one : cases) {
            const Column sum =
                runAll(spec(AggregateFunction::Sum, one.type, one.type), columnOf<std::int64_t>(one.type, one.values));
            QVERIFY(at<std::int64_t>(sum, 0) == one.sum);
        }
    }

    void averagesOfIntegersTruncateTowardsZero()
    {
        struct Case
        {
            LogicalType type;
            Ints values;
            std::optional<std::int64_t> average;
        };
        const std::vector<Case> cases{
            {types::integer(), {1, 2}, 1},
            {types::integer(), {-1, -2}, -1},
            {types::integer(), {2147483647, 2147483647}, 2147483647}, // the sum is a BIGINT
            {types::tinyInt(), {127, 127, 126}, 126},
            {types::bigInt(), {INT64_MAX, INT64_MAX}, -1}, // which wraps
            {types::integer(), {5, std::nullopt}, 5},
            {types::integer(), {std::nullopt}, std::nullopt},
        };
        for (const Case& one : cases) {
            const Column average =
                runAll(spec(AggregateFunction::Avg, one.type, one.type), columnOf<std::int64_t>(one.type, one.values));
            QVERIFY(at<std::int64_t>(average, 0) == one.average);
        }
    }

    void approximateNumbers()
    {
        const Doubles values{0.5, -2.25, std::nullopt, 8.0};
        const Column column = columnOf<double>(types::float64(), values);
        const auto run = [&](AggregateFunction function) {
            return at<double>(runAll(spec(function, types::float64(), types::float64()), column), 0);
        };
        QVERIFY(run(AggregateFunction::Sum) == 6.25);
        QVERIFY(run(AggregateFunction::Avg) == 6.25 / 3);
        QVERIFY(run(AggregateFunction::Min) == -2.25);
        QVERIFY(run(AggregateFunction::Max) == 8.0);
        // The sum behind AVG(FLOAT) is a DOUBLE: 2^24 + 1 is no FLOAT.
        const Floats floats{16777216.0F, 1.0F, 1.0F};
        const Column narrow = columnOf<float>(types::float32(), floats);
        const Column sum = runAll(spec(AggregateFunction::Sum, types::float32(), types::float32()), narrow);
        const Column average = runAll(spec(AggregateFunction::Avg, types::float32(), types::float32()), narrow);
        QVERIFY(at<float>(sum, 0) == 16777216.0F);
        QVERIFY(at<float>(average, 0) == static_cast<float>(16777218.0 / 3));
    }

    void nanIsAboveAll()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const Column column = columnOf<double>(types::float64(), Doubles{1.0, nan, 2.0});
        const LogicalType type = types::float64();
        QVERIFY(std::isnan(*at<double>(runAll(spec(AggregateFunction::Max, type, type), column), 0)));
        QVERIFY(at<double>(runAll(spec(AggregateFunction::Min, type, type), column), 0) == 1.0);
    }

    void decimals()
    {
        const LogicalType type = types::decimal(10, 2);
        const AggregateSpec sum = spec(AggregateFunction::Sum, type, types::decimal(38, 2));
        const AggregateSpec average = spec(AggregateFunction::Avg, type, types::decimal(38, 6));
        struct Case
        {
            Decimals values;
            std::optional<Int128> sum;
            std::optional<Int128> average;
        };
        const std::vector<Case> cases{
            {{100, 100, 50}, 250, 833333}, // 2.50 / 3
            {{-100, -100, -50}, -250, -833333},
            {{100, 100, 0}, 200, 666667}, // half up
            {{-100, -100, 0}, -200, -666667},
            {{std::nullopt}, std::nullopt, std::nullopt},
        };
        for (const Case& one : cases) {
            const Column column = columnOf<Int128>(type, one.values);
            QVERIFY(at<Int128>(runAll(sum, column), 0) == one.sum);
            QVERIFY(at<Int128>(runAll(average, column), 0) == one.average);
        }
    }

    void decimalsBeyondTheirDigitsAreNull()
    {
        const LogicalType type = types::decimal(38, 0);
        const Int128 nines = power10(38) - 1;
        const AggregateSpec sum = spec(AggregateFunction::Sum, type, type);
        const AggregateSpec average = spec(AggregateFunction::Avg, type, types::decimal(38, 6));
        QVERIFY(at<Int128>(runAll(sum, columnOf<Int128>(type, Decimals{nines, 0})), 0) == nines);
        QVERIFY(!at<Int128>(runAll(sum, columnOf<Int128>(type, Decimals{nines, 1})), 0));
        QVERIFY(!at<Int128>(runAll(sum, columnOf<Int128>(type, Decimals{nines, nines, nines})), 0));
        QVERIFY(!at<Int128>(runAll(sum, columnOf<Int128>(type, Decimals{-nines, -1})), 0));
        QVERIFY(!at<Int128>(runAll(average, columnOf<Int128>(type, Decimals{nines, 0})), 0)); // six digits more
        const Int128 large = power10(31);
        QVERIFY(at<Int128>(runAll(average, columnOf<Int128>(type, Decimals{large, large})), 0) == large * 1000000);
    }

    void extremesOfOtherTypes()
    {
        const Column texts = columnOf<std::string>(types::string(), Strings{"b", "ab", std::nullopt, "é", ""});
        const LogicalType text = types::string();
        const Column max = runAll(spec(AggregateFunction::Max, text, text), texts);
        const Column min = runAll(spec(AggregateFunction::Min, text, text), texts);
        QVERIFY(at<std::string_view>(max, 0) == "é");
        QVERIFY(at<std::string_view>(min, 0) == "");
        const LogicalType time = types::timestamp(9);
        const Column times = columnOf<Timestamp>(
            time, std::vector<std::optional<Timestamp>>{Timestamp{5, 2}, Timestamp{5, 1}, Timestamp{-1, 999999}});
        QVERIFY((at<Timestamp>(runAll(spec(AggregateFunction::Max, time, time), times), 0) == Timestamp{5, 2}));
        QVERIFY((at<Timestamp>(runAll(spec(AggregateFunction::Min, time, time), times), 0) == Timestamp{-1, 999999}));
        const LogicalType flag = types::boolean();
        const Column flags = columnOf<std::uint8_t>(flag, std::vector<std::optional<std::uint8_t>>{0, 1});
        QVERIFY(at<std::uint8_t>(runAll(spec(AggregateFunction::Max, flag, flag), flags), 0) == 1);
    }

    void stringsOutliveTheirBatch()
    {
        auto states = makeStates(spec(AggregateFunction::Max, types::string(), types::string()));
        states->resize(1);
        {
            const Column column =
                columnOf<std::string>(types::string(), Strings{std::string(1000, 'x'), std::string(1000, 'y')});
            states->update(&column, {std::vector<std::uint32_t>{0, 1}, std::vector<std::uint32_t>{0, 0}});
        }
        QVERIFY(at<std::string_view>(states->finish(), 0) == std::string(1000, 'y'));
        QVERIFY(states->memoryBytes() >= 1000);
    }

    void countStarCountsNulls()
    {
        const Column column = columnOf<std::int64_t>(types::bigInt(), Ints{1, std::nullopt, 3});
        auto all = makeStates({AggregateFunction::Count, {}, types::bigInt(), false});
        all->resize(1);
        all->update(nullptr, {std::vector<std::uint32_t>{0, 1, 2}, std::vector<std::uint32_t>{0, 0, 0}});
        QVERIFY(at<std::int64_t>(all->finish(), 0) == 3);
        const Column some = runAll(spec(AggregateFunction::Count, types::bigInt(), types::bigInt()), column);
        QVERIFY(at<std::int64_t>(some, 0) == 2);
        const Column none = runAll(spec(AggregateFunction::Count, types::bigInt(), types::bigInt()),
            columnOf<std::int64_t>(types::bigInt(), Ints{std::nullopt}));
        QVERIFY(at<std::int64_t>(none, 0) == 0);
    }

    /// Random groups, random cuts into partial states, against sets and sums written the plain way.
    void groupsAndDistinctAgainstAnOracle()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 50; ++round) {
            std::map<std::uint32_t, std::set<std::int64_t>> sets;
            std::map<std::uint32_t, std::int64_t> sums;
            const AggregateSpec count{AggregateFunction::Count, types::bigInt(), types::bigInt(), true};
            const AggregateSpec distinctSum{AggregateFunction::Sum, types::bigInt(), types::bigInt(), true};
            const AggregateSpec sum{AggregateFunction::Sum, types::bigInt(), types::bigInt(), false};
            std::vector<std::unique_ptr<AggregateStates>> total;
            for (const AggregateSpec& one : {count, distinctSum, sum}) {
                total.push_back(makeStates(one));
                total.back()->resize(10);
            }
            for (int part = 0; part < 4; ++part) {
                Ints values;
                std::vector<std::uint32_t> rows;
                std::vector<std::uint32_t> groups;
                for (std::uint32_t row = 0; row < 60; ++row) {
                    values.push_back(random() % 8 == 0 ? std::nullopt : std::optional<std::int64_t>(random() % 12));
                    rows.push_back(row);
                    groups.push_back(random() % 10);
                    if (values.back()) {
                        sets[(groups.back() + 3) % 10].insert(*values.back());
                        sums[(groups.back() + 3) % 10] += *values.back();
                    }
                }
                const Column column = columnOf<std::int64_t>(types::bigInt(), values);
                std::size_t i = 0;
                for (const AggregateSpec& one : {count, distinctSum, sum}) {
                    auto states = makeStates(one);
                    states->resize(10);
                    states->update(&column, {rows, groups});
                    std::vector<std::uint32_t> from(10);
                    std::vector<std::uint32_t> into;
                    std::iota(from.begin(), from.end(), 0U);
                    for (const std::uint32_t group : from)
                        into.push_back((group + 3) % 10);
                    total[i++]->combine(*states, {from, into});
                }
            }
            for (std::uint32_t group = 0; group < 10; ++group) {
                const std::set<std::int64_t>& set = sets[group];
                QCOMPARE(total[0]->finish().values<std::int64_t>()[group], std::int64_t(set.size()));
                QCOMPARE(total[1]->finish().values<std::int64_t>()[group],
                    std::accumulate(set.begin(), set.end(), std::int64_t{0}));
                QCOMPARE(total[2]->finish().values<std::int64_t>()[group], sums[group]);
            }
        }
    }

    /// Groups that are added to others of the same states, cleared and used again, as sessions do.
    void groupsComeAndGo()
    {
        std::mt19937 random(11);
        const AggregateSpec specs[] = {{AggregateFunction::Count, types::bigInt(), types::bigInt(), true},
            {AggregateFunction::Sum, types::bigInt(), types::bigInt(), false},
            {AggregateFunction::Max, types::bigInt(), types::bigInt(), false},
            {AggregateFunction::Avg, types::bigInt(), types::bigInt(), false}};
        std::vector<std::unique_ptr<AggregateStates>> states;
        for (const AggregateSpec& one : specs) {
            states.push_back(makeStates(one));
            states.back()->resize(5);
        }
        std::vector<std::vector<std::int64_t>> values(5);
        for (int step = 0; step < 20'000; ++step) {
            const auto group = static_cast<std::uint32_t>(random() % 5);
            const auto other = static_cast<std::uint32_t>((group + 1 + random() % 4) % 5);
            const unsigned action = random() % 20;
            if (action == 0) {
                for (const auto& one : states) {
                    one->combine(*one, GroupPairs{{&other, 1}, {&group, 1}});
                    one->clear({&other, 1});
                }
                values[group].insert(values[group].end(), values[other].begin(), values[other].end());
                values[other].clear();
            } else if (action == 1) {
                for (const auto& one : states)
                    one->clear({&group, 1});
                values[group].clear();
            } else {
                values[group].push_back(static_cast<std::int64_t>(random() % 50));
                const Column column = columnOf<std::int64_t>(types::bigInt(), {values[group].back()});
                const std::uint32_t row = 0;
                for (const auto& one : states)
                    one->update(&column, {{&row, 1}, {&group, 1}});
            }
            const std::vector<std::int64_t>& kept = values[group];
            const std::int64_t sum = std::accumulate(kept.begin(), kept.end(), std::int64_t{0});
            QCOMPARE(at<std::int64_t>(states[0]->finish({&group, 1}), 0),
                std::optional<std::int64_t>(std::set<std::int64_t>(kept.begin(), kept.end()).size()));
            const bool none = kept.empty();
            const auto unless = [none](std::int64_t value) { return none ? std::nullopt : std::optional(value); };
            QCOMPARE(at<std::int64_t>(states[1]->finish({&group, 1}), 0), unless(sum));
            QCOMPARE(at<std::int64_t>(states[2]->finish({&group, 1}), 0),
                unless(none ? 0 : *std::max_element(kept.begin(), kept.end())));
            QCOMPARE(at<std::int64_t>(states[3]->finish({&group, 1}), 0),
                unless(none ? 0 : sum / static_cast<std::int64_t>(kept.size())));
        }
    }
};

QTEST_GUILESS_MAIN(TestAggregateFunction)
#include "tst_aggregate_function.moc"
