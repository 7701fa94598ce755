// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"
#include "app/panels/connect_dialog.h"
#include "app/panels/connect_steps.h"
#include "app/panels/connection_mark.h"
#include "connectors/kafka/embedded_cluster.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QToolButton>

using namespace weir;

namespace {

ConnectionDocument other(const QString& name, int colour)
{
    ConnectionDocument document;
    document.id = name;
    document.name = name;
    document.colour = colour;
    return document;
}

struct Shown
{
    explicit Shown(const ConnectDialog::Given& given = {}) : dialog(background, given, nullptr)
    {
        dialog.show();
        const QList<QLineEdit*> fields = dialog.findChildren<QLineEdit*>();
        servers = fields[0];
        name = fields[1];
        groups = fields[2];
        steps = dialog.findChild<ConnectSteps*>();
    }
    void type(QLineEdit* field, const QString& text)
    {
        field->clear();
        QTest::keyClicks(field, text);
    }
    QPushButton* button(const QString& text) const
    {
        for (QPushButton* one : dialog.findChildren<QPushButton*>()) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }
    QStringList words() const
    {
        QStringList all;
        for (const QLabel* label : dialog.findChildren<QLabel*>()) {
            if (label->isVisibleTo(&dialog))
                all.append(label->text());
        }
        return all;
    }

    Background background;
    ConnectDialog dialog;
    QLineEdit* servers;
    QLineEdit* name;
    QLineEdit* groups;
    ConnectSteps* steps;
};

} // namespace

