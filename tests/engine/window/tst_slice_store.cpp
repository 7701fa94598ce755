// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/slice_store.h"
#include "tests/support/columns.h"

#include <QTest>

#include <map>
#include <random>

using namespace weir;
using namespace weir::window;

namespace {

std::shared_ptr<const SliceSpec> specOf()
{
    using aggregate::AggregateFunction;
    auto spec = std::make_shared<SliceSpec>();
    spec->keys = {types::bigInt()};
    spec->aggregates = {{AggregateFunction::Count, {}, types::bigInt(), false},
        {AggregateFunction::Sum, types::bigInt(), types::bigInt(), false}};
    return spec;
}

struct Totals
{
    std::int64_t count = 0;
    std::int64_t sum = 0;
    bool operator==(const Totals&) const = default;
};
using Oracle = std::map<std::pair<std::int64_t, std::int64_t>, Totals>; ///< (slice end, key)

/// One random batch into `store`, and the plain way into `oracle`. The SUM counts only rows with an odd value.
void addRandomBatch(std::mt19937& random, SliceStore& store, Oracle& oracle)
{
    std::vector<std::optional<std::int64_t>> keys;
    std::vector<std::optional<std::int64_t>> values;
    std::vector<std::optional<std::uint8_t>> odd;
    SlicedRows rows;
    for (std::uint32_t row = 0; row < 100; ++row) {
        keys.emplace_back(random() % 5);
        values.emplace_back(random() % 100);
        odd.emplace_back(static_cast<std::uint8_t>(*values.back() % 2));
        if (random() % 3 == 0)
            continue;
        const std::int64_t end = 10 * (1 + random() % 4);
        rows.rows(rows.numberOf(end)).push_back(row);
        Totals& totals = oracle[{end, *keys.back()}];
        totals.count += 1;
        totals.sum += *odd.back() ? *values.back() : 0;
    }
    const Column key = columnOf(types::bigInt(), keys);
    const Column value = columnOf(types::bigInt(), values);
    const Column filter = columnOf(types::boolean(), odd);
    store.add({{&key}, {nullptr, &value}, {nullptr, &filter}}, rows);
}

Oracle resultOf(std::int64_t end, const SliceState& slice)
{
    Oracle result;
    const std::vector<Column> columns = slice.finish();
    for (std::size_t group = 0; group < slice.groupCount(); ++group) {
        const std::int64_t key = slice.groups().keys()[0].values<std::int64_t>()[group];
        result[{end, key}] = {*at<std::int64_t>(columns[0], group), at<std::int64_t>(columns[1], group).value_or(0)};
    }
    return result;
}

} // namespace

class TestSliceStore : public QObject
{
    Q_OBJECT
private slots:
    /// Two stores combined hold what one plain loop over all rows holds.
    void combinedStoresEqualThePlainWay()
    {
        std::mt19937 random(5);
        for (int round = 0; round < 30; ++round) {
            SliceStore left(specOf());
            SliceStore right(specOf());
            Oracle oracle;
            for (int batch = 0; batch < 6; ++batch)
                addRandomBatch(random, batch % 2 ? left : right, oracle);
            Oracle result;
            for (std::int64_t end = 10; end <= 40; end += 10) {
                auto slice = left.take(end);
                slice->combine(*right.take(end));
                result.merge(resultOf(end, *slice));
            }
            QVERIFY(result == oracle);
            QCOMPARE(left.memoryBytes(), std::size_t(0));
            QVERIFY(left.slices().empty());
        }
    }

    void booksWhatItHolds()
    {
        std::mt19937 random(9);
        SliceStore store(specOf());
        Oracle oracle;
        QCOMPARE(store.memoryBytes(), std::size_t(0));
        addRandomBatch(random, store, oracle);
        std::size_t bytes = 0;
        for (const auto& [end, slice] : store.slices())
            bytes += slice->memoryBytes();
        QCOMPARE(store.memoryBytes(), bytes);
        QCOMPARE(store.groupCount(), oracle.size());
        QVERIFY(!store.take(999));
    }
};

QTEST_GUILESS_MAIN(TestSliceStore)
#include "tst_slice_store.moc"
