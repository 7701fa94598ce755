// SPDX-License-Identifier: GPL-3.0-or-later
// The window's program itself, as a session manager or Ctrl-C ends it.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

class TestWeirQuits : public QObject
{
    Q_OBJECT
private slots:
    void inOrder_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }

    void inOrder()
    {
        QFETCH(int, signal);
        const QTemporaryDir folder;
        QProcess weir;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("QT_QPA_PLATFORM", "offscreen");
        environment.insert("XDG_CACHE_HOME", folder.filePath("cache"));
        weir.setProcessEnvironment(environment);
        weir.start(QStringLiteral(WEIR), {"--config", folder.filePath("config"), "--print-marks"});
        QVERIFY(weir.waitForStarted());
        QByteArray said;
        while (!said.contains("first frame") && weir.waitForReadyRead(30'000))
            said += weir.readAllStandardOutput();
        QVERIFY2(said.contains("first frame"), said + weir.readAllStandardError());
        QCOMPARE(::kill(static_cast<pid_t>(weir.processId()), signal), 0);
        QVERIFY(weir.waitForFinished(30'000));
        QCOMPARE(weir.exitStatus(), QProcess::NormalExit);
        QCOMPARE(weir.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(TestWeirQuits)
#include "tst_weir_quits.moc"
