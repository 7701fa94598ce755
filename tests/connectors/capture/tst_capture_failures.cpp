// SPDX-License-Identifier: GPL-3.0-or-later
// When any single step on the disk fails, nobody is told that all is well unless it is.
#include "connectors/capture/verify.h"
#include "tests/connectors/capture/capture_case.h"
#include "tests/support/failing_storage.h"

#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;

namespace {

CapturePlan smallPlan()
{
    CapturePlan plan;
    plan.rounds = 12;
    plan.mostRecords = 12;
    plan.settings.segments.bytes = 6000;
    return plan;
}

QString problemsOf(const Result<VerifyReport>& report)
{
    if (!report)
        return QString::fromStdString(report.error().text());
    QString text;
    for (const Finding& finding : report->findings)
        text += QString::fromStdString(finding.where + ": " + finding.what + "; ");
    return text;
}

} // namespace

class TestCaptureFailures : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_number = 0;

    QString newFolder() { return m_dir.filePath(QString::number(++m_number)); }

    /// "" if what was written with this storage is what its answers say.
    QString check(FailingStorage& storage, const CapturePlan& plan)
    {
        const QString folder = newFolder();
        const WrittenCapture written = writeCapture(folder, plan, storage);
        if (written.finished.ok()) {
            const auto report = verify(folder.toStdString());
            if (!report || !report->isIntact())
                return "called done, but is not intact: " + problemsOf(report);
            const auto back = readFolder(folder);
            if (!back || (!written.failed && !(*back == written.records)))
                return "called done, but records are missing";
        }
        const auto back = readFolder(folder);
        if (!back) // the folder could not even be made
            return written.finished.ok() ? "called done, but cannot be opened" : "";
        // What failed in the middle may have been written all the same.
        CapturePlan all = plan;
        const WrittenCapture whole = writeCapture(newFolder(), all);
        return foreignIn(*back, whole.records);
    }

private slots:
    void everySingleStep_data()
    {
        QTest::addColumn<bool>("forEver");
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("ring");
        QTest::newRow("once") << false << static_cast<int>(ErrorKind::Io) << false;
        QTest::newRow("from then on") << true << static_cast<int>(ErrorKind::Io) << false;
        QTest::newRow("once, in a ring") << false << static_cast<int>(ErrorKind::Io) << true;
        QTest::newRow("full") << true << static_cast<int>(ErrorKind::ResourceLimit) << false;
        QTest::newRow("full for a moment") << false << static_cast<int>(ErrorKind::ResourceLimit) << false;
    }

    void everySingleStep()
    {
        QFETCH(bool, forEver);
        QFETCH(int, kind);
        QFETCH(bool, ring);
        CapturePlan plan = smallPlan();
        if (ring)
            plan.settings.ringBytes = 30'000;
        int failures = 0;
        for (int step = 1;; ++step) {
            FailingStorage storage(step, forEver, static_cast<ErrorKind>(kind));
            const QString wrong = ring ? checkRing(storage, plan) : check(storage, plan);
            QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("step %1: %2").arg(step).arg(wrong)));
            if (!storage.hasFailed())
                break;
            ++failures;
        }
        QVERIFY2(failures > 100, qPrintable(QString::number(failures)));
    }

    /// A failed sync condemns the segment: what was not synced goes to the next one, and nothing is lost.
    void failedSyncsLoseNothing()
    {
        int failures = 0;
        for (int step = 1;; ++step) {
            FailingStorage storage(step, false, ErrorKind::Io, FailingStorage::Steps::Syncs);
            const QString folder = newFolder();
            const WrittenCapture written = writeCapture(folder, smallPlan(), storage);
            if (!storage.hasFailed())
                break;
            ++failures;
            if (!written.finished)
                continue; // told, at the beginning or the end of it
            const auto report = verify(folder.toStdString());
            QVERIFY2(report && report->isIntact(), qPrintable(problemsOf(report)));
            QVERIFY(!written.failed && *readFolder(folder) == written.records);
        }
        QVERIFY(failures > 20);
    }

    void aFullDiskEndsItInOrder()
    {
        for (const std::size_t room : {1'100'000, 1'200'000, 1'300'007, 1'350'001}) {
            SmallDisk disk(room);
            CapturePlan plan;
            plan.rounds = 500;
            const QString folder = newFolder();
            const WrittenCapture written = writeCapture(folder, plan, disk);
            QVERIFY(written.failed);
            QVERIFY(written.failed->kind == ErrorKind::ResourceLimit);
            QVERIFY2(written.finished.ok(), written.finished ? "" : written.finished.error().text().c_str());
            const auto report = verify(folder.toStdString());
            QVERIFY2(report && report->isIntact(), qPrintable(problemsOf(report)));
            const auto back = readFolder(folder);
            QVERIFY(back.ok());
            for (const auto& [partition, records] : written.records)
                QVERIFY(back->at(partition).size() >= records.size());
        }
    }

private:
    QString checkRing(FailingStorage& storage, const CapturePlan& plan)
    {
        const QString folder = newFolder();
        const WrittenCapture written = writeCapture(folder, plan, storage);
        if (!written.finished)
            return {};
        const auto report = verify(folder.toStdString());
        return report && report->isIntact() ? QString() : "called done, but is not intact: " + problemsOf(report);
    }
};

QTEST_GUILESS_MAIN(TestCaptureFailures)
#include "tst_capture_failures.moc"
