// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/profile_panel.h"
#include "tests/app/panel_bench.h"
#include "widgets/style/theme.h"

#include <QPlainTextEdit>
#include <QPushButton>

using namespace weir;
using namespace weir::test;

class TestProfilePanel : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void tellsWhatATopicIsMadeOf()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        topic.give({{R"({"id":1,"status":"NEW"})", "k1", 1'700'000'000'000}}); // what the sample takes
        ProfilePanel panel(bench.context, {"a", "orders"});
        panel.resize(1200, 800);
        panel.show();
        QCOMPARE(panel.title(), QString("Profile of orders"));
        QVERIFY(bench.pullUntil([&] { return topic.opened() == 2; })); // the sample, then the topic
        std::vector<GivenRecord> records;
        for (int i = 0; i < 100; ++i)
            records.push_back({R"({"id":)" + std::to_string(i) + R"(,"status":"PAID"})", "k" + std::to_string(i % 4),
                1'700'000'000'000});
        topic.give(records);
        auto* report = panel.findChild<QPlainTextEdit*>();
        QVERIFY(bench.pullUntil([&] { return report->toPlainText().contains("100 records of"); }));
        panel.toggleStream();
        QVERIFY(bench.pullUntil([&] { return !panel.isRunning(); }));
        const QString text = report->toPlainText();
        for (const char* words : {"Records", "Keys", "Partitions", "Fields", "Hours", "100 different, 0 to 99", "4",
                 "2023-11-14 22:00", "not to the end"})
            QVERIFY2(text.contains(QString::fromUtf8(words)), qPrintable(text));
    }

    void wrongWordsSaySo()
    {
        PanelBench bench;
        bench.connectTo("a");
        ProfilePanel panel(bench.context, {"a", {}});
        panel.show();
        panel.findChild<QPushButton*>()->click();
        QVERIFY(!panel.isRunning());
        panel.toggleStream();
        QVERIFY(!panel.isRunning());
    }
};

QTEST_MAIN(TestProfilePanel)
#include "tst_profile_panel.moc"
