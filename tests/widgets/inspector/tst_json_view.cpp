// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/json_view.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace weir::inspector;

namespace {

InspectorLine line(int depth, const char* key, const char* value, ByteSpan bytes, int layer = 0)
{
    InspectorLine made;
    made.depth = depth;
    made.key = QString::fromLatin1(key);
    made.value = QString::fromLatin1(value);
    made.bytes = bytes;
    made.layer = layer;
    return made;
}

/// 0 Value 0–83: 1 order 5–83: 2 id 5–16, 3 amount 26–29, 4 items 39–63: 5 item 39–50; 6 Key layer 1.
std::vector<InspectorLine> record()
{
    std::vector<InspectorLine> lines{line(0, "Value", "", {0, 83}), line(1, "order", "", {5, 83}),
        line(2, "id", "471173", {5, 16}), line(2, "amount", "249.90", {26, 29}), line(2, "items", "", {39, 63}),
        line(3, "item", "SKU", {39, 50}), line(0, "Key", "ord", {0, 10}, 1)};
    lines[0].foldable = lines[1].foldable = lines[4].foldable = true;
    return lines;
}

void show(JsonView& view)
{
    view.resize(600, 240);
    view.show();
}

} // namespace

class TestJsonView : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        qRegisterMetaType<ByteSpan>();
        weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Dark);
    }

    void innermostNodeOfBytes_data()
    {
        QTest::addColumn<int>("layer");
        QTest::addColumn<qint64>("first");
        QTest::addColumn<qint64>("end");
        QTest::addColumn<int>("line");
        QTest::newRow("leaf") << 0 << qint64(27) << qint64(28) << 3;
        QTest::newRow("whole leaf") << 0 << qint64(26) << qint64(29) << 3;
        QTest::newRow("over two leaves") << 0 << qint64(15) << qint64(27) << 1;
        QTest::newRow("framing") << 0 << qint64(1) << qint64(3) << 0;
        QTest::newRow("deepest") << 0 << qint64(40) << qint64(41) << 5;
        QTest::newRow("other layer") << 1 << qint64(3) << qint64(4) << 6;
        QTest::newRow("behind") << 0 << qint64(80) << qint64(90) << -1;
        QTest::newRow("no such layer") << 7 << qint64(1) << qint64(2) << -1;
    }
    void innermostNodeOfBytes()
    {
        QFETCH(int, layer);
        QFETCH(qint64, first);
        QFETCH(qint64, end);
        QFETCH(int, line);
        JsonView view;
        view.setLines(record());
        show(view);
        view.setAllFolded(true);
        QSignalSpy chosen(&view, &JsonView::bytesChosen);
        QCOMPARE(view.selectBytes(layer, {first, end}), line >= 0);
        QCOMPARE(view.currentLine(), line);
        QCOMPARE(chosen.size(), 0);
    }

    void keysWalkAndFold()
    {
        JsonView view;
        view.setLines(record());
        show(view);
        QSignalSpy chosen(&view, &JsonView::bytesChosen);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentLine(), 1);
        QCOMPARE(chosen.last()[1].value<ByteSpan>(), (ByteSpan{5, 83}));
        QTest::keyClick(&view, Qt::Key_Left); // folds
        QCOMPARE(view.shownLines(), 3);
        QTest::keyClick(&view, Qt::Key_Left); // to the parent
        QCOMPARE(view.currentLine(), 0);
        QTest::keyClick(&view, Qt::Key_End);
        QCOMPARE(view.currentLine(), 6);
        QTest::keyClick(&view, Qt::Key_Up);
        QTest::keyClick(&view, Qt::Key_Right); // unfolds
        QTest::keyClick(&view, Qt::Key_Right); // to the first child
        QCOMPARE(view.currentLine(), 2);
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("id\t471173"));
    }

    void foldingKeepsAChosenLineOnScreen()
    {
        JsonView view;
        view.setLines(record());
        show(view);
        view.setCurrentLine(5);
        QSignalSpy changed(&view, &JsonView::currentLineChanged);
        view.setFolded(0, true);
        QCOMPARE(view.currentLine(), 0);
        QCOMPARE(changed.size(), 1);
        view.setCurrentLine(5); // unfolds again
        QVERIFY(!view.isFolded(0));
        view.setLines({});
        QCOMPARE(view.currentLine(), -1);
        QVERIFY(!view.selectBytes(0, {0, 1}));
        view.grab();
    }

    void paintsAMillionLines()
    {
        std::vector<InspectorLine> lines(1'000'000);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            lines[i].depth = static_cast<int>(i % 100);
            lines[i].bytes = {qint64(i), qint64(i) + 1};
        }
        JsonView view;
        view.setLines(std::move(lines));
        show(view);
        QElapsedTimer timer;
        timer.start();
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        view.viewport()->grab();
        const double painted = double(timer.nsecsElapsed()) / 1e6;
        timer.restart();
        QVERIFY(view.selectBytes(0, {777'777, 777'778}));
        qInfo("1,000,000 lines: to the end and painted in %.1f ms, chosen by bytes in %.1f ms", painted,
            double(timer.nsecsElapsed()) / 1e6);
        QCOMPARE(view.currentLine(), 777'777);
        QVERIFY(painted < 200);
    }

    void hostileLinesArePainted()
    {
        std::vector<InspectorLine> lines{line(1'000'000'000, "deep", "x", {}), line(-5, "shallow", "y", {-7, -3})};
        lines[0].value = QString(5'000'000, QLatin1Char('v'));
        lines[1].key = QStringLiteral("<b>\n\t\u202E</b>");
        JsonView view;
        view.setLines(lines);
        for (const QSize size : {QSize(600, 200), QSize(1, 1), QSize(40, 4000)}) {
            view.resize(size);
            view.grab();
        }
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentLine(), 0);
    }
};

QTEST_MAIN(TestJsonView)
#include "tst_json_view.moc"
