// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 at any instant: what was appended is there, nothing else is, and the capture opens and can be recovered.
#include "connectors/capture/recover.h"
#include "connectors/capture/verify.h"
#include "tests/connectors/capture/capture_case.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;

class TestCaptureKilled : public QObject
{
    Q_OBJECT

private slots:
    /// WEIR_KILLS sets how many.
    void killedAtAnyInstant()
    {
        const int kills = qEnvironmentVariableIsSet("WEIR_KILLS") ? qEnvironmentVariableIntValue("WEIR_KILLS") : 50;
        std::mt19937 dice(53);
        std::int64_t acknowledged = 0;
        for (int i = 0; i < kills; ++i) {
            QTemporaryDir dir;
            const QString folder = dir.filePath("c");
            const std::uint32_t seed = dice() % 1000;
            QProcess victim;
            victim.start(QStringLiteral(CAPTURE_VICTIM), {folder, QString::number(seed)});
            QVERIFY(victim.waitForStarted());
            QTest::qWait(static_cast<int>(5 + dice() % 120));
            ::kill(static_cast<pid_t>(victim.processId()), SIGKILL);
            victim.waitForFinished();
            std::map<int, std::int64_t> last;
            for (const QByteArray& line : victim.readAllStandardOutput().split('\n')) {
                const QList<QByteArray> words = line.split(' ');
                if (words.size() == 2)
                    last[words[0].toInt()] = words[1].toLongLong();
            }
            const QString wrong = lookAt(folder, seed, last);
            QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("kill %1: %2").arg(i).arg(wrong)));
            for (const auto& [partition, offset] : last)
                acknowledged += offset;
        }
        QVERIFY(acknowledged > kills * 100);
    }

private:
    static QString lookAt(const QString& folder, std::uint32_t seed, const std::map<int, std::int64_t>& last)
    {
        const auto back = readFolder(folder);
        if (!back) // before its first file
            return last.empty() ? QString() : QString::fromStdString(back.error().text());
        Kept expected;
        for (const auto& [partition, records] : *back) {
            const int p = partition.partition.value;
            RandomRecords maker(seed + static_cast<std::uint32_t>(p), "t", p);
            auto& own = expected[partition];
            for (std::size_t count = 1; own.empty() || own.back().offset < records.back().offset;
                 count = count % 37 + 3)
                keep(*maker.next(count), own);
            while (own.back().offset > records.back().offset) // of a batch that goes to the log in several
                own.pop_back();
            if (own.size() != records.size())
                return QStringLiteral("records are missing in the middle");
        }
        if (const QString foreign = foreignIn(*back, expected); !foreign.isEmpty())
            return foreign;
        for (const auto& [p, offset] : last) {
            const auto found = back->find({"t", {p}});
            if (found == back->end() || found->second.back().offset < offset)
                return QStringLiteral("partition %1: offset %2 was acknowledged and is lost").arg(p).arg(offset);
        }
        const auto report = verify(folder.toStdString());
        if (!report)
            return "verify fails: " + QString::fromStdString(report.error().text());
        for (const Finding& finding : report->findings) {
            if (finding.isWrong)
                return "verify: " + QString::fromStdString(finding.where + ": " + finding.what);
        }
        const QString saved = folder + "-saved";
        const auto recovered = recover(folder.toStdString(), saved.toStdString(), SystemClock::instance());
        if (!recovered || !recovered->verified.isIntact())
            return "what was recovered is not intact";
        return *readFolder(saved) == *back ? QString() : QString("what was recovered is not the same");
    }
};

QTEST_GUILESS_MAIN(TestCaptureKilled)
#include "tst_capture_killed.moc"
