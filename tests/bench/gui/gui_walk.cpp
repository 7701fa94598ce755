// SPDX-License-Identifier: GPL-3.0-or-later
// Walks through Weir's window on a real broker, which dies and comes back, and prints how regularly the GUI thread came
// round: one JSON line for each part of the walk. The broker and what feeds it run at a lower priority, as if they were
// on a machine of their own; `waited_ms` is how much of the largest gap the GUI thread stood ready and had no core.
//   bench_gui_walk [RECORDS] [MIB]    records of the busy topic (default 1,000,000), size of the large values (60)
#include "app/engine/pipeline/reaper.h"
#include "app/main_window.h"
#include "app/models/heartbeat.h"
#include "app/panels/dashboard_panel.h"
#include "app/panels/filter_line.h"
#include "app/panels/query_panel.h"
#include "app/panels/topic_panel.h"
#include "tests/support/kafka_server.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/inspector/hex_view.h"
#include "widgets/inspector/json_view.h"
#include "widgets/style/theme.h"
#include "widgets/tables/record_table.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace weir;
using namespace weir::test;

namespace {

constexpr const char* busy = "orders";
constexpr const char* large = "documents";
constexpr int partitions = 6;
constexpr int largeValues = 3;

const QString windowQuery = QStringLiteral(R"(
SELECT window_start, customer, COUNT(*) AS n, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(`timestamp`), INTERVAL '5' SECOND))
GROUP BY window_start, window_end, customer;
)");
const QString tableOf = QStringLiteral(R"(
CREATE TABLE orders (
  customer STRING, amount DECIMAL(10, 2), `timestamp` TIMESTAMP_LTZ(3) METADATA VIRTUAL,
  WATERMARK FOR `timestamp` AS `timestamp` - INTERVAL '1' SECOND
) WITH (
  'connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = '%1',
  'scan.startup.mode' = 'latest-offset', 'format' = 'json'
);)");

std::string orderValue(std::int64_t number)
{
    return "{\"id\":" + std::to_string(number) + ",\"customer\":\"customer-" + std::to_string(number % 50)
        + "\",\"amount\":" + std::to_string(number % 900) + ".50,\"status\":\"PAID\",\"note\":\""
        + std::string(110, 'x') + "\"}";
}

/// An array of so many small objects that it has `bytes` bytes.
std::string largeValue(std::size_t bytes)
{
    std::string text = "[";
    for (int i = 0; text.size() < bytes; ++i)
        text += "{\"line\":" + std::to_string(i) + ",\"sku\":\"A-4711\",\"price\":12.50,\"text\":\"some words\"},\n";
    text += "{}]";
    return text;
}

EpochMs wallNow()
{
    return SystemClock::instance().wallMs();
}

void produce(KafkaFeeder& feeder, const char* topic, std::int64_t number, const std::string& value)
{
    const std::string key = "k" + std::to_string(number);
    Record record;
    record.partition = PartitionId{topic == std::string(busy) ? static_cast<std::int32_t>(number % partitions) : 0};
    record.timestamp = wallNow();
    record.key = key;
    record.value = value;
    feeder.produce(topic, record);
}

/// The broker, what stands on it, and 2,000 further orders a second until the broker dies.
class Pipeline
{
public:
    bool start(std::int64_t records, std::size_t largeBytes)
    {
        if (!m_server.start()) {
            std::fprintf(stderr, "%s\n", qPrintable(m_server.problem()));
            return false;
        }
        m_feeder = std::make_unique<KafkaFeeder>(m_server.bootstrap(), "lz4");
        m_feeder->createTopic(busy, partitions);
        m_feeder->createTopic(large, 1, {{"max.message.bytes", "100000000"}});
        const std::string value = largeValue(largeBytes);
        for (int i = 0; i < largeValues; ++i)
            produce(*m_feeder, large, i, value);
        for (std::int64_t i = 0; i < records; ++i)
            produce(*m_feeder, busy, i, orderValue(i));
        const bool written = m_feeder->flush();
        m_live = std::jthread([this, next = records](std::stop_token stop) mutable { feed(stop, next); });
        return written;
    }
    void kill()
    {
        m_live = {};
        m_server.kill();
    }
    void comeBack() { m_server.start(); }
    std::string bootstrap() const { return m_server.bootstrap(); }

private:
    void feed(const std::stop_token& stop, std::int64_t next)
    {
        while (!stop.stop_requested()) {
            for (int i = 0; i < 40; ++i, ++next)
                produce(*m_feeder, busy, next, orderValue(next));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    KafkaServer m_server{QStringLiteral("4.1.1"),
        {QStringLiteral("message.max.bytes=100000000"), QStringLiteral("socket.request.max.bytes=200000000")}};
    std::unique_ptr<KafkaFeeder> m_feeder;
    std::jthread m_live;
};

/// Does `work` on a thread of low priority, which what it starts inherits, while the window goes on.
template <typename Work>
auto elsewhere(Work work)
{
    auto done = std::async(std::launch::async, [&work] {
        setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10);
        return work();
    });
    while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        QTest::qWait(20);
    return done.get();
}

/// Beside the heartbeat: what the GUI thread did in its largest gap.
class Waits : public QObject
{
public:
    Waits()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] { beat(); });
        m_timer.start(5);
        restart();
    }
    void restart()
    {
        m_largest = 0;
        m_waited = 0;
        m_since.start();
        m_before = waitedSoFar();
    }
    double waitedMs() const { return m_waited; }

