// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/row_text.h"
#include "app/engine/pipeline/query_run.h"
#include "app/engine/sql/script.h"
#include "tests/support/fake_source.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace weir;

namespace {

struct Row
{
    std::optional<std::string> key;
    std::optional<std::int64_t> value;
    std::int64_t time = 0;
};

/// What arrives, in order: rows of one partition per batch.
struct Arrived
{
    int partition = 0;
    std::vector<Row> rows;
};

struct Schedule
{
    int partitions = 1;
    std::int64_t size = 1;
    std::int64_t offset = 0;
    std::int64_t delay = 0;
    std::vector<Arrived> batches;
};

struct Outcome
{
    std::vector<std::string> rows; ///< sorted
    std::uint64_t late = 0;
    bool operator==(const Outcome&) const = default;
};

std::int64_t floorMod(std::int64_t value, std::int64_t by)
{
    return ((value % by) + by) % by;
}

Schedule randomSchedule(std::mt19937& random, bool withinDelay)
{
    Schedule schedule;
    schedule.partitions = 1 + static_cast<int>(random() % 4);
    schedule.size = 1 + static_cast<std::int64_t>(random() % 20);
    schedule.offset = static_cast<std::int64_t>(random() % static_cast<unsigned>(schedule.size));
    schedule.delay = static_cast<std::int64_t>(random() % 9);
    // A row exactly `delay` behind may be late: the watermark that fires its window is its own time.
    schedule.delay += withinDelay ? 1 : 0;
    const unsigned disorder = withinDelay ? static_cast<unsigned>(schedule.delay) : 30;
    std::vector<std::int64_t> front(static_cast<std::size_t>(schedule.partitions));
    for (std::int64_t& time : front)
        time = 1000 + static_cast<std::int64_t>(random() % 20);
    const unsigned batches = 1 + random() % 12;
    for (unsigned i = 0; i < batches; ++i) {
        Arrived& batch = schedule.batches.emplace_back();
        batch.partition = static_cast<int>(random() % static_cast<unsigned>(schedule.partitions));
        const unsigned rows = 1 + random() % 9;
        std::int64_t& time = front[static_cast<std::size_t>(batch.partition)];
        for (unsigned r = 0; r < rows; ++r) {
            time += random() % 4;
            Row& row = batch.rows.emplace_back();
            row.time = time - static_cast<std::int64_t>(random() % disorder);
            if (random() % 6)
                row.key = std::string(1, static_cast<char>('a' + random() % 3));
            if (random() % 5)
                row.value = static_cast<std::int64_t>(random() % 100) - 50;
        }
    }
    return schedule;
}

std::string text(const std::optional<std::int64_t>& value)
{
    return value ? std::to_string(*value) : "null";
}

/// The rules of windows, one row after the other, with nothing clever.
class Naive
{
public:
    explicit Naive(const Schedule& schedule) : m_schedule(schedule), m_own(std::size_t(schedule.partitions), INT64_MIN)
    { }

    Outcome run()
    {
        for (std::size_t i = 0; i < m_schedule.batches.size(); ++i) {
            endPartitions(i);
            for (const Row& row : m_schedule.batches[i].rows)
                addRow(row, m_schedule.batches[i].partition);
        }
        Outcome outcome;
        outcome.late = m_late;
        for (const auto& [place, group] : m_groups)
            outcome.rows.push_back(rowText(place.first, place.second, group));
        std::sort(outcome.rows.begin(), outcome.rows.end());
        return outcome;
    }

private:
    struct Group
    {
        std::int64_t count = 0;
        std::optional<std::int64_t> sum;
        std::optional<std::int64_t> least;
        std::optional<std::int64_t> most;
    };

    void addRow(const Row& row, int partition)
    {
        const std::int64_t start = row.time - floorMod(row.time - m_schedule.offset, m_schedule.size);
        if (start + m_schedule.size - 1 <= m_watermark) {
            ++m_late;
        } else {
            Group& group = m_groups[{start, row.key}];
            ++group.count;
            if (row.value) {
                group.sum = group.sum.value_or(0) + *row.value;
                group.least = std::min(group.least.value_or(*row.value), *row.value);
                group.most = std::max(group.most.value_or(*row.value), *row.value);
            }
        }
        std::int64_t& own = m_own[static_cast<std::size_t>(partition)];
        own = std::max(own, row.time - m_schedule.delay);
        advance();
    }

