// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/field_list.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>

using namespace weir::inspector;

class TestFieldList : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Dark); }

    void walksAndCopies()
    {
        FieldList list;
        list.setRows({{QStringLiteral("Partition"), {{QStringLiteral("7")}}},
            {QStringLiteral("Bytes"),
                {{QStringLiteral("26-28")}, {QStringLiteral("61 9E"), FieldText::Look::Accent}}}});
        list.resize(300, 100);
        list.show();
        QSignalSpy changed(&list, &FieldList::currentRowChanged);
        QTest::keyClick(&list, Qt::Key_Down);
        QTest::keyClick(&list, Qt::Key_Down);
        QTest::keyClick(&list, Qt::Key_Down);
        QCOMPARE(list.currentRow(), 1);
        QCOMPARE(changed.size(), 2);
        QTest::keyClick(&list, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Bytes\t26-28 61 9E"));
        QTest::mousePress(list.viewport(), Qt::LeftButton, {}, QPoint(20, list.lineHeight() / 2));
        QCOMPARE(list.currentRow(), 0);
        list.setRows({});
        QCOMPARE(list.currentRow(), -1);
        QTest::keyClick(&list, Qt::Key_End);
        QCOMPARE(list.currentRow(), -1);
    }

    void paintsOnlyWhatIsInView()
    {
        const FieldRow one{QString(1000, QLatin1Char('n')), {{QString(10'000, QLatin1Char('v'))}}};
        std::vector<FieldRow> rows(200'000, one);
        FieldList list;
        list.setRows(std::move(rows));
        for (const QSize size : {QSize(300, 200), QSize(1, 1), QSize(3000, 20)}) {
            list.resize(size);
            list.grab();
        }
        QVERIFY(list.sizeHint().height() <= 12 * list.lineHeight());
    }
};

QTEST_MAIN(TestFieldList)
#include "tst_field_list.moc"