private:
    /// Of this thread, ready to run and without a core; see /proc/PID/schedstat.
    static double waitedSoFar()
    {
        std::ifstream file("/proc/thread-self/schedstat");
        double ran = 0;
        double waited = 0;
        file >> ran >> waited;
        return waited / 1e6;
    }
    void beat()
    {
        const double gap = static_cast<double>(m_since.nsecsElapsed()) / 1e6;
        const double now = waitedSoFar();
        if (gap > m_largest) {
            m_largest = gap;
            m_waited = now - m_before;
        }
        m_since.start();
        m_before = now;
    }

    QTimer m_timer;
    QElapsedTimer m_since;
    double m_largest = 0;
    double m_waited = 0;
    double m_before = 0;
};

class Walk
{
public:
    Walk(Pipeline& pipeline, const QString& folder) : m_pipeline(pipeline), m_workspace(folder)
    {
        m_window.show();
        m_heartbeat.start();
        QTest::qWait(500);
        part("window shown");
    }

    void connectAndRead()
    {
        m_connection = m_window.connectTo(QString::fromStdString(m_pipeline.bootstrap()));
        QTest::qWait(1000);
        m_orders = m_window.openTopic(m_connection, QString::fromLatin1(busy));
        // As far back as there are records, by the same choice that a user has.
        auto* from = m_orders->findChild<QComboBox*>();
        from->setCurrentIndex(from->findData(QStringLiteral("beginning")));
        emit from->activated(from->currentIndex());
        scrollAbout(*m_orders, 120);
        part("busy topic read from its beginning, scrolled, records selected");
    }