    /// Partitions without another batch from number `next` on have ended, before anything of it arrives.
    void endPartitions(std::size_t next)
    {
        for (int partition = 0; partition < m_schedule.partitions; ++partition) {
            const bool more = std::any_of(m_schedule.batches.begin() + static_cast<std::ptrdiff_t>(next),
                m_schedule.batches.end(), [&](const Arrived& batch) { return batch.partition == partition; });
            if (!more)
                m_own[static_cast<std::size_t>(partition)] = INT64_MAX;
        }
        advance();
    }

    void advance()
    {
        const std::int64_t minimum = *std::min_element(m_own.begin(), m_own.end());
        if (minimum != INT64_MAX)
            m_watermark = std::max(m_watermark, minimum);
    }

    std::string rowText(std::int64_t start, const std::optional<std::string>& key, const Group& group) const
    {
        return std::to_string(start) + " " + (key ? "\"" + *key + "\"" : "null") + " " + std::to_string(group.count)
            + " " + text(group.sum) + " " + text(group.least) + " " + text(group.most);
    }

    const Schedule& m_schedule;
    std::vector<std::int64_t> m_own;
    std::int64_t m_watermark = INT64_MIN;
    std::uint64_t m_late = 0;
    std::map<std::pair<std::int64_t, std::optional<std::string>>, Group> m_groups;
};

std::string seconds(std::int64_t millis)
{
    const std::string digits = std::to_string(1000 + millis);
    return "INTERVAL '0." + digits.substr(1) + "' SECOND";
}

sql::QueryPlan planOf(const Schedule& schedule)
{
    const std::string script = "CREATE TABLE t (k STRING, v BIGINT, t BIGINT, ts AS TO_TIMESTAMP_LTZ(t, 3), "
                               "WATERMARK FOR ts AS ts - "
        + seconds(schedule.delay)
        + ") WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'localhost:1', "
          "'scan.startup.mode' = 'earliest-offset', 'format' = 'json');\n"
          "SELECT window_start, k, COUNT(*) AS n, SUM(v) AS s, MIN(v) AS lo, MAX(v) AS hi FROM TABLE(TUMBLE(TABLE t, "
          "DESCRIPTOR(ts), "
        + seconds(schedule.size) + ", " + seconds(schedule.offset) + ")) GROUP BY window_start, window_end, k;";
    const sql::Script compiled = sql::compileScript(script);
    if (!compiled.ok() || compiled.queries.size() != 1)
        qFatal("%s", compiled.diagnostics.empty() ? "no query" : describe(compiled.diagnostics[0]).c_str());
    return compiled.queries[0];
}

std::string jsonOf(const Row& row)
{
    return "{\"k\":" + (row.key ? "\"" + *row.key + "\"" : "null") + ",\"v\":" + text(row.value)
        + ",\"t\":" + std::to_string(row.time) + "}";
}

std::vector<RecordBatchPtr> batchesOf(const Schedule& schedule)
{
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(schedule.partitions));
    std::vector<RecordBatchPtr> batches;
    for (const Arrived& arrived : schedule.batches) {
        std::vector<FakeRecord> records;
        for (const Row& row : arrived.rows)
            records.push_back({offsets[static_cast<std::size_t>(arrived.partition)]++, jsonOf(row), row.time});
        batches.push_back(fakeBatch("t", {arrived.partition}, records));
    }
    return batches;
}

/// One source with all partitions: what arrives in which order is the schedule's.
std::vector<std::unique_ptr<Source>> oneSource(const Schedule& schedule)
{
    std::vector<PartitionId> partitions;
    for (int partition = 0; partition < schedule.partitions; ++partition)
        partitions.push_back({partition});
    auto source = std::make_unique<FakeSource>("t", partitions);
    for (RecordBatchPtr& batch : batchesOf(schedule))
        source->addPoll({std::move(batch)});
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(std::move(source));
    return sources;
}

/// A source per partition: threads decide the order.
std::vector<std::unique_ptr<Source>> manySources(const Schedule& schedule)
{
    std::vector<std::unique_ptr<FakeSource>> sources;
    for (int partition = 0; partition < schedule.partitions; ++partition)
        sources.push_back(std::make_unique<FakeSource>("t", std::vector<PartitionId>{{partition}}));
    for (RecordBatchPtr& batch : batchesOf(schedule)) {
        FakeSource& source = *sources[static_cast<std::size_t>(batch->partition().value)];
        source.addPoll({std::move(batch)});
    }
    return {std::make_move_iterator(sources.begin()), std::make_move_iterator(sources.end())};
}

