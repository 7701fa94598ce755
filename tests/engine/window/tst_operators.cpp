// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/over_operator.h"
#include "app/engine/window/row_order.h"
#include "app/engine/window/session_operator.h"
#include "app/engine/window/top_n_operator.h"
#include "tests/support/columns.h"

#include <QTest>

#include <deque>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

using namespace weir;
using namespace weir::window;

namespace {

/// Rows of (k BIGINT, v BIGINT, ts TIMESTAMP(3), start, end TIMESTAMP(3)) with the watermark before each.
struct Rows
{
    EventBatch batch;
    std::vector<std::int64_t> watermarks;
    std::int64_t after = INT64_MIN;
};

const Schema input{{"k", types::bigInt()}, {"v", types::bigInt()}, {"ts", types::timestamp(3)},
    {"start", types::timestamp(3)}, {"end", types::timestamp(3)}};

Rows randomRows(std::mt19937& random, std::int64_t& front, std::size_t count, std::int64_t keys)
{
    Rows rows;
    rows.batch.schema = input;
    rows.batch.rowCount = count;
    for (const RowField& field : input)
        rows.batch.columns.emplace_back(field.type, count);
    auto& columns = rows.batch.columns;
    for (std::size_t row = 0; row < count; ++row) {
        rows.watermarks.push_back(front - 5);
        front += static_cast<std::int64_t>(random() % 4);
        const std::int64_t time = front - static_cast<std::int64_t>(random() % 9);
        columns[0].values<std::int64_t>()[row] = static_cast<std::int64_t>(random() % std::uint64_t(keys));
        columns[1].values<std::int64_t>()[row] = static_cast<std::int64_t>(random() % 10);
        columns[2].values<Timestamp>()[row] = {time, 0};
        columns[3].values<Timestamp>()[row] = {time / 10 * 10, 0};
        columns[4].values<Timestamp>()[row] = {time / 10 * 10 + 10, 0};
    }
    rows.after = front - 5;
    return rows;
}

std::vector<CallColumns> countAndSum()
{
    aggregate::AggregateSpec count;
    count.result = types::bigInt();
    aggregate::AggregateSpec sum;
    sum.function = aggregate::AggregateFunction::Sum;
    sum.argument = types::bigInt();
    sum.result = types::bigInt();
    return {{count, -1, -1}, {sum, 1, -1}};
}

struct Made
{
    std::unique_ptr<Operator> op;
    Schema given;
};
using Make = std::function<Made()>;

Schema windowSchema()
{
    const LogicalType time = types::timestamp(3);
    return {
        {"s", time}, {"e", time}, {"t", time}, {"k", types::bigInt()}, {"n", types::bigInt()}, {"v", types::bigInt()}};
}

Made makeSession()
{
    const KeyColumns keys{{types::bigInt()}, {0}};
    return {std::make_unique<SessionAggregation>(keys, SessionRule{2, 4, {}}, countAndSum()), windowSchema()};
}

Made makeTopN()
{
    TopNSpec spec;
    spec.keys = {{types::bigInt()}, {0}};
    spec.bounds = {3, 4};
    spec.order = {{1, true, false}};
    spec.last = 2;
    Schema given = input;
    given.push_back({"rn", types::bigInt()});
    return {std::make_unique<TopNOperator>(spec, input), given};
}

Made makeOver()
{
    OverSpec spec;
    spec.keys = {{types::bigInt()}, {0}};
    spec.timeColumn = 2;
    spec.preceding = 12;
    spec.calls = countAndSum();
    spec.shownColumns = input.size();
    Schema given = input;
    given.push_back({"n", types::bigInt()});
    given.push_back({"s", types::bigInt()});
    return {std::make_unique<OverOperator>(spec, input), given};
}

Made makeAggregation()
{
    const KeyColumns keys{{types::bigInt()}, {0}};
    return {std::make_unique<WindowAggregation>(RowWindows(BoundColumns{3, 4}), keys, countAndSum()), windowSchema()};
}

std::string lineOf(const StreamRows& rows, std::size_t row)
{
    std::string line = std::to_string(rows.watermarks[row]) + ":";
    for (const Column& column : rows.batch.columns) {
        if (physicalTypeOf(column.type()) == PhysicalType::Timestamp)
            line += " " + std::to_string(column.values<Timestamp>()[row].millis);
        else
            line += " " + (column.isNull(row) ? "null" : std::to_string(column.values<std::int64_t>()[row]));
    }
    return line;
}

std::optional<OrderedRows> takeFirst(std::deque<OrderedRows>& batches)
{
    if (batches.empty())
        return std::nullopt;
    std::optional<OrderedRows> first = std::move(batches.front());
    batches.pop_front();
    return first;
}

/// Runs random rows in batches through `count` operators that share the keys; lines with watermarks, in their order.
std::vector<std::string> run(const Make& make, std::size_t count, std::size_t rowsPerBatch)
{
    std::vector<std::string> lines;
    std::vector<Made> made;
    for (std::size_t i = 0; i < count; ++i)
        made.push_back(make());
    const OutputRows::Flush flush = [&lines](const StreamRows& rows) {
        for (std::size_t row = 0; row < rows.batch.rowCount; ++row)
            lines.push_back(lineOf(rows, row));
        return true;
    };
    std::mt19937 random(3);
    std::int64_t front = 1000;
    Rows all = randomRows(random, front, 1200, 40);
    std::int64_t before = INT64_MIN;
    for (std::size_t first = 0; first <= 1200; first += rowsPerBatch) {
        const std::size_t size = std::min(rowsPerBatch, 1200 - first);
        std::vector<std::uint32_t> rows(size);
        std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
        const std::span<const std::int64_t> watermarks = std::span(all.watermarks).subspan(first, size);
        const std::int64_t after = size < rowsPerBatch || size == 0 ? INT64_MAX : watermarks.back();
        OutputRows out(made[0].given, flush);
        std::vector<std::deque<OrderedRows>> parts(count);
        for (std::size_t i = 0; i < count; ++i) {
            std::vector<std::uint32_t> places;
            for (std::uint32_t place = 0; place < size; ++place) {
                if (std::size_t(all.batch.columns[0].values<std::int64_t>()[rows[place]]) % count == i)
                    places.push_back(place);
            }
            const InputRows in{all.batch, rows, watermarks, places, before, after, first};
            OutputRows part(made[0].given, [&given = parts[i]](OrderedRows ordered) {
                given.push_back(std::move(ordered));
                return true;
            });
            made[i].op->process(0, in, count == 1 ? out : part);
            part.flush();
        }
        if (count > 1)
            mergeRows(out, count, [&parts](std::size_t i) { return takeFirst(parts[i]); });
        out.flush();
        before = after;
    }
    return lines;
}

void feed(const Made& made, const Rows& rows, std::int64_t before)
{
    std::vector<std::uint32_t> all(rows.batch.rowCount);
    std::iota(all.begin(), all.end(), 0U);
    OutputRows out(made.given, [](const StreamRows&) { return true; });
    made.op->process(0, {rows.batch, all, rows.watermarks, all, before, rows.after, 0}, out);
}

} // namespace

