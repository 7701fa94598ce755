// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/hex_view.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace weir::inspector;

namespace {

QByteArray counted(int size)
{
    QByteArray bytes(size, '\0');
    for (int i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i);
    return bytes;
}

void show(HexView& view)
{
    view.resize(620, 300);
    view.show();
}

} // namespace

class TestHexView : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        qRegisterMetaType<ByteSpan>();
        weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Dark);
    }

    /// Sweeping the pointer over the view meets every byte in order, once in hex and once as text.
    void everyByteIsUnderThePointer()
    {
        HexView view;
        view.setBytes(counted(40));
        show(view);
        QList<qint64> met;
        for (int y = 0; y < view.viewport()->height(); y += 5) {
            qint64 last = -1;
            for (int x = 0; x < view.viewport()->width(); ++x) {
                const qint64 byte = view.byteAt({x, y});
                if (byte >= 0 && byte != last)
                    met.append(byte);
                last = byte;
            }
        }
        QList<qint64> unique(met.begin(), met.end());
        std::sort(unique.begin(), unique.end());
        unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
        QCOMPARE(unique.size(), qsizetype(40));
        QCOMPARE(unique.last(), qint64(39));
        QVERIFY(met.count(7) >= 2);
        QCOMPARE(met.count(7), met.count(8));
    }

    void keysSelect()
    {
        HexView view;
        view.setBytes(counted(100));
        show(view);
        QSignalSpy changed(&view, &HexView::selectionChanged);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(view.selection(), (ByteSpan{0, 1}));
        QTest::keyClick(&view, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(view.selection(), (ByteSpan{0, 17}));
        QTest::keyClick(&view, Qt::Key_End);
        QCOMPARE(view.selection(), (ByteSpan{99, 100}));
        QTest::keyClick(&view, Qt::Key_Down); // there is no line below
        QCOMPARE(view.selection(), (ByteSpan{99, 100}));
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(view.selection(), (ByteSpan{0, 100}));
        QCOMPARE(changed.size(), 5);
    }

    void copiesUpperCaseHex()
    {
        HexView view;
        view.setBytes(QByteArray("\x04\x61\x9e\x00", 4));
        show(view);
        view.setSelection({0, 3});
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("04 61 9E"));
    }

    void selectionIsClampedAndSilent_data()
    {
        QTest::addColumn<qint64>("first");
        QTest::addColumn<qint64>("end");
        QTest::addColumn<qint64>("length");
        QTest::newRow("inside") << qint64(2) << qint64(5) << qint64(3);
        QTest::newRow("over the end") << qint64(8) << qint64(1'000'000) << qint64(2);
        QTest::newRow("before") << qint64(-9) << qint64(2) << qint64(2);
        QTest::newRow("backwards") << qint64(7) << qint64(3) << qint64(0);
        QTest::newRow("behind") << qint64(50) << qint64(60) << qint64(0);
    }
    void selectionIsClampedAndSilent()
    {
        QFETCH(qint64, first);
        QFETCH(qint64, end);
        HexView view;
        view.setBytes(counted(10));
        show(view);
        QSignalSpy changed(&view, &HexView::selectionChanged);
        view.setSelection({first, end});
        QTEST(view.selection().length(), "length");
        QCOMPARE(changed.size(), 0);
        view.grab();
    }

    void asksOnlyForBytesInView()
    {
        const qint64 size = 60'000'000;
        qint64 asked = 0;
        HexView view;
        view.setSource(size, [&asked](qint64 offset, qint64 count) {
            asked += count;
            return QByteArray(static_cast<qsizetype>(count), static_cast<char>(offset & 0xff));
        });
        show(view);
        view.viewport()->grab();
        asked = 0;
        QElapsedTimer timer;
        timer.start();
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        view.viewport()->grab();
        const double scrolled = double(timer.nsecsElapsed()) / 1e6;
        qInfo("60 MB: to the end and painted in %.1f ms, %lld bytes asked", scrolled, static_cast<long long>(asked));
        QVERIFY(asked <= 16 * 64);
        QVERIFY(scrolled < 100);
        view.setSelection({size - 1, size});
        QVERIFY(view.topLine() > 3'000'000);
    }

    void oddSourcesAreSurvived()
    {
        HexView view;
        show(view);
        view.grab();
        QTest::keyClick(&view, Qt::Key_End);
        view.setSource(-5, nullptr);
        view.grab();
        view.setSource(1000, [](qint64, qint64) { return QByteArray(); }); // says more than it has
        view.grab();
        view.setSelection({0, 1000});
        QCOMPARE(view.selectedHex(), QString());
        view.setSource(qint64(1) << 60, [](qint64, qint64 count) { return QByteArray(count, 'x'); });
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        view.resize(1, 1);
        view.grab();
    }
};

QTEST_MAIN(TestHexView)
#include "tst_hex_view.moc"
