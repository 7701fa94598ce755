// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/replay_mark.h"

#include <QTemporaryDir>
#include <QTest>

using namespace weir;

class TestReplayMark : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    const std::string m_path = m_dir.filePath("mark").toStdString();

    static ReplayMark mark()
    {
        return {"orders of cluster a", "copy of cluster b", {{PartitionId{0}, 7}, {PartitionId{12}, INT64_MAX}}};
    }

private slots:
    void comesBack()
    {
        QVERIFY(ReplayMark::load(m_path).error().kind == ErrorKind::NotFound);
        QVERIFY(mark().save(m_path).ok());
        QVERIFY(ReplayMark{}.save(m_path + "2").ok());
        const auto loaded = ReplayMark::load(m_path);
        QVERIFY(loaded.ok());
        QCOMPARE(loaded->source, mark().source);
        QCOMPARE(loaded->target, mark().target);
        QVERIFY(loaded->next == mark().next);
        QVERIFY(ReplayMark::load(m_path + "2").ok());
    }

    /// One that was cut or changed is never taken for a shorter one.
    void everyCutIsNoticed()
    {
        QVERIFY(mark().save(m_path).ok());
        QFile file(QString::fromStdString(m_path));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        const auto loads = [this](const QByteArray& content) {
            QFile changed(m_dir.filePath("changed"));
            if (!changed.open(QIODevice::WriteOnly) || changed.write(content) != content.size())
                qFatal("cannot write");
            changed.close();
            return ReplayMark::load(m_dir.filePath("changed").toStdString()).ok();
        };
        for (qsizetype size = 0; size < whole.size() - 1; ++size)
            QVERIFY2(!loads(whole.first(size)), whole.first(size));
        for (const char* line : {"x 1", "1 x", "-1 5", "1 -5", "1", "99999999999 1", "1 99999999999999999999", " "})
            QVERIFY2(!loads(QByteArray(whole).replace("0 7", line)), line);
    }
};

QTEST_GUILESS_MAIN(TestReplayMark)
#include "tst_replay_mark.moc"
