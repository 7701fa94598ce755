// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/background.h"

#include <QCoreApplication>
#include <QTest>
#include <QThread>

#include <atomic>

using namespace weir;

class TestBackground : public QObject
{
    Q_OBJECT
private slots:
    void worksElsewhereAndAnswersHere()
    {
        Background background;
        QObject asker;
        const QThread* worker = nullptr;
        const QThread* answered = nullptr;
        int result = 0;
        background.run(
            &asker,
            [&worker] {
                worker = QThread::currentThread();
                return 42;
            },
            [&](int value) {
                answered = QThread::currentThread();
                result = value;
            });
        QCOMPARE(result, 0); // not before the event loop comes round
        QTRY_COMPARE(result, 42);
        QVERIFY(worker && worker != QThread::currentThread());
        QCOMPARE(answered, QThread::currentThread());
    }

    void whoIsGoneGetsNoAnswer()
    {
        Background background;
        auto asker = std::make_unique<QObject>();
        std::atomic<bool> go{false};
        std::atomic<bool> done{false};
        bool answered = false;
        background.run(
            asker.get(),
            [&] {
                while (!go)
                    QThread::msleep(1);
                done = true;
                return 1;
            },
            [&answered](int) { answered = true; });
        asker.reset();
        go = true;
        QTRY_VERIFY(done);
        QTest::qWait(20);
        QVERIFY(!answered);
    }

    void postsProgressWhileItWorks()
    {
        Background background;
        QObject asker;
        const auto post = background.poster(&asker);
        QStringList told;
        background.run(
            &asker,
            [&told, post] {
                post([&told] { told.append("half"); });
                return 0;
            },
            [&told](int) { told.append("done"); });
        QTRY_COMPARE(told, QStringList({"half", "done"}));
    }

    void leavingDoesNotWaitForWhatHangs()
    {
        auto background = std::make_unique<Background>();
        auto go = std::make_shared<std::atomic<bool>>(false);
        auto left = std::make_shared<std::atomic<bool>>(false);
        background->run(
            this,
            [go, left] {
                while (!*go)
                    QThread::msleep(1);
                *left = true;
                return 0;
            },
            [](int) { QFAIL("the window is gone"); });
        background.reset(); // two seconds at most; a timed-out call of a cluster takes longer
        *go = true;
        QTRY_VERIFY(*left);
        QTest::qWait(20);
    }
};

QTEST_GUILESS_MAIN(TestBackground)
#include "tst_background.moc"
