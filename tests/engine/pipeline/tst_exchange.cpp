// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/exchange.h"
#include "tests/support/columns.h"

#include <QTest>

#include <random>

using namespace weir;
using namespace weir::query;

namespace {

const Schema schema{{"key", types::bigInt()}, {"copy", types::bigInt()}};

/// Gives each of its rows `copies` times, numbered; so many that nothing could hold them if that is asked for.
class Multiplier final : public window::Operator
{
public:
    explicit Multiplier(std::int64_t copies) : m_copies(copies) { }

    void process(std::size_t, const window::InputRows& in, window::OutputRows& out) override
    {
        for (const std::uint32_t place : in.places) {
            out.setPlace({place, true, 0, 0, in.firstNumber + place}, in.watermarks[place]);
            for (std::int64_t copy = 0; copy < m_copies && !out.stopped(); ++copy) {
                out.append(0, in.batch.columns[0].values<std::int64_t>()[in.rows[place]]);
                out.append(1, copy);
                out.endRow();
            }
        }
    }
    std::size_t memoryBytes() const override { return 0; }
    std::size_t groupCount() const override { return 0; }
    std::vector<window::KeyUse> largestKeys(std::size_t) const override { return {}; }

private:
    std::int64_t m_copies;
};

StageProgram stageOf(std::int64_t copies, bool multiplies)
{
    StageProgram stage;
    stage.make = [copies] { return std::make_unique<Multiplier>(copies); };
    stage.exchangeKeys = {{0}};
    stage.multiplies = multiplies;
    stage.given = schema;
    return stage;
}

window::StreamRows rowsOf(const std::vector<std::optional<std::int64_t>>& keys)
{
    window::StreamRows rows;
    rows.batch.rowCount = keys.size();
    rows.batch.columns = {columnOf(types::bigInt(), keys)};
    for (std::size_t row = 0; row < keys.size(); ++row)
        rows.watermarks.push_back(static_cast<std::int64_t>(row));
    return rows;
}

} // namespace

class TestExchange : public QObject
{
    Q_OBJECT
private slots:
    void rowsComeInTheOrderOfOneOperator_data()
    {
        QTest::addColumn<bool>("multiplies");
        QTest::newRow("gathered") << false;
        QTest::newRow("while they run") << true;
    }

    void rowsComeInTheOrderOfOneOperator()
    {
        QFETCH(bool, multiplies);
        std::mt19937 random(1);
        std::vector<std::optional<std::int64_t>> keys;
        for (int i = 0; i < 400; ++i)
            keys.emplace_back(random() % 20);
        constexpr std::int64_t copies = 3000; // batches of one operator alone, and such that have to be put together
        const StageProgram stage = stageOf(copies, multiplies);
        ShardThreads threads(3);
        Exchange exchange(stage, threads, nullptr);
        std::size_t next = 0;
        bool right = true;
        window::OutputRows out(schema, [&](const window::StreamRows& rows) {
            for (std::size_t row = 0; row < rows.batch.rowCount; ++row, ++next) {
                const std::size_t source = next / copies;
                right = right && rows.batch.columns[0].values<std::int64_t>()[row] == keys[source]
                    && rows.batch.columns[1].values<std::int64_t>()[row] == std::int64_t(next % copies)
                    && rows.watermarks[row] == std::int64_t(source);
            }
            return true;
        });
        const window::StreamRows rows = rowsOf(keys);
        exchange.process({0, rows, INT64_MIN, 400, 0}, out);
        out.flush();
        QVERIFY(right);
        QCOMPARE(next, keys.size() * copies);
    }

    /// Without a bound on what is on the way this would end for want of memory, without a way to stop it never.
    void rowsThatNobodyWantsEndTheOperators()
    {
        const StageProgram stage = stageOf(INT64_MAX, true);
        ShardThreads threads(4);
        Exchange exchange(stage, threads, nullptr);
        const window::StreamRows rows = rowsOf({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        for (int round = 0; round < 4; ++round) {
            std::size_t batches = 0;
            window::OutputRows out(schema, [&batches](const window::StreamRows&) { return ++batches < 300; });
            exchange.process({0, rows, INT64_MIN, 12, 0}, out);
            QVERIFY(out.stopped());
            QCOMPARE(batches, std::size_t(300));
        }
    }

    void noRowsAreNoWork()
    {
        const StageProgram stage = stageOf(10, true);
        ShardThreads threads(2);
        Exchange exchange(stage, threads, nullptr);
        std::size_t batches = 0;
        window::OutputRows out(schema, [&batches](const window::StreamRows&) { return ++batches > 0; });
        const window::StreamRows rows = rowsOf({});
        exchange.process({0, rows, INT64_MIN, 5, 0}, out);
        out.flush();
        QCOMPARE(batches, std::size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestExchange)
#include "tst_exchange.moc"
