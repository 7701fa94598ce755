// SPDX-License-Identifier: GPL-3.0-or-later
// Replaying a capture from the window to an embedded cluster.
#include "app/engine/pipeline/reaper.h"
#include "app/panels/notice_bar.h"
#include "app/panels/replay_panel.h"
#include "connectors/kafka/embedded_cluster.h"
#include "connectors/kafka/kafka_cluster.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::kafka;

namespace {

constexpr int orders = 60;

/// Everything the panel is made with, over real sessions.
struct Bench
{
    explicit Bench(const QString& brokers, const QString& folder)
    {
        ConnectionDocument live;
        live.id = live.name = "live";
        live.bootstrapServers = brokers;
        ConnectionDocument kept;
        kept.id = kept.name = "kept";
        kept.capture = folder;
        opened = connections.add(live, true).ok() && connections.add(kept, true).ok();
    }
    ~Bench()
    {
        connections.remove("live");
        connections.remove("kept");
        Reaper::instance().drain(std::chrono::seconds(10));
    }

    const Clock& clock = SystemClock::instance();
    std::shared_ptr<MemoryBudget> budget = std::make_shared<MemoryBudget>(std::size_t{256} << 20);
    bool confirmed = true;
    QString asked; ///< the newest question
    bool opened = false;
    FrameScheduler frames;
    Background background;
    LogModel log{clock};
    Traffic traffic;
    LiveConnections connections{budget, clock};
    Prompts prompts = dialogPrompts();
    PanelContext context{connections, frames, background, log, traffic, prompts};
};

struct Shown
{
    explicit Shown(Bench& bench) : panel(withAnswers(bench), {"kept", "orders"}) { panel.show(); }

    static PanelContext withAnswers(Bench& bench)
    {
        PanelContext context = bench.context;
        context.prompts.confirmByName = [&bench](QWidget*, const NamedQuestion& question) {
            bench.asked = question.text;
            return bench.confirmed;
        };
        return context;
    }
    template <typename Widget>
    Widget& named(const QString& name)
    {
        for (auto* one : panel.findChildren<Widget*>()) {
            if (one->accessibleName() == name)
                return *one;
        }
        qFatal("no %s", qPrintable(name));
    }
    void choose(const QString& name, const QString& key)
    {
        auto& box = named<QComboBox>(name);
        box.setCurrentIndex(box.findData(key));
    }
    QPushButton& button(const QString& text)
    {
        for (auto* one : panel.findChildren<QPushButton*>()) {
            if (one->text() == text)
                return *one;
        }
        qFatal("no button %s", qPrintable(text));
    }
    QString report() { return panel.findChild<QPlainTextEdit*>()->toPlainText(); }
    QString notice() { return panel.findChild<NoticeBar*>()->text(); }

    ReplayPanel panel;
};

} // namespace

class TestReplayPanel : public QObject
{
    Q_OBJECT

    std::unique_ptr<EmbeddedCluster> m_cluster;
    QTemporaryDir m_dir;

    QString brokers() const { return QString::fromStdString(m_cluster->bootstrapServers()); }
    QString folder() const { return m_dir.filePath("capture"); }