Outcome runWeir(const Schedule& schedule, int workers, bool spread)
{
    Outcome outcome;
    std::int64_t lastStart = INT64_MIN;
    const ResultSink sink = [&](const ResultBatch& batch) -> Result<void> {
        for (std::size_t row = 0; row < batch.rowCount; ++row) {
            const std::int64_t start = batch.columns[0].values<Timestamp>()[row].millis;
            if (start < lastStart)
                qFatal("windows came out of order");
            lastStart = start;
            std::string line = std::to_string(start);
            for (std::size_t i = 1; i < batch.columns.size(); ++i) {
                const Column& column = batch.columns[i];
                const std::string cell = cellText(column, row);
                line += " " + (column.isNull(row) ? "null" : i == 1 ? "\"" + cell + "\"" : cell);
            }
            outcome.rows.push_back(line);
        }
        return {};
    };
    QueryOptions options;
    options.workers = workers;
    options.keepResult = false;
    const SourceOpener opener = [&](const sql::TableDefinition&) -> Result<std::vector<std::unique_ptr<Source>>> {
        return spread ? manySources(schedule) : oneSource(schedule);
    };
    auto run = QueryRun::start(planOf(schedule), opener, sink, nullptr, options);
    if (!run)
        qFatal("%s", run.error().text().c_str());
    if (!(*run)->wait(std::chrono::seconds(20)))
        qFatal("the run does not end");
    const auto snapshot = (*run)->snapshot();
    if (snapshot->phase != QueryPhase::Finished)
        qFatal("%s", snapshot->failure ? snapshot->failure->text().c_str() : "not finished");
    outcome.late = snapshot->counters.lateDropped;
    std::sort(outcome.rows.begin(), outcome.rows.end());
    return outcome;
}

QByteArray difference(const Outcome& got, const Outcome& wanted)
{
    QByteArray text = "late " + QByteArray::number(qulonglong(got.late)) + ", not "
        + QByteArray::number(qulonglong(wanted.late)) + "\n";
    for (const std::string& row : got.rows)
        text += "  got " + QByteArray::fromStdString(row) + "\n";
    for (const std::string& row : wanted.rows)
        text += "  not " + QByteArray::fromStdString(row) + "\n";
    return text;
}

/// Cuts every batch into pieces at random places; the order of rows stays.
Schedule cutAnew(const Schedule& schedule, std::mt19937& random)
{
    Schedule cut = schedule;
    cut.batches.clear();
    for (const Arrived& batch : schedule.batches) {
        for (const Row& row : batch.rows) {
            const bool first = &row == &batch.rows.front();
            if (first || random() % 3 == 0)
                cut.batches.push_back({batch.partition, {}});
            cut.batches.back().rows.push_back(row);
        }
    }
    return cut;
}

} // namespace

class TestQuerySchedules : public QObject
{
    Q_OBJECT
private slots:
    /// Disorder beyond the delay: which rows are late depends on the order of arrival, and on nothing else.
    void equalsTheNaiveModel()
    {
        std::uint64_t late = 0;
        for (unsigned seed = 0; seed < 800; ++seed) {
            std::mt19937 random(seed);
            const Schedule schedule = randomSchedule(random, false);
            const Outcome wanted = Naive(schedule).run();
            late += wanted.late;
            const Outcome got = runWeir(schedule, 1 + static_cast<int>(seed % 4), false);
            QVERIFY2(got == wanted, "seed " + QByteArray::number(seed) + ": " + difference(got, wanted));
        }
        QVERIFY(late > 1000); // otherwise this test shows nothing
    }

    void cutsOfBatchesDoNotShow()
    {
        for (unsigned seed = 5000; seed < 5200; ++seed) {
            std::mt19937 random(seed);
            const Schedule schedule = randomSchedule(random, false);
            const Outcome whole = runWeir(schedule, 2, false);
            const Schedule pieces = cutAnew(schedule, random);
            const Outcome cut = runWeir(pieces, 3, false);
            QVERIFY2(cut == whole, "seed " + QByteArray::number(seed) + ": " + difference(cut, whole));
        }
    }

    /// Disorder within the delay: nothing is late, in whatever order partitions are read.
    void orderOfPartitionsDoesNotShow()
    {
        for (unsigned seed = 9000; seed < 9200; ++seed) {
            std::mt19937 random(seed);
            const Schedule schedule = randomSchedule(random, true);
            const Outcome wanted = Naive(schedule).run();
            QCOMPARE(wanted.late, std::uint64_t(0));
            const Outcome got = runWeir(schedule, 1 + static_cast<int>(seed % 4), true);
            QVERIFY2(got == wanted, "seed " + QByteArray::number(seed) + ": " + difference(got, wanted));
        }
    }
};

QTEST_GUILESS_MAIN(TestQuerySchedules)
#include "tst_query_schedules.moc"
