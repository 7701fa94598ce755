// SPDX-License-Identifier: GPL-3.0-or-later
// Deviations, first and last values, lists and percentiles, each against a few lines that do the same the plain way.
#include "app/engine/aggregate/aggregate_function.h"
#include "tests/support/columns.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace weir;
using namespace weir::aggregate;

namespace {

AggregateSpec spec(AggregateFunction function, const LogicalType& argument, const LogicalType& result)
{
    AggregateSpec made;
    made.function = function;
    made.argument = argument;
    made.result = result;
    return made;
}

/// All rows in one group, by way of three states that are combined; a fourth that was cleared must not show.
Column runAll(const AggregateSpec& spec, const Column& argument)
{
    std::vector<std::uint32_t> rows(argument.size());
    std::iota(rows.begin(), rows.end(), 0U);
    const std::span<const std::uint32_t> all(rows);
    const std::vector<std::uint32_t> zeros(rows.size(), 0);
    auto total = makeStates(spec);
    total->resize(1);
    total->update(&argument, {all, zeros});
    total->clear(std::vector<std::uint32_t>{0});
    for (std::size_t part = 0; part < 3; ++part) {
        const std::size_t first = rows.size() * part / 3;
        const std::size_t count = rows.size() * (part + 1) / 3 - first;
        auto states = makeStates(spec);
        states->resize(1);
        states->update(&argument, {all.subspan(first, count), std::span(zeros).first(count)});
        total->combine(*states, {std::span(zeros).first(1), std::span(zeros).first(1)});
    }
    return total->finish();
}

bool nearly(double a, double b)
{
    return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

} // namespace

class TestMoreFunctions : public QObject
{
    Q_OBJECT
private slots:
    void deviationsOfDoubles()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 200; ++round) {
            std::vector<std::optional<double>> values;
            std::vector<double> kept;
            for (unsigned i = 0; i < 1 + random() % 9; ++i) {
                values.push_back(random() % 5 == 0 ? std::nullopt : std::optional(double(random() % 1000) / 8));
                if (values.back())
                    kept.push_back(*values.back());
            }
            const Column column = columnOf<double>(types::float64(), values);
            const auto n = static_cast<double>(kept.size());
            const double mean = std::accumulate(kept.begin(), kept.end(), 0.0) / n;
            double squares = 0;
            for (const double value : kept)
                squares += (value - mean) * (value - mean);
            const LogicalType type = types::float64();
            const auto result = [&](AggregateFunction function) {
                return at<double>(runAll(spec(function, type, type), column), 0);
            };
            QCOMPARE(result(AggregateFunction::VarPop).has_value(), !kept.empty());
            QCOMPARE(result(AggregateFunction::VarSamp).has_value(), kept.size() > 1);
            if (kept.size() < 2 || squares == 0)
                continue;
            QVERIFY(nearly(*result(AggregateFunction::VarPop), squares / n));
            QVERIFY(nearly(*result(AggregateFunction::VarSamp), squares / (n - 1)));
            QVERIFY(nearly(*result(AggregateFunction::StddevPop), std::sqrt(squares / n)));
            QVERIFY(nearly(*result(AggregateFunction::StddevSamp), std::sqrt(squares / (n - 1))));
        }
    }

    /// The formula in the type of the argument: 1, 2, 4 give 21 - 49 / 3 = 5, then 5 / 3 = 1 and 5 / 2 = 2.
    void deviationsOfIntegersCutAsTheirTypeDoes()
    {
        using Ints = std::vector<std::optional<std::int64_t>>;
        const Column column = columnOf<std::int64_t>(types::integer(), Ints{1, 2, 4});
        const auto result = [&](AggregateFunction function) {
            return at<std::int64_t>(runAll(spec(function, types::integer(), types::integer()), column), 0);
        };
        QVERIFY(result(AggregateFunction::VarPop) == 1);
        QVERIFY(result(AggregateFunction::VarSamp) == 2);
        QVERIFY(result(AggregateFunction::StddevSamp) == 1);
    }

    void deviationsOfDecimals()
    {
        const LogicalType type = types::decimal(10, 2);
        const Column column = columnOf<Int128>(type, std::vector<std::optional<Int128>>{100, 200, std::nullopt, 600});
        const LogicalType result = types::decimal(38, 6);
        // 1, 2, 6: (41 - 81 / 3) / 3 and / 2
        QVERIFY(at<Int128>(runAll(spec(AggregateFunction::VarPop, type, result), column), 0) == Int128{4666667});
        QVERIFY(at<Int128>(runAll(spec(AggregateFunction::VarSamp, type, result), column), 0) == Int128{7000000});
        QVERIFY(at<Int128>(runAll(spec(AggregateFunction::StddevSamp, type, result), column), 0) == Int128{2645751});
    }

    void firstAndLastPassOverNulls()
    {
        const LogicalType type = types::string();
        using Texts = std::vector<std::optional<std::string>>;
        const Column column = columnOf<std::string>(type, Texts{std::nullopt, "b", "", "c", std::nullopt});
        QVERIFY(at<std::string_view>(runAll(spec(AggregateFunction::FirstValue, type, type), column), 0) == "b");
        QVERIFY(at<std::string_view>(runAll(spec(AggregateFunction::LastValue, type, type), column), 0) == "c");
        const Column empty = columnOf<std::string>(type, Texts{std::nullopt});
        QVERIFY(runAll(spec(AggregateFunction::LastValue, type, type), empty).isNull(0));
    }

    void listsKeepTheOrder()
    {
        const LogicalType type = types::string();
        using Texts = std::vector<std::optional<std::string>>;
        AggregateSpec list = spec(AggregateFunction::ListAgg, type, type);
        list.separator = "; ";
        const Column column = columnOf<std::string>(type, Texts{"x", std::nullopt, "", "y"});
        QVERIFY(at<std::string_view>(runAll(list, column), 0) == "x; ; y");
        QVERIFY(runAll(list, columnOf<std::string>(type, Texts{std::nullopt})).isNull(0));
    }

    void percentilesAreLinearBetweenNeighbours()
    {
        const LogicalType type = types::integer();
        const Column column =
            columnOf<std::int64_t>(type, std::vector<std::optional<std::int64_t>>{40, std::nullopt, 10, 30, 20});
        const auto percentile = [&](double fraction) {
            AggregateSpec made = spec(AggregateFunction::Percentile, type, types::float64());
            made.fraction = fraction;
            return *at<double>(runAll(made, column), 0);
        };
        QCOMPARE(percentile(0), 10.0);
        QCOMPARE(percentile(0.5), 25.0);
        QCOMPARE(percentile(1), 40.0);
        QVERIFY(nearly(percentile(0.9), 37.0));
    }

    void topValuesAreAnObject()
    {
        const LogicalType type = types::string();
        using Texts = std::vector<std::optional<std::string>>;
        AggregateSpec top = spec(AggregateFunction::ApproxTopK, type, type.notNull());
        top.count = 2;
        const Texts texts{"say 'a'", "c", "c", "d", std::nullopt, "c", "say 'a'"};
        const Column column = columnOf<std::string>(type, texts);
        QVERIFY(at<std::string_view>(runAll(top, column), 0) == "{\"c\":3,\"say 'a'\":2}");
    }
};

QTEST_GUILESS_MAIN(TestMoreFunctions)
#include "tst_more_functions.moc"
