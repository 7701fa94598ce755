// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/export_panel.h"
#include "app/panels/notice_bar.h"
#include "tests/app/panel_bench.h"
#include "widgets/style/theme.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>

using namespace weir;
using namespace weir::test;

namespace {

/// An export panel on screen, with its parts at hand.
struct Shown
{
    explicit Shown(PanelBench& bench) : panel(bench.context, {"a", "orders"}) { panel.show(); }

    template <typename Widget>
    Widget& named(const QString& name)
    {
        for (auto* one : panel.findChildren<Widget*>()) {
            if (one->accessibleName() == name)
                return *one;
        }
        qFatal("no %s", qPrintable(name));
    }
    QLineEdit& field(const QString& name) { return named<QLineEdit>(name); }
    void choose(const QString& name, const QString& key)
    {
        auto& box = named<QComboBox>(name);
        box.setCurrentIndex(box.findData(key));
        emit box.activated(box.currentIndex());
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

    ExportPanel panel;
};

std::vector<GivenRecord> orders(int count)
{
    std::vector<GivenRecord> records;
    for (int i = 0; i < count; ++i)
        records.push_back(
            {R"({"id":)" + std::to_string(i) + R"(,"name":"=n"})", "k" + std::to_string(i), 1'700'000'000'000});
    return records;
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
}

} // namespace

class TestExportPanel : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void exportsWholeRecords()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        topic.give(orders(40));
        bench.connectTo("a");
        Shown shown(bench);
        QCOMPARE(shown.panel.title(), QString("Export orders"));
        QVERIFY(shown.field("File").text().endsWith(".jsonl"));
        const QString file = m_dir.filePath("deep/er/first.jsonl");
        shown.field("File").setText(file);
        shown.choose("Until", "never");
        shown.button("Export").click();
        QTRY_VERIFY(shown.panel.isRunning());
        QVERIFY(!shown.field("File").isEnabled());
        QTRY_VERIFY2(shown.report().contains("40 records"), qPrintable(shown.report()));
        QVERIFY(!QFile::exists(file));
        shown.button("Finish").click();
        QTRY_VERIFY2(shown.report().contains("Complete: " + file), qPrintable(shown.report()));
        QVERIFY(!shown.panel.isRunning());
        QCOMPARE(contentOf(file).count('\n'), 40);
        QVERIFY(contentOf(file).startsWith(R"({"topic":"orders","partition":0,"offset":0,)"));
        // The name is taken now: said so, and nothing is lost.
        shown.button("Export").click();
        QTRY_VERIFY2(shown.notice().contains("already"), qPrintable(shown.notice()));
        QCOMPARE(contentOf(file).count('\n'), 40);
    }

    void exportsFields()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        topic.give(orders(5));
        bench.connectTo("a");
        Shown shown(bench);
        const QString file = m_dir.filePath("fields.jsonl");
        shown.field("File").setText(file);
        QVERIFY(!shown.field("Only columns").isEnabled());
        shown.choose("Format", "csv");
        QCOMPARE(shown.field("File").text(), m_dir.filePath("fields.csv"));
        shown.choose("Columns", "fields");
        shown.field("Only columns").setText("name, id");
        shown.choose("Until", "never");
        shown.button("Export").click();
        QTRY_VERIFY(shown.panel.isRunning()); // the sample took those that were there
        topic.give(orders(5));
        QTRY_VERIFY2(shown.report().contains("5 records, "), qPrintable(shown.report() + shown.notice()));
        QVERIFY2(shown.report().contains("Defused         5 cells"), qPrintable(shown.report()));
        shown.panel.toggleStream();
        QTRY_VERIFY2(shown.report().contains("Complete"), qPrintable(shown.report()));
        QVERIFY(contentOf(m_dir.filePath("fields.csv")).startsWith("name,id,_undecodable\n\"'=n\",0,\n\"'=n\",1,\n"));
        shown.choose("Format", "raw");
        QVERIFY(!shown.named<QComboBox>("Columns").isEnabled());
    }

    void cancelLeavesNothing()
    {
        PanelBench bench;
        LiveTopic& topic = bench.topic("orders");
        bench.connectTo("a");
        const QString folder = m_dir.filePath("cancelled");
        const auto files = [&folder] { return QDir(folder).entryList(QDir::Files); };
        for (const bool byButton : {true, false}) {
            Shown shown(bench);
            topic.give(orders(5));
            shown.field("File").setText(folder + "/x.sqlite");
            shown.choose("Format", "sqlite");
            shown.choose("Until", "never");
            shown.button("Export").click();
            QTRY_VERIFY2(shown.report().contains("5 records"), qPrintable(shown.report()));
            QCOMPARE(files(), QStringList{"x.sqlite.partial"});
            if (byButton) {
                shown.button("Cancel").click();
                QVERIFY(shown.report().contains("Given up"));
                QVERIFY(!shown.panel.isRunning());
                QTRY_COMPARE(files(), QStringList{});
            }
        }
        QTRY_COMPARE(files(), QStringList{}); // closing the tab gives it up, too
    }

    void whatIsWrongIsSaid()
    {
        PanelBench bench;
        bench.topic("orders");
        bench.connectTo("a");
        Shown shown(bench);
        shown.field("File").clear();
        shown.button("Export").click();
        QVERIFY2(shown.notice().contains("name a file"), qPrintable(shown.notice()));
        shown.field("File").setText(m_dir.filePath("wrong.csv"));
        shown.field("Topics").setText(" , ");
        shown.button("Export").click();
        QVERIFY2(shown.notice().contains("at least one topic"), qPrintable(shown.notice()));
        shown.field("Topics").setText("nope");
        shown.button("Export").click();
        QTRY_VERIFY2(shown.notice().contains("no such topic"), qPrintable(shown.notice()));
        bench.connections.disconnectFrom("a");
        shown.button("Export").click();
        QVERIFY2(shown.notice().contains("not open"), qPrintable(shown.notice()));
        QVERIFY(!QFile::exists(m_dir.filePath("wrong.csv.partial")));
    }

    void fileDialogChoosesTheFormat()
    {
        PanelBench bench;
        bench.connectTo("a");
        bench.answer = "/tmp/chosen.avro";
        Shown shown(bench);
        shown.button("Choose…").click();
        QCOMPARE(shown.field("File").text(), QString("/tmp/chosen.avro"));
        QCOMPARE(shown.named<QComboBox>("Format").currentData().toString(), QString("avro"));
    }
};

QTEST_MAIN(TestExportPanel)
#include "tst_export_panel.moc"
