// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/capture_panel.h"
#include "app/panels/notice_bar.h"
#include "app/panels/topic_panel.h"
#include "connectors/capture/verify.h"
#include "tests/app/panel_bench.h"
#include "widgets/style/theme.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace weir;
using namespace weir::test;

namespace {

/// A capture panel on screen, with its parts at hand.
struct Shown
{
    explicit Shown(PanelBench& bench, const ReadForm::Asked& asked = {"a", "orders"}) : panel(bench.context, asked)
    {
        panel.show();
    }

    QLineEdit& field(const QString& name)
    {
        for (auto* edit : panel.findChildren<QLineEdit*>()) {
            if (edit->accessibleName() == name)
                return *edit;
        }
        qFatal("no field %s", qPrintable(name));
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

    CapturePanel panel;
};

std::vector<GivenRecord> orders(int count)
{
    std::vector<GivenRecord> records;
    for (int i = 0; i < count; ++i)
        records.push_back({R"({"order_id":)" + std::to_string(i) + "}", "k" + std::to_string(i), 1'700'000'000'000});
    return records;
}

} // namespace

class TestCapturePanel : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void captures()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        QCOMPARE(shown.panel.title(), QString("Capture orders"));
        const QString folder = m_dir.filePath("deep/er/first");
        shown.field("Folder").setText(folder);
        shown.button("Start").click();
        QTRY_VERIFY(shown.panel.isRunning());
        QVERIFY(!shown.field("Folder").isEnabled());
        topic.give(orders(40));
        QTRY_VERIFY2(shown.report().contains("40 records"), qPrintable(shown.report()));
        QSignalSpy opened(&shown.panel, &CapturePanel::openRequested);
        shown.button("Stop").click();
        QTRY_VERIFY2(shown.report().contains("is complete"), qPrintable(shown.report()));
        QVERIFY(!shown.panel.isRunning());
        shown.button("Open it").click();
        QCOMPARE(opened.at(0).at(0).toString(), folder);
        shown.button("Verify").click();
        QTRY_VERIFY2(shown.report().contains("Intact: 40 records"), qPrintable(shown.report()));
        // The folder is taken now: said so, and nothing is overwritten.
        shown.button("Start").click();
        QTRY_VERIFY2(shown.notice().contains("something already"), qPrintable(shown.notice()));
        QVERIFY(shown.button("Start").isEnabled());
    }

    void whatIsWrongIsSaid()
    {
        PanelBench bench;
        bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        shown.field("Folder").setText(m_dir.filePath("second"));
        shown.field("Keep newest").setText("many");
        shown.button("Start").click();
        QVERIFY2(shown.notice().contains("'many' is no size"), qPrintable(shown.notice()));
        shown.field("Keep newest").clear();
        shown.field("Topics").setText(" , ");
        shown.button("Start").click();
        QVERIFY2(shown.notice().contains("at least one topic"), qPrintable(shown.notice()));
        shown.field("Topics").setText("nope");
        shown.button("Start").click();
        QTRY_VERIFY2(shown.notice().contains("no such topic"), qPrintable(shown.notice()));
        bench.connections.disconnectFrom("a");
        shown.button("Start").click();
        QVERIFY2(shown.notice().contains("not open"), qPrintable(shown.notice()));
    }

    /// What fell through a live view is not gone: it becomes a capture, also when the view was closed meanwhile.
    void savesWhatAViewHolds()
    {
        const QString folder = m_dir.filePath("saved");
        const QTemporaryDir cache;
        PanelBench bench;
        bench.connections.setLiveBuffers(LiveBuffers::open({cache.path().toStdString()}, bench.budget, bench.clock));
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        ReadForm::Asked asked;
        {
            TopicPanel view(bench.context, {"topic", "a", "orders", {}});
            topic.give(orders(30));
            QVERIFY(bench.pullUntil([&] { return view.snapshot() && view.snapshot()->endRow == 30; }));
            asked = view.asked(true);
            Shown other(bench, view.asked(false));
            QVERIFY(other.panel.findChild<QComboBox*>()->currentText() == "now"); // offered, and no more
            QVERIFY(other.panel.findChild<QComboBox*>()->findText("what the view of orders holds, 30 rows") > 0);
        }
        Shown shown(bench, asked);
        QCOMPARE(shown.panel.findChild<QComboBox*>()->currentText(), QString("what the view of orders holds, 30 rows"));
        shown.field("Folder").setText(folder);
        shown.field("Keep only").setText("order_id >= 10");
        shown.button("Start").click();
        QTRY_VERIFY2(shown.report().contains("is complete"), qPrintable(shown.report() + shown.notice()));
        const auto report = capture::verify(folder.toStdString());
        QVERIFY(report.ok());
        QVERIFY2(report->findings.empty(), report->findings.empty() ? "" : report->findings.front().what.c_str());
        QCOMPARE(report->partitions.front().records, std::uint64_t(20));
    }

    /// Closing the tab ends the capture in order.
    void closingEndsIt()
    {
        const QString folder = m_dir.filePath("third");
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        {
            Shown shown(bench);
            shown.field("Folder").setText(folder);
            shown.button("Start").click();
            QTRY_VERIFY(shown.panel.isRunning());
            topic.give(orders(7));
            QTRY_VERIFY(shown.report().contains("7 records"));
        }
        QVERIFY(Reaper::instance().drain(std::chrono::seconds(10)));
        const auto report = capture::verify(folder.toStdString());
        QVERIFY(report.ok());
        QVERIFY2(report->findings.empty(), report->findings.empty() ? "" : report->findings.front().what.c_str());
        QCOMPARE(report->partitions.front().records, std::uint64_t(7));
    }
};

QTEST_MAIN(TestCapturePanel)
#include "tst_capture_panel.moc"