    static std::int64_t recordsOf(Session& session, const std::string& topic)
    {
        std::int64_t records = 0;
        const std::vector<TopicPartition> partitions{{topic, {0}}, {topic, {1}}, {topic, {2}}};
        const auto marks = session.cluster()->watermarks(partitions);
        for (const Watermarks& mark : marks ? *marks : std::vector<Watermarks>())
            records += mark.high;
        return records;
    }

private slots:
    void initTestCase()
    {
        style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark);
        auto cluster = EmbeddedCluster::start({{"orders", 3}, {"copy", 3}});
        QVERIFY2(cluster.ok(), cluster ? "" : cluster.error().text().c_str());
        m_cluster = std::move(*cluster);
        KafkaSettings settings;
        settings.bootstrapServers = m_cluster->bootstrapServers();
        const auto proof = unlockWriting(settings, m_cluster->clusterId());
        auto producer = Producer::open(*proof, settings);
        QVERIFY(producer.ok());
        for (int i = 0; i < orders; ++i) {
            OutgoingRecord record;
            record.partition = i % 3;
            record.timestamp = 1'700'000'000'000 + i * 1000;
            record.value = "{}";
            QVERIFY((*producer)->produce("orders", record));
        }
        QVERIFY((*producer)->flush(std::chrono::seconds(30)));
        Bench bench(brokers(), folder());
        CaptureRequest request;
        request.folder = folder().toStdString();
        ReadRequest whole;
        whole.topic = "orders";
        whole.start = FromBeginning{};
        whole.stop = UntilEnd{};
        request.topics = {whole};
        const auto run = bench.connections.session("live")->startCapture(request);
        QVERIFY2(run.ok(), run ? "" : run.error().text().c_str());
        while (!(*run)->wait(std::chrono::milliseconds(100))) { }
        QVERIFY((*run)->finish("the end").ok());
    }

    void dryRunThenConfirmedThenWritten()
    {
        Bench bench(brokers(), folder());
        QVERIFY(bench.opened);
        const std::shared_ptr<Session> live = bench.connections.session("live");
        Shown shown(bench);
        QCOMPARE(shown.named<QComboBox>("To").currentText(), QString("live"));
        QCOMPARE(shown.named<QComboBox>("To").count(), 1); // a capture is nothing to write to
        shown.named<QLineEdit>("Topic there").setText("copy");
        QVERIFY(!shown.button("Replay…").isEnabled());
        shown.button("Dry run").click();
        QTRY_VERIFY2(shown.button("Replay…").isEnabled(), qPrintable(shown.report() + shown.notice()));
        QVERIFY2(shown.report().contains("Would write     60 records"), qPrintable(shown.report()));
        QVERIFY2(shown.report().contains("over 59"), qPrintable(shown.report()));
        // What is asked for changed: it is tried again first.
        shown.choose("Pace", "0");
        QVERIFY(!shown.button("Replay…").isEnabled());
        shown.button("Dry run").click();
        QTRY_VERIFY(shown.button("Replay…").isEnabled());

        shown.button("Replay…").click();
        QVERIFY2(shown.notice().contains("Writing is locked on live"), qPrintable(shown.notice()));
        QVERIFY(live->unlockWriting(m_cluster->clusterId(), std::chrono::minutes(5)).ok());
        bench.confirmed = false;
        shown.button("Replay…").click();
        QVERIFY2(bench.asked.startsWith("60 records are written to the topic copy of live"), qPrintable(bench.asked));
        QVERIFY(!shown.panel.isRunning());
        QCOMPARE(recordsOf(*live, "copy"), 0);

        bench.confirmed = true;
        shown.button("Replay…").click();
        QTRY_VERIFY2(shown.report().contains("Complete"), qPrintable(shown.report() + shown.notice()));
        QCOMPARE(recordsOf(*live, "copy"), orders);
    }

    void stops()
    {
        Bench bench(brokers(), folder());
        const std::shared_ptr<Session> live = bench.connections.session("live");
        QVERIFY(live->unlockWriting(m_cluster->clusterId(), std::chrono::minutes(5)).ok());
        Shown shown(bench);
        shown.button("Dry run").click();
        QTRY_VERIFY(shown.button("Replay…").isEnabled());
        shown.button("Replay…").click();
        QTRY_VERIFY2(shown.report().contains("Written"), qPrintable(shown.report() + shown.notice()));
        shown.panel.toggleStream();
        QTRY_VERIFY2(shown.report().contains("Stopped by the user"), qPrintable(shown.report()));
        QVERIFY(recordsOf(*live, "orders") < 2 * orders);
    }

    void whatIsWrongIsSaid()
    {
        Bench bench(brokers(), folder());
        Shown shown(bench);
        shown.named<QLineEdit>("Topic there").setText("nowhere");
        shown.button("Dry run").click();
        QTRY_VERIFY2(shown.notice().contains("Weir makes no topics"), qPrintable(shown.notice()));
        shown.named<QLineEdit>("Topic there").clear();
        shown.button("Dry run").click();
        QVERIFY2(shown.notice().contains("name the topic to write to"), qPrintable(shown.notice()));
        shown.named<QLineEdit>("Topic there").setText("copy");
        shown.named<QLineEdit>("Topic").setText("orders, payments");
        shown.button("Dry run").click();
        QVERIFY2(shown.notice().contains("one by one"), qPrintable(shown.notice()));
        shown.named<QLineEdit>("Topic").setText("orders");
        bench.connections.disconnectFrom("live");
        shown.button("Dry run").click();
        QVERIFY2(shown.notice().contains("Connect to the cluster"), qPrintable(shown.notice()));
    }
};

QTEST_MAIN(TestReplayPanel)
#include "tst_replay_panel.moc"
