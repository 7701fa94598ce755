// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/observations.h"
#include "connectors/capture/recover.h"
#include "tests/connectors/capture/capture_case.h"
#include "tests/support/failing_storage.h"
#include "tests/support/manual_clock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;

namespace {

Observation roundAt(EpochMs time, std::int64_t committed)
{
    Observation observation;
    observation.groups.time = time;
    observation.groups.groups.push_back(
        {{"bill\"ing\n", "Stable", {}, {}, {}}, {{{"orders", PartitionId{3}}, committed, {}}}});
    observation.groups.ends = {{{"orders", PartitionId{3}}, committed + 7}};
    return observation;
}

Observation connectionAt(EpochMs time, Connection connection, const std::string& problem)
{
    Observation observation;
    observation.groups.time = time;
    observation.connection = connection;
    observation.problem = problem;
    return observation;
}

} // namespace

class TestObservations : public QObject
{
    Q_OBJECT

    const QTemporaryDir m_dir;

    QString writeAll(const QString& name)
    {
        const QString folder = m_dir.filePath(name);
        const ManualClock clock;
        auto writer = CaptureWriter::create(folder.toStdString(), aboutTopics({{"orders", 4}}), {}, clock);
        if (!writer)
            qFatal("%s", writer.error().text().c_str());
        (*writer)->observe(connectionAt(50, Connection::Up, {}));
        for (int i = 1; i <= 5; ++i)
            (*writer)->observe(roundAt(i * 100, i));
        (*writer)->observe(connectionAt(450, Connection::Down, "Broker b:1 does not answer."));
        if (auto finished = (*writer)->finish("done"); !finished)
            qFatal("%s", finished.error().text().c_str());
        return folder;
    }

private slots:
    void comeBackAsTheyWere()
    {
        const auto read = readObservations(writeAll("a").toStdString());
        QVERIFY(read);
        QCOMPARE(read->damage, std::string());
        QCOMPARE(read->entries.size(), std::size_t{7});
        const auto rounds = read->rounds(100, 300);
        QCOMPARE(rounds.size(), std::size_t{2});
        QCOMPARE(rounds[0].time, EpochMs{200});
        QCOMPARE(rounds[0].groups[0].info.name, std::string("bill\"ing\n"));
        QCOMPARE(rounds[0].groups[0].info.state, std::string("Stable"));
        QCOMPARE(rounds[0].groups[0].committed[0].offset, std::int64_t{2});
        QCOMPARE(rounds[0].ends[0].second, std::int64_t{9});
        QVERIFY(!read->roundAt(99));
        QCOMPARE(read->roundAt(1'000)->time, EpochMs{500});
        QVERIFY(!read->connectionAt(49));
        QCOMPARE(*read->connectionAt(449)->connection, Connection::Up);
        QCOMPARE(read->connectionAt(450)->problem, std::string("Broker b:1 does not answer."));
        QVERIFY(readObservations(m_dir.path().toStdString())->entries.empty());
    }

    /// Each line stands for itself: cut or flipped anywhere, the others come back and no wrong one does.
    void damagedLinesAreLeftOut()
    {
        const QString folder = writeAll("b");
        QFile file(folder + "/observations.log");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        file.close();
        const auto expected = readObservations(folder.toStdString())->entries;
        const auto check = [&](const QByteArray& content, qsizetype least) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(content);
            file.close();
            const auto read = readObservations(folder.toStdString());
            QVERIFY(read);
            QVERIFY(qsizetype(read->entries.size()) >= least);
            for (const Observation& one : read->entries) {
                QVERIFY(std::any_of(expected.begin(), expected.end(),
                    [&](const Observation& other) { return observationLine(one) == observationLine(other); }));
            }
        };
        for (qsizetype end = 0; end < whole.size(); ++end)
            check(whole.left(end), whole.left(end).count('\n'));
        for (qsizetype at = 0; at < whole.size(); ++at) {
            QByteArray flipped = whole;
            flipped[at] = char(flipped[at] ^ (1 << (at % 8)));
            check(flipped, 5);
        }
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(whole.left(whole.size() - 3));
        file.close();
        QCOMPARE(readObservations(folder.toStdString())->damage,
            std::string("observations.log: 1 line is damaged or torn; what groups did at that time is lost."));
    }

    void recoverTakesThemAlong()
    {
        const ManualClock clock;
        const QString folder = writeAll("c");
        const QString to = m_dir.filePath("recovered");
        const auto report = recover(folder.toStdString(), to.toStdString(), clock);
        QVERIFY(report);
        QVERIFY(report->verified.isIntact());
        QCOMPARE(readObservations(to.toStdString())->entries.size(), std::size_t{7});
    }

    /// Records come first: a capture whose observations fail is complete, and says that they ended.
    void aFailureEndsThemAlone()
    {
        const ManualClock clock;
        bool seen = false;
        for (int failAt = 1; failAt < 200; ++failAt) {
            const QString folder = m_dir.filePath(QStringLiteral("f%1").arg(failAt));
            FailingStorage storage(failAt, false);
            auto writer = CaptureWriter::create(folder.toStdString(), aboutTopics({{"orders", 4}}), {}, clock, storage);
            if (!writer)
                continue;
            const int before = storage.steps();
            for (int i = 1; i <= 5; ++i)
                (*writer)->observe(roundAt(i * 100, i));
            const bool hit = storage.hasFailed() && failAt > before;
            const auto finished = (*writer)->finish("done");
            if (!hit)
                continue;
            seen = true;
            QVERIFY(finished);
            const auto opened = CaptureFolder::open(folder.toStdString());
            QVERIFY(opened);
            QVERIFY((*opened)->manifest->settings.contains("observationsEndedBy"));
        }
        QVERIFY(seen);
    }
};

QTEST_GUILESS_MAIN(TestObservations)
#include "tst_observations.moc"
