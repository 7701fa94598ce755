// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/go_to_dialog.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QTest>

using namespace weir;

namespace {

std::vector<GoToEntry> entriesOf(const QStringList& names, QString* gone = nullptr)
{
    std::vector<GoToEntry> entries;
    for (const QString& name : names)
        entries.push_back({style::Icon::Topic, name, {}, [gone, name] { *gone = name; }});
    return entries;
}

QStringList shown(const GoToDialog& dialog)
{
    QStringList names;
    for (int i = 0; i < dialog.list()->count(); ++i)
        names.append(dialog.list()->item(i)->text());
    return names;
}

} // namespace

class TestGoToDialog : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void bestMatchesFirst()
    {
        GoToDialog dialog(entriesOf({"border", "orders", "payments", "my orders", "reorder"}), "Topic", nullptr);
        QCOMPARE(shown(dialog).size(), 5);
        QTest::keyClicks(dialog.field(), "ORD");
        QCOMPARE(shown(dialog), QStringList({"orders", "my orders", "border", "reorder"}));
        QTest::keyClicks(dialog.field(), " my");
        QCOMPARE(shown(dialog), QStringList({"my orders"}));
        QTest::keyClicks(dialog.field(), "x");
        QVERIFY(shown(dialog).isEmpty());
        QTest::keyClick(dialog.field(), Qt::Key_Return); // nothing to go to
        QCOMPARE(dialog.result(), int(QDialog::Rejected));
        QVERIFY(!dialog.chosen());
    }

    void theKeyboardChooses()
    {
        QString gone;
        GoToDialog dialog(entriesOf({"a1", "a2", "a3"}, &gone), "Topic", nullptr);
        QTest::keyClick(dialog.field(), Qt::Key_Down);
        QTest::keyClick(dialog.field(), Qt::Key_Down);
        QTest::keyClick(dialog.field(), Qt::Key_Down);
        QTest::keyClick(dialog.field(), Qt::Key_Up);
        QTest::keyClick(dialog.field(), Qt::Key_Return);
        QCOMPARE(dialog.result(), int(QDialog::Accepted));
        QVERIFY(gone.isEmpty()); // the caller goes, once the dialog is closed
        dialog.chosen()();
        QCOMPARE(gone, QString("a2"));
    }

    void thousandsStayQuick()
    {
        QStringList names;
        for (int i = 0; i < 20'000; ++i)
            names.append(QString("topic-%1").arg(i));
        GoToDialog dialog(entriesOf(names), "Topic", nullptr);
        QVERIFY(dialog.list()->count() <= 200);
        QTest::keyClicks(dialog.field(), "19999");
        QCOMPARE(shown(dialog), QStringList({"topic-19999"}));
    }
};

QTEST_MAIN(TestGoToDialog)
#include "tst_go_to_dialog.moc"
