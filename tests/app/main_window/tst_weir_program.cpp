// SPDX-License-Identifier: GPL-3.0-or-later
// The window's program itself: what it is started with, and as a session manager or Ctrl-C ends it.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

class TestWeirProgram : public QObject
{
    Q_OBJECT
private slots:
    void whatCannotBeMeant_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("no number") << QStringList{"--disk", "8GiB"} << QByteArray("--disk: '8GiB' is not");
        QTest::newRow("too little") << QStringList{"--memory", "1"} << QByteArray("at least 64");
        QTest::newRow("no time") << QStringList{"--scroll-back", "-5"} << QByteArray("at least 1");
        QTest::newRow("no theme") << QStringList{"--theme", "pink"} << QByteArray("dark or light");
    }

    void whatCannotBeMeant()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, said);
        QProcess weir;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("QT_QPA_PLATFORM", "offscreen");
        weir.setProcessEnvironment(environment);
        weir.start(QStringLiteral(WEIR), words);
        QVERIFY(weir.waitForFinished(30'000));
        QCOMPARE(weir.exitCode(), 2);
        const QByteArray errors = weir.readAllStandardError();
        QVERIFY2(errors.contains(said), errors);
    }

    void quitsInOrder_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
    }

    void quitsInOrder()
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

QTEST_GUILESS_MAIN(TestWeirProgram)
#include "tst_weir_program.moc"