class TestOperators : public QObject
{
    Q_OBJECT
private slots:
    void keysMayBeShared_data()
    {
        QTest::addColumn<int>("kind");
        int kind = 0;
        for (const char* name : {"session", "top-n", "over", "aggregation"})
            QTest::newRow(name) << kind++;
    }

    /// Rows, their order and the watermarks they carry: neither the number of operators nor the cuts of batches show.
    void keysMayBeShared()
    {
        QFETCH(int, kind);
        const Make makes[] = {makeSession, makeTopN, makeOver, makeAggregation};
        const std::vector<std::string> one = run(makes[kind], 1, 1201);
        QVERIFY(one.size() > 300);
        QCOMPARE(run(makes[kind], 1, 1), one);
        QCOMPARE(run(makes[kind], 1, 7), one);
        QCOMPARE(run(makes[kind], 2, 1201), one);
        QCOMPARE(run(makes[kind], 3, 50), one);
    }

    /// The watermark of a row that a timer gave is below the timer's time.
    void rowsCarryTheWatermarkBefore()
    {
        for (const std::string& line : run(makeAggregation, 1, 100)) {
            const std::int64_t watermark = std::stoll(line);
            const std::int64_t start = std::stoll(line.substr(line.find(' ')));
            QVERIFY2(watermark < start + 9, line.c_str());
        }
    }

    /// Ever new keys: what is done with is forgotten.
    void stateStaysBounded()
    {
        for (const Make& make : {Make(makeSession), Make(makeTopN), Make(makeOver), Make(makeAggregation)}) {
            const Made made = make();
            std::mt19937 random(8);
            std::int64_t front = 1000;
            std::int64_t before = INT64_MIN;
            std::size_t most = 0;
            for (int batch = 0; batch < 1000; ++batch) {
                Rows rows = randomRows(random, front, 200, 5);
                for (std::int64_t& key : rows.batch.columns[0].values<std::int64_t>())
                    key += batch * 5;
                feed(made, rows, before);
                before = rows.after;
                if (batch == 400)
                    most = made.op->memoryBytes();
            }
            QVERIFY2(made.op->memoryBytes() < most * 3 / 2,
                (std::to_string(most) + " to " + std::to_string(made.op->memoryBytes())).c_str());
            QVERIFY(made.op->groupCount() < 50);
        }
    }

    /// One giant key meets the budget in the middle of a batch.
    void aGiantKeyIsRefused()
    {
        const Made made = makeOver();
        std::size_t granted = 0;
        made.op->setBooking([&granted](std::size_t bytes) {
            if (bytes > 512 << 10)
                return false;
            granted = bytes;
            return true;
        });
        std::mt19937 random(4);
        std::int64_t front = 1000;
        Rows rows = randomRows(random, front, 20'000, 1);
        rows.watermarks.assign(rows.watermarks.size(), INT64_MIN);
        rows.after = INT64_MIN;
        feed(made, rows, INT64_MIN);
        QVERIFY(made.op->isFull());
        QVERIFY(granted > 256 << 10);
        QVERIFY2(made.op->memoryBytes() < 2 << 20, std::to_string(made.op->memoryBytes()).c_str());
        const std::vector<KeyUse> largest = made.op->largestKeys(3);
        QCOMPARE(largest.size(), std::size_t(1));
        QCOMPARE(largest[0].key, std::string("0"));
        QVERIFY(largest[0].bytes > 100 << 10);
    }

    void comparesCells()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const Column doubles = columnOf<double>(types::float64(), {1.0, nan, nan, -1.0, std::nullopt});
        QVERIFY(compareCells(doubles, 0, 1) < 0);
        QVERIFY(compareCells(doubles, 1, 2) == 0);
        QVERIFY(compareCells(doubles, 3, 0) < 0);
        QVERIFY(sameCells(doubles, 4, doubles, 4));
        QVERIFY(!sameCells(doubles, 4, doubles, 0));
        const std::vector<Column> columns{doubles};
        QVERIFY(standsBefore(columns, {{0, false, true}}, 4, 3));
        QVERIFY(standsBefore(columns, {{0, true, false}}, 0, 4));
        QVERIFY(standsBefore(columns, {{0, true, false}}, 1, 0));
        QVERIFY(!standsBefore(columns, {{0, true, false}}, 1, 2));
    }
};

QTEST_GUILESS_MAIN(TestOperators)
#include "tst_operators.moc"