class TestConnectDialog : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }
    void cleanup() { QVERIFY(Reaper::instance().drain(std::chrono::seconds(10))); }

    void addresses_data()
    {
        QTest::addColumn<QString>("servers");
        QTest::addColumn<QString>("problem"); ///< a word of it; empty: none
        QTest::newRow("good") << "localhost:9092"
                              << "";
        QTest::newRow("several") << "k1.example.net:9092, k2.example.net:9093"
                                 << "";
        QTest::newRow("IPv4") << "10.62.0.11:9092"
                              << "";
        QTest::newRow("IPv6") << "[::1]:9092"
                              << "";
        QTest::newRow("empty") << ""
                               << "Give the address of one broker";
        QTest::newRow("blank") << "   "
                               << "Give the address of one broker";
        QTest::newRow("no port") << "localhost"
                                 << "no port";
        QTest::newRow("no host") << ":9092"
                                 << "no port";
        QTest::newRow("empty port") << "localhost:"
                                    << "between 1 and 65535";
        QTest::newRow("port 0") << "localhost:0"
                                << "between 1 and 65535";
        QTest::newRow("large port") << "localhost:65536"
                                    << "between 1 and 65535";
        QTest::newRow("words as port") << "localhost:kafka"
                                       << "between 1 and 65535";
        QTest::newRow("protocol") << "kafka://localhost:9092"
                                  << "protocol in front";
        QTest::newRow("bare IPv6") << "::1:9092"
                                   << "brackets";
        QTest::newRow("IPv6 without port") << "[::1]"
                                           << "no port";
        QTest::newRow("space in the name") << "my host:9092"
                                           << "no host name";
        QTest::newRow("path") << "host/x:9092"
                              << "no host name";
        QTest::newRow("two commas") << "a:1,,b:2"
                                    << "between two commas";
    }
    void addresses()
    {
        QFETCH(QString, servers);
        QFETCH(QString, problem);
        const QString found = serversProblem(servers);
        QVERIFY2(problem.isEmpty() ? found.isEmpty() : found.contains(problem), qPrintable(found));
    }

    void badFieldsAreNotAccepted()
    {
        Shown shown({{}, {other("prod", 0)}});
        QSignalSpy accepted(&shown.dialog, &QDialog::accepted);
        shown.type(shown.servers, "localhost");
        shown.button("Save, connect later")->click();
        QCOMPARE(accepted.count(), 0);
        QVERIFY(!shown.words().filter("no port").isEmpty());
        shown.type(shown.servers, "localhost:9092"); // the words go as it is mended
        QVERIFY(shown.words().filter("no port").isEmpty());
        shown.type(shown.name, "prod");
        shown.button("Save, connect later")->click();
        QCOMPARE(accepted.count(), 0);
        QVERIFY(!shown.words().filter("Another connection is called 'prod'").isEmpty());
        shown.button("Test and connect")->click(); // neither is it tested
        QCOMPARE(shown.steps->outcome(), QString("not tried"));
        shown.type(shown.name, "prod-2");
        shown.button("Save, connect later")->click();
        QCOMPARE(accepted.count(), 1);
        QVERIFY(!shown.dialog.connectNow());
        QVERIFY(!shown.dialog.document().connectAtStart);
    }

    void theDocumentIsWhatIsInTheFields()
    {
        Shown shown({{}, {other("x", 0), other("y", 1)}});
        shown.type(shown.servers, " k1:9092 ");
        QCOMPARE(shown.dialog.document().name, QString("k1:9092")); // a name of its own is optional
        QCOMPARE(shown.dialog.document().colour, 2); // the first that is not in use
        shown.type(shown.name, "prod");
        shown.type(shown.groups, "billing, , fulfilment ,");
        shown.button("Production")->click();
        const ConnectionDocument document = shown.dialog.document();
        QCOMPARE(document.bootstrapServers, QString("k1:9092"));
        QCOMPARE(document.name, QString("prod"));
        QCOMPARE(document.environment, QString("production"));
        QCOMPARE(document.namedGroups, QStringList({"billing", "fulfilment"}));
        const QString mark = shown.dialog.findChild<ConnectionMark*>()->accessibleName();
        QVERIFY2(mark.contains("prod") && mark.contains("read-only"), qPrintable(mark));
    }

    void editingKeepsWhatItDoesNotShow()
    {
        ConnectionDocument document = other("prod", 4);
        document.bootstrapServers = "k1:9092";
        document.environment = "canary"; // written by hand
        document.properties["client.rack"] = "a";
        document.namedGroups = {"billing"};
        document.connectAtStart = true;
        Shown shown({document, {other("x", 4)}});
        QCOMPARE(shown.dialog.windowTitle(), QString("Edit connection"));
        QCOMPARE(shown.groups->text(), QString("billing"));
        shown.type(shown.name, "prod-eu");
        shown.button("Save")->click();
        const ConnectionDocument edited = shown.dialog.document();
        QCOMPARE(edited.id, QString("prod"));
        QCOMPARE(edited.name, QString("prod-eu"));
        QCOMPARE(edited.colour, 4);
        QCOMPARE(edited.environment, QString("canary"));
        QCOMPARE(edited.properties.at("client.rack"), QString("a"));
        QVERIFY(edited.connectAtStart);
    }

    void aClusterPassesAllSteps()
    {
        auto cluster = kafka::EmbeddedCluster::start({{"orders", 1}});
        QVERIFY(cluster.ok());
        Shown shown;
        QSignalSpy accepted(&shown.dialog, &QDialog::accepted);
        shown.type(shown.servers, QString::fromStdString((*cluster)->bootstrapServers()));
        shown.button("Test and connect")->click();
        QTRY_COMPARE_WITH_TIMEOUT(accepted.count(), 1, 30'000);
        QVERIFY(shown.dialog.connectNow());
        QVERIFY(shown.dialog.document().connectAtStart);
        QVERIFY2(shown.steps->outcome().startsWith("passed"), qPrintable(shown.steps->outcome()));
    }

    void theFailingStepIsNamed_data()
    {
        QTest::addColumn<QString>("servers"); ///< empty: a port that answers with something else
        QTest::addColumn<QString>("outcome");
        QTest::newRow("name") << "no-such-host.invalid:9092"
                              << "Failed at step 1, Name lookup";
        QTest::newRow("nobody listens") << "127.0.0.1:1"
                                        << "Failed at step 2, TCP";
        QTest::newRow("another program") << ""
                                         << "Failed at step 3, API versions";
    }
    void theFailingStepIsNamed()
    {
        QFETCH(QString, servers);
        QFETCH(QString, outcome);
        QTcpServer stranger;
        QVERIFY(stranger.listen(QHostAddress::LocalHost));
        connect(&stranger, &QTcpServer::newConnection, &stranger, [&stranger] {
            QTcpSocket* socket = stranger.nextPendingConnection();
            socket->write("HTTP/1.1 400 Bad Request\r\n\r\n");
            socket->disconnectFromHost();
        });
        if (servers.isEmpty())
            servers = QString("127.0.0.1:%1").arg(stranger.serverPort());
        Shown shown;
        QSignalSpy accepted(&shown.dialog, &QDialog::accepted);
        shown.type(shown.servers, servers);
        QTest::keyClick(shown.servers, Qt::Key_Return); // the primary button
        QTRY_COMPARE_WITH_TIMEOUT(shown.steps->outcome(), outcome, 30'000);
        QTRY_VERIFY(!shown.words().filter("What to do:").isEmpty());
        QVERIFY(!shown.words().filter("not tried").isEmpty()); // the steps behind it
        QTRY_VERIFY(shown.button("Test again and connect"));
        QCOMPARE(accepted.count(), 0);
        const QString text = shown.steps->text();
        QVERIFY2(text.contains(outcome) && text.contains("What to do"), qPrintable(text));
        shown.button("Copy report")->click();
        QCOMPARE(QApplication::clipboard()->text(), text);
        // Another address is another test.
        shown.type(shown.servers, "localhost:9092");
        QCOMPARE(shown.steps->outcome(), QString("not tried"));
    }

    void closingDoesNotWaitForTheTest()
    {
        auto shown = std::make_unique<Shown>();
        shown->type(shown->servers, "no-such-host.invalid:9092");
        shown->button("Test and connect")->click();
        shown->button("Cancel")->click();
        shown.reset();
    }

    void hostileWordsArePlainText()
    {
        Shown shown;
        kafka::TestReport report = kafka::untriedReport();
        report.steps[0].outcome = kafka::StepOutcome::Failed;
        report.steps[0].finding = "<b>bold</b><img src=x>";
        report.steps[0].details = {"<script>"};
        report.steps[0].whatToDo = "<a href=x>click</a>";
        shown.steps->show(report);
        for (const QLabel* label : shown.steps->findChildren<QLabel*>())
            QVERIFY(label->textFormat() == Qt::PlainText || label->text().isEmpty());
    }
};

QTEST_MAIN(TestConnectDialog)
#include "tst_connect_dialog.moc"