    /// Types a filter, searches the whole topic with it, orders the rows, follows a key, compares, goes back.
    void filterAndSearch()
    {
        auto* line = m_orders->findChild<FilterLine*>();
        auto* edit = line->findChild<QLineEdit*>();
        (void)QTest::qWaitFor([&] { return line->table() != nullptr; }, 10'000);
        edit->setFocus();
        QTest::keyClicks(edit, QStringLiteral("amount > 890 AND customer = 'customer-7'"), Qt::NoModifier, 15);
        QTest::keyClick(edit, Qt::Key_Return);
        scrollAbout(*m_orders, 60);
        part("filter typed and in force over what was read");
        m_orders->sortBy(QStringLiteral("field:amount"));
        scrollAbout(*m_orders, 60);
        part("its rows ordered by a field");
        line->clear();
        m_orders->sortBy(QStringLiteral("time"));
        scrollAbout(*m_orders, 120);
        part("all rows ordered by time");
        line->setText(QStringLiteral("status = 'PAID' AND id < 500000"));
        m_orders->searchTopic();
        scrollAbout(*m_orders, 120);
        part("whole topic searched, hits streaming in");
        tableOfPanel(*m_orders).setCurrentRow(100);
        QTest::qWait(200);
        m_orders->compareWithBefore();
        m_orders->followKey();
        QTest::qWait(3000);
        part("a key followed");
        m_window.tabs()->setCurrentWidget(m_orders);
        m_orders->goBack();
        QTest::qWait(1000);
        part("back to what was read before");
    }

    void lookAtLargeValue()
    {
        m_documents = m_window.openTopic(m_connection, QString::fromLatin1(large));
        (void)QTest::qWaitFor([&] { return rowsOf(*m_documents) >= largeValues; }, 60'000);
        part("topic of large values opened");
        takeApart(40);
        part("large value selected, taken apart, its bytes scrolled");
    }

    void query()
    {
        m_query = m_window.newQuery(m_connection, {});
        auto* editor = m_query->findChild<editor::SqlEditor*>();
        editor->setText(tableOf.arg(QString::fromStdString(m_pipeline.bootstrap())) + windowQuery);
        QTest::qWait(500);
        m_query->run();
        QTest::qWait(9000);
        part("window query typed and run for 9 s");
    }

    void dashboard()
    {
        DashboardDocument board;
        board.id = newDocumentId();
        board.name = QStringLiteral("Board");
        board.rangeSeconds = 60;
        for (const char* kind : {"throughput", "lag", "latency", "query"}) {
            DashboardPanelDocument panel;
            panel.kind = QString::fromLatin1(kind);
            panel.connection = m_connection;
            panel.topic = QString::fromLatin1(busy);
            panel.sql = tableOf.arg(QString::fromStdString(m_pipeline.bootstrap())) + windowQuery;
            board.panels.append(panel);
        }
        m_board = m_window.openDashboard(board);
        QTest::qWait(6000);
        part("dashboard for 6 s");
    }

    void brokerDies()
    {
        m_window.tabs()->setCurrentWidget(m_documents);
        elsewhere([this] { m_pipeline.kill(); });
        goAround(10);
        part("broker dead: all tabs, the large value in view");
        elsewhere([this] { m_pipeline.comeBack(); });
        goAround(5);
        part("broker back: all tabs");
    }

    double largestGap() const { return m_largest; }

private:
    void part(const char* name)
    {
        const Heartbeat::Reading reading = m_heartbeat.reading();
        m_largest = std::max(m_largest, reading.largestGapMs);
        std::printf("{\"part\": \"%s\", \"largest_gap_ms\": %.1f, \"waited_ms\": %.1f, \"p99_gap_ms\": %.1f, "
                    "\"beats\": %llu, \"memory_mib\": %.0f}\n",
            name, reading.largestGapMs, m_waits.waitedMs(), reading.p99GapMs,
            static_cast<unsigned long long>(reading.beats), static_cast<double>(m_budget->used()) / 1048576.0);
        std::fflush(stdout);
        m_heartbeat.restart();
        m_waits.restart();
    }

    static tables::RecordTable& tableOfPanel(TopicPanel& panel) { return *panel.findChild<tables::RecordTable*>(); }
    static qint64 rowsOf(TopicPanel& panel)
    {
        const tables::RecordRows* rows = tableOfPanel(panel).rows();
        return rows ? rows->endRow() : 0;
    }

    void scrollAbout(TopicPanel& panel, int steps)
    {
        tables::RecordTable& table = tableOfPanel(panel);
        for (int i = 0; i < steps; ++i) {
            QScrollBar* bar = table.verticalScrollBar();
            if (i % 3 == 0)
                bar->setValue(static_cast<int>(bar->maximum() * ((i * 37) % 100) / 100.0));
            else
                QTest::keyClick(&table, i % 3 == 1 ? Qt::Key_PageUp : Qt::Key_Down);
            QTest::qWait(25);
        }
        QTest::keyClick(&table, Qt::Key_End);
    }

    void takeApart(int steps)
    {
        tables::RecordTable& table = tableOfPanel(*m_documents);
        auto* json = m_documents->findChild<inspector::JsonView*>();
        auto* hex = m_documents->findChild<inspector::HexView*>();
        for (int i = 0; i < steps; ++i) {
            if (i % 8 == 0)
                table.setCurrentRow(table.rows()->firstRow() + i / 8 % largeValues);
            json->setCurrentLine(static_cast<int>(json->lines().size()) * ((i * 29) % 100) / 100);
            hex->verticalScrollBar()->setValue(hex->verticalScrollBar()->maximum() / 100 * ((i * 53) % 100));
            hex->setSelection({i * 1'000'000, i * 1'000'000 + 400});
            if (i % 10 == 9)
                json->setAllFolded(i % 20 == 9);
            QTest::qWait(30);
        }
    }

    void goAround(int rounds)
    {
        for (int i = 0; i < rounds; ++i) {
            for (QWidget* tab : std::initializer_list<QWidget*>{m_orders, m_documents, m_query, m_board}) {
                m_window.tabs()->setCurrentWidget(tab);
                if (tab == m_documents)
                    takeApart(4);
                if (tab == m_orders)
                    scrollAbout(*m_orders, 6);
                QTest::qWait(150);
            }
        }
    }

    Pipeline& m_pipeline;
    Workspace m_workspace;
    std::shared_ptr<MemoryBudget> m_budget = std::make_shared<MemoryBudget>(std::size_t{1} << 30);
    QTemporaryDir m_cache;
    MainWindow m_window{{m_workspace, m_budget, SystemClock::instance(), dialogPrompts(), Session::open,
        LiveBuffers::open({m_cache.path().toStdString(), 0, {}}, m_budget, SystemClock::instance())}};
    Heartbeat m_heartbeat;
    Waits m_waits;
    QString m_connection;
    TopicPanel* m_orders = nullptr;
    TopicPanel* m_documents = nullptr;
    QueryPanel* m_query = nullptr;
    DashboardPanel* m_board = nullptr;
    double m_largest = 0;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    style::ThemeSwitch::instance().apply(app, style::Mode::Dark);
    const std::int64_t records = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    const std::size_t mebi = argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 60;
    QTemporaryDir folder;
    Pipeline pipeline;
    if (!elsewhere([&] { return pipeline.start(records, mebi << 20); }))
        return EXIT_FAILURE;
    {
        Walk walk(pipeline, folder.path());
        walk.connectAndRead();
        walk.filterAndSearch();
        walk.lookAtLargeValue();
        walk.query();
        walk.dashboard();
        walk.brokerDies();
        std::printf("{\"part\": \"all\", \"largest_gap_ms\": %.1f}\n", walk.largestGap());
    }
    Reaper::instance().drain(std::chrono::seconds(5));
    return EXIT_SUCCESS;
}
