// SPDX-License-Identifier: GPL-3.0-or-later
// Windows brought together by the mergers against the same windows computed from all their rows.
#include "app/engine/aggregate/key_hash.h"
#include "app/engine/window/slice_merger.h"

#include <QTest>

#include <map>
#include <random>
#include <set>

using namespace weir;
using namespace weir::window;

namespace {

std::shared_ptr<const SliceSpec> spec()
{
    auto made = std::make_shared<SliceSpec>();
    const LogicalType number = types::bigInt();
    made->keys = {number};
    made->aggregates = {{aggregate::AggregateFunction::Count, {}, number.notNull()},
        {aggregate::AggregateFunction::Max, number, number}};
    return made;
}

void add(SliceState& slice, std::int64_t key, std::int64_t value)
{
    Column keys(types::bigInt(), 1);
    keys.values<std::int64_t>()[0] = key;
    Column values(types::bigInt(), 1);
    values.values<std::int64_t>()[0] = value;
    const SliceInput input{{&keys}, {nullptr, &values}, {nullptr, nullptr}};
    const std::uint32_t row = 0;
    std::vector<std::uint64_t> hashes;
    aggregate::hashRows(input.keys, {&row, 1}, hashes);
    slice.add(input, {{&row, 1}, hashes});
}

using Groups = std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>>; ///< count and maximum by key

Groups groupsOf(const SliceState* slice)
{
    Groups groups;
    if (!slice)
        return groups;
    const std::vector<Column> results = slice->finish();
    for (std::size_t i = 0; i < slice->groupCount(); ++i)
        groups[slice->groups().keys()[0].values<std::int64_t>()[i]] = {
            results[0].values<std::int64_t>()[i], results[1].values<std::int64_t>()[i]};
    return groups;
}

struct Row
{
    std::int64_t key = 0;
    std::int64_t value = 0;
    std::int64_t slice = 0; ///< its end
};

/// Rows of the slices that end in (start, end].
Groups naive(const std::vector<Row>& rows, WindowBounds window)
{
    Groups groups;
    for (const Row& row : rows) {
        if (row.slice <= window.start || row.slice > window.end)
            continue;
        auto& [count, max] = groups.try_emplace(row.key, 0, INT64_MIN).first->second;
        ++count;
        max = std::max(max, row.value);
    }
    return groups;
}

} // namespace

class TestSliceMerger : public QObject
{
    Q_OBJECT
private slots:
    void windowsAreThoseOfAllTheirRows_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("steps");
        QTest::newRow("TUMBLE") << static_cast<int>(SliceKind::Tumble) << 1;
        for (const int steps : {1, 2, 3, 7, 60}) {
            QTest::addRow("HOP %d:1", steps) << static_cast<int>(SliceKind::Hop) << steps;
            QTest::addRow("CUMULATE %d:1", steps) << static_cast<int>(SliceKind::Cumulate) << steps;
            QTest::addRow("CUMULATE %d:1, only updated", steps) << onlyUpdated << steps;
        }
    }

    void windowsAreThoseOfAllTheirRows()
    {
        QFETCH(int, kind);
        QFETCH(int, steps);
        constexpr std::int64_t step = 10;
        const SliceAssigner slices = kind == static_cast<int>(SliceKind::Hop)
            ? SliceAssigner::hop(steps * step, step, 0)
            : kind == static_cast<int>(SliceKind::Tumble)
            ? SliceAssigner::tumble(step, 0)
            : SliceAssigner::cumulate(steps * step, step, 0, kind == onlyUpdated);
        std::mt19937 random(3);
        for (int round = 0; round < 20; ++round)
            play(slices, random);
    }

    void nothingStaysOfRowsThatAreInNoWindow()
    {
        for (const SliceAssigner& slices : {SliceAssigner::hop(60, 10, 0), SliceAssigner::cumulate(60, 10, 0)}) {
            const auto merger = makeMerger(slices, spec());
            auto slice = std::make_unique<SliceState>(*spec());
            add(*slice, 1, 1);
            merger->close(10, std::move(slice));
            for (std::int64_t end = 10; end <= 60; end += 10) {
                QVERIFY(merger->window(end));
                merger->expire(end);
            }
            QVERIFY(!merger->window(70));
            QCOMPARE(merger->groupCount(), std::size_t{0});
            QCOMPARE(merger->memoryBytes(), std::size_t{0});
        }
    }

private:
    static constexpr int onlyUpdated = 99; ///< a kind of its own here

    /// Slices close one after the other, some without rows; now and then a late row comes for a slice that has closed.
    static void play(const SliceAssigner& slices, std::mt19937& random)
    {
        const auto merger = makeMerger(slices, spec());
        std::vector<Row> rows;
        for (std::int64_t end = 10; end <= 2000; end += 10) {
            auto slice = std::make_unique<SliceState>(*spec());
            const unsigned count = random() % 3 == 0 ? 0 : random() % 6;
            std::set<std::int64_t> updated;
            for (unsigned i = 0; i < count; ++i) {
                rows.push_back(
                    {static_cast<std::int64_t>(random() % 5), static_cast<std::int64_t>(random() % 100), end});
                add(*slice, rows.back().key, rows.back().value);
                updated.insert(rows.back().key);
            }
            if (count > 0)
                merger->close(end, std::move(slice));
            const SliceState* window = merger->window(end);
            Groups expected = naive(rows, slices.windowOf(end));
            if (slices.onlyUpdated())
                std::erase_if(expected, [&updated](const auto& group) { return !updated.contains(group.first); });
            QCOMPARE(groupsOf(window), expected);
            merger->expire(end);
            if (random() % 10 == 0)
                addLate(slices, *merger, end, rows, random);
            SliceState next(*spec());
            merger->addTo(end + 10, next);
            QCOMPARE(groupsOf(&next), naive(rows, slices.windowOf(end + 10)));
        }
    }

    static void addLate(const SliceAssigner& slices, SliceMerger& merger, std::int64_t fired, std::vector<Row>& rows,
        std::mt19937& random)
    {
        const std::int64_t slice = fired - 10 * static_cast<std::int64_t>(random() % 5);
        if (slices.lastWindowEnd(slice) <= fired)
            return;
        rows.push_back({static_cast<std::int64_t>(random() % 5), 1000, slice});
        add(merger.late(slice), rows.back().key, rows.back().value);
    }
};

QTEST_GUILESS_MAIN(TestSliceMerger)
#include "tst_slice_merger.moc"
