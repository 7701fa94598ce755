// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/utf8_places.h"

#include <QByteArray>
#include <QTest>

using namespace weir::editor;

class TestUtf8Places : public QObject
{
    Q_OBJECT
private slots:
    void placesOfBytes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        const QByteArray wide("a\xc3\xa4\xf0\x9f\x98\x80z\nb"); // a ä 😀 z
        QTest::newRow("empty") << QByteArray() << qint64(0) << 1 << 1;
        QTest::newRow("start") << wide << qint64(0) << 1 << 1;
        QTest::newRow("two bytes") << wide << qint64(1) << 1 << 2;
        QTest::newRow("inside") << wide << qint64(2) << 1 << 2;
        QTest::newRow("four bytes") << wide << qint64(3) << 1 << 3;
        QTest::newRow("inside of four") << wide << qint64(6) << 1 << 3;
        QTest::newRow("after") << wide << qint64(7) << 1 << 4;
        QTest::newRow("line end") << wide << qint64(8) << 1 << 5;
        QTest::newRow("next line") << wide << qint64(9) << 2 << 1;
        QTest::newRow("end") << wide << qint64(10) << 2 << 2;
        QTest::newRow("behind") << wide << qint64(1000) << 2 << 2;
        QTest::newRow("before") << wide << qint64(-5) << 1 << 1;
        QTest::newRow("crlf") << QByteArray("a\r\nb") << qint64(3) << 2 << 1;
        QTest::newRow("cr") << QByteArray("a\rb") << qint64(2) << 2 << 1;
        QTest::newRow("cut off") << QByteArray("a\xe2\x82") << qint64(3) << 1 << 3;
    }
    void placesOfBytes()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, offset);
        const Place place = placeOf(text, offset);
        QTEST(place.line, "line");
        QTEST(place.column, "column");
    }

    void everyCharacterComesBack()
    {
        const QString text = QStringLiteral("SELECT größe, '日本語' FROM ünï\r\n-- 😀 smile\n\nEND");
        const QByteArray utf8 = text.toUtf8();
        qint64 offset = 0;
        for (const char32_t code : text.toUcs4()) {
            // Inside of \r\n there is no place of its own to come back from.
            if (code != U'\n' || offset == 0 || utf8[offset - 1] != '\r')
                QCOMPARE(offsetOf(utf8, placeOf(utf8, offset)), offset);
            offset += QString::fromUcs4(&code, 1).toUtf8().size();
        }
        QCOMPARE(offset, qint64(utf8.size()));
    }

    void placesOutsideAreClamped()
    {
        const QByteArray text("ab\ncd");
        QCOMPARE(offsetOf(text, {1, 99}), qint64(2));
        QCOMPARE(offsetOf(text, {9, 1}), qint64(5));
        QCOMPARE(offsetOf(text, {0, 0}), qint64(0));
        QCOMPARE(offsetOf(text, {2, -3}), qint64(3));
    }

    void wholeLinesOfASelection_data()
    {
        QTest::addColumn<qint64>("begin");
        QTest::addColumn<qint64>("end");
        QTest::addColumn<QByteArray>("lines");
        QTest::newRow("cursor") << qint64(4) << qint64(4) << QByteArray("two");
        QTest::newRow("all") << qint64(0) << qint64(13) << QByteArray("one\ntwo\nthree");
        QTest::newRow("to the start of a line") << qint64(0) << qint64(4) << QByteArray("one");
        QTest::newRow("over an end") << qint64(2) << qint64(5) << QByteArray("one\ntwo");
        QTest::newRow("outside") << qint64(-9) << qint64(99) << QByteArray("one\ntwo\nthree");
    }
    void wholeLinesOfASelection()
    {
        QFETCH(qint64, begin);
        QFETCH(qint64, end);
        const QByteArray text("one\ntwo\nthree");
        const auto [from, to] = wholeLines(text, begin, end);
        QTEST(text.mid(from, to - from), "lines");
    }

    void commentsToggle_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::newRow("one") << QByteArray("a") << QByteArray("-- a");
        QTest::newRow("back") << QByteArray("-- a") << QByteArray("a");
        QTest::newRow("without space") << QByteArray("--a") << QByteArray("a");
        QTest::newRow("least indentation")
            << QByteArray("    a\n  b\n\n   c") << QByteArray("  --   a\n  -- b\n\n  --  c");
        QTest::newRow("some have it") << QByteArray("-- a\nb") << QByteArray("-- -- a\n-- b");
        QTest::newRow("indented back") << QByteArray("  -- a\n\n    -- b") << QByteArray("  a\n\n    b");
        QTest::newRow("blank") << QByteArray("  \n") << QByteArray("  \n");
        QTest::newRow("empty") << QByteArray() << QByteArray();
    }
    void commentsToggle()
    {
        QFETCH(QByteArray, before);
        QTEST(toggledComment(before), "after");
    }
};

QTEST_GUILESS_MAIN(TestUtf8Places)
#include "tst_utf8_places.moc"
