// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include <QTest>

using namespace weir;
using namespace weir::cli;

namespace {

/// One verb with an option of each kind.
struct Probe
{
    CommandLine line;
    std::string topic;
    std::string from = "end";
    int workers = 0;
    std::int64_t count = std::numeric_limits<std::int64_t>::max();
    std::vector<int> partitions;
    std::vector<std::string> groups;
    bool raw = false;

    Probe()
    {
        VerbOptions verb = line.addVerb("probe", "Tries options", [](Environment&) { return ExitCode::Incomplete; });
        verb.connection("JSON Lines");
        verb.memory();
        verb.required("topic", topic, "A topic");
        verb.text("--from", from, "Where to begin");
        verb.number("--workers", workers, "Threads", {0, 64});
        verb.number("--count", count, "At most");
        verb.numbers("--partition", partitions, "Only these");
        verb.texts("--group", groups, "Groups");
        verb.flag("-r,--raw", raw, "Bytes");
    }

    std::optional<ExitCode> parse(std::vector<const char*> words)
    {
        words.insert(words.begin(), "weir-cli");
        return line.parse(static_cast<int>(words.size()), words.data());
    }
};

} // namespace

class TestCommandLine : public QObject
{
    Q_OBJECT

private slots:
    void chosenVerbGetsItsOptions()
    {
        Probe probe;
        QVERIFY(!probe.parse({"probe", "orders", "-b", "host:1", "--from", "-5", "--workers", "64", "--count", "7",
            "--partition", "0", "--partition", "3", "--group", "a", "b", "-r", "--memory", "64MiB"}));
        QCOMPARE(probe.topic, std::string("orders"));
        QCOMPARE(probe.from, std::string("-5"));
        QCOMPARE(probe.workers, 64);
        QCOMPARE(probe.count, std::int64_t(7));
        QCOMPARE(probe.partitions, (std::vector<int>{0, 3}));
        QCOMPARE(probe.groups, (std::vector<std::string>{"a", "b"}));
        QVERIFY(probe.raw);
        QCOMPARE(probe.line.shared().brokers, std::string("host:1"));
        QCOMPARE(probe.line.shared().memory, std::string("64MiB"));
        QVERIFY(!probe.line.shared().json);
        Environment environment{probe.line.shared(), SystemClock::instance(), nullptr};
        QVERIFY(probe.line.chosen()(environment) == ExitCode::Incomplete);
    }

    void defaultsStay()
    {
        Probe probe;
        QVERIFY(!probe.parse({"probe", "orders", "-b", "host:1"}));
        QCOMPARE(probe.from, std::string("end"));
        QCOMPARE(probe.workers, 0);
        QCOMPARE(probe.count, std::numeric_limits<std::int64_t>::max());
        QVERIFY(probe.partitions.empty() && probe.groups.empty() && !probe.raw);
    }

    void wrongUse_data()
    {
        QTest::addColumn<QByteArrayList>("words");
        QTest::newRow("no verb") << QByteArrayList{};
        QTest::newRow("no such verb") << QByteArrayList{"fly"};
        QTest::newRow("no broker") << QByteArrayList{"probe", "orders"};
        QTest::newRow("no topic") << QByteArrayList{"probe", "-b", "host:1"};
        QTest::newRow("no number") << QByteArrayList{"probe", "orders", "-b", "host:1", "--count", "many"};
        QTest::newRow("below") << QByteArrayList{"probe", "orders", "-b", "host:1", "--count", "-1"};
        QTest::newRow("above") << QByteArrayList{"probe", "orders", "-b", "host:1", "--workers", "65"};
        QTest::newRow("one of many") << QByteArrayList{"probe", "orders", "-b", "host:1", "--partition", "-2"};
    }

    void wrongUse()
    {
        QFETCH(QByteArrayList, words);
        std::vector<const char*> arguments;
        for (const QByteArray& word : words)
            arguments.push_back(word.constData());
        Probe probe;
        QVERIFY(probe.parse(arguments) == ExitCode::Usage);
    }

    void helpAndVersionAreDone()
    {
        for (const auto& words : {std::vector<const char*>{"--help"}, {"--version"}, {"probe", "--help"}}) {
            Probe probe;
            QVERIFY(probe.parse(words) == ExitCode::Done);
        }
    }
};

QTEST_APPLESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
