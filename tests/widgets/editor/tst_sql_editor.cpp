// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/editor/tiny_language.h"
#include "widgets/editor/completion_popup.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/style/theme.h"

#include <QSignalSpy>
#include <QTest>

#include <Qsci/qsciscintilla.h>

#include <memory>

using namespace weir::editor;

namespace {

struct Shown
{
    std::unique_ptr<SqlEditor> editor = std::make_unique<SqlEditor>();

    explicit Shown(const QString& text)
    {
        EditorLanguage language;
        language.tokens = tinyTokens;
        editor->setLanguage(language);
        editor->setText(text);
        editor->resize(600, 300);
        editor->show();
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QTest::keyClick(editor->area(), key, modifiers);
    }
    CompletionPopup* popup() const { return editor->findChild<CompletionPopup*>(); }
};

/// One letter per byte: k keyword, i identifier, s string, n number, f function, o operator, c comment, e error.
QByteArray letters(const std::vector<EditorTokenKind>& kinds)
{
    QByteArray text;
    for (const EditorTokenKind kind : kinds)
        text += "ikfsnoce"[static_cast<int>(kind)];
    return text;
}

EditorProblem problem(int line, int column, qint64 offset, qint64 length)
{
    EditorProblem made;
    made.line = line;
    made.column = column;
    made.offset = offset;
    made.length = length;
    made.message = QStringLiteral("HOP: the size must be a whole multiple of the slide.");
    return made;
}

} // namespace

class TestSqlEditor : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Dark); }

    void coloursByBytes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("plain") << QStringLiteral("SELECT a") << QByteArray("kkkkkkii");
        QTest::newRow("function") << QStringLiteral("SUM(x)") << QByteArray("fffoio");
        QTest::newRow("two-byte letters") << QStringLiteral("'äö' AS ü") << QByteArray("ssssssikkiii");
        QTest::newRow("four bytes") << QStringLiteral("'😀'1") << QByteArray("ssssssn");
        QTest::newRow("comment over lines") << QStringLiteral("/* ä\n */ 1") << QByteArray("cccccccccin");
        QTest::newRow("empty") << QString() << QByteArray();
    }
    void coloursByBytes()
    {
        QFETCH(QString, text);
        QFETCH(QByteArray, expected);
        const Shown shown(text);
        QCOMPARE(shown.editor->utf8(), text.toUtf8());
        const QByteArray painted = letters(shown.editor->paintedKinds());
        QCOMPARE(painted, expected);
    }

    void coloursFollowChangesOnOtherLines()
    {
        const Shown shown(QStringLiteral("SELECT 1\nFROM t"));
        shown.editor->replaceBytes(0, 0, QStringLiteral("/*"));
        QCOMPARE(letters(shown.editor->paintedKinds()), QByteArray(17, 'c'));
        shown.editor->replaceBytes(8, 0, QStringLiteral("*/"));
        QCOMPARE(letters(shown.editor->paintedKinds()), QByteArray("ccccccccccinikkkkii"));
    }

    void tokensOutsideOfTheTextAreClamped()
    {
        SqlEditor editor;
        EditorLanguage language;
        language.tokens = [](const QByteArray&) {
            return std::vector<EditorToken>{{-5, 7, EditorTokenKind::String}, {1, 1, EditorTokenKind::Keyword},
                {2, 1'000'000, EditorTokenKind::Number}, {99, 5, EditorTokenKind::Error},
                {3, -1, EditorTokenKind::Error}};
        };
        editor.setLanguage(language);
        editor.setText(QStringLiteral("abcd"));
        QCOMPARE(letters(editor.paintedKinds()), QByteArray("sknn"));
    }

    void columnsAreCodePoints()
    {
        const Shown shown(QStringLiteral("'äö😀' x\nü y"));
        QSignalSpy moved(shown.editor.get(), &SqlEditor::cursorMoved);
        shown.editor->setCursorOffset(11); // x: after ' ä ö 😀 ' and a space
        QTRY_VERIFY(!moved.isEmpty()); // told with the next frame
        QCOMPARE(moved.last()[0].toInt(), 1);
        QCOMPARE(moved.last()[1].toInt(), 7);
        QCOMPARE(shown.editor->offsetOf({1, 7}), qint64(11));
        QCOMPARE(shown.editor->offsetOf({2, 2}), qint64(15));
        QCOMPARE(shown.editor->positionOf(15), (SqlEditor::Position{2, 2}));
    }

    void keysRunAndStop()
    {
        const Shown shown(QStringLiteral("SELECT 1"));
        QSignalSpy run(shown.editor.get(), &SqlEditor::runRequested);
        QSignalSpy stop(shown.editor.get(), &SqlEditor::stopRequested);
        shown.key(Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(run.size(), 1);
        shown.key(Qt::Key_Escape);
        QCOMPARE(stop.size(), 1);
        QCOMPARE(shown.editor->text(), QStringLiteral("SELECT 1"));
        QVERIFY(!shown.editor->isModified());
    }

    void commentsToggleInOneStep()
    {
        const Shown shown(QStringLiteral("  ä\n  b\nc"));
        shown.editor->area()->setSelection(0, 0, 1, 3);
        shown.key(Qt::Key_Slash, Qt::ControlModifier);
        QCOMPARE(shown.editor->text(), QStringLiteral("  -- ä\n  -- b\nc"));
        shown.editor->area()->undo();
        QCOMPARE(shown.editor->text(), QStringLiteral("  ä\n  b\nc"));
        shown.editor->setCursorOffset(shown.editor->utf8().size());
        shown.key(Qt::Key_Slash, Qt::ControlModifier);
        QCOMPARE(shown.editor->text(), QStringLiteral("  ä\n  b\n-- c"));
        QCOMPARE(shown.editor->cursorOffset(), qint64(shown.editor->utf8().size()));
    }

    void completionTakesTheWordBefore()
    {
        const Shown shown(QStringLiteral("SELECT größ"));
        QByteArray askedPrefix;
        qint64 askedAt = -1;
        EditorLanguage language;
        language.complete = [&](const QByteArray&, const QByteArray& prefix, qint64 position) {
            askedPrefix = prefix;
            askedAt = position;
            return std::vector<CompletionItem>{{QStringLiteral("größe"), CompletionKind::Column, {}},
                {QStringLiteral("größer"), CompletionKind::Function, QStringLiteral("BOOLEAN")}};
        };
        shown.editor->setLanguage(language);
        shown.editor->setCursorOffset(13);
        shown.key(Qt::Key_Space, Qt::ControlModifier);
        QCOMPARE(askedPrefix, QStringLiteral("größ").toUtf8());
        QCOMPARE(askedAt, qint64(13));
        QVERIFY(shown.popup()->isVisible());
        shown.key(Qt::Key_Down);
        shown.key(Qt::Key_Down); // stops at the last
        shown.key(Qt::Key_Return);
        QCOMPARE(shown.editor->text(), QStringLiteral("SELECT größer"));
        QVERIFY(!shown.popup()->isVisible());
        QCOMPARE(shown.editor->cursorOffset(), qint64(15));
    }

    void completionFollowsTypingAndEscClosesIt()
    {
        const Shown shown(QStringLiteral("s"));
        const QStringList words{QStringLiteral("status"), QStringLiteral("sum"), QStringLiteral("start")};
        EditorLanguage language;
        language.complete = [&](const QByteArray&, const QByteArray& prefix, qint64) {
            std::vector<CompletionItem> items;
            for (const QString& word : words) {
                if (word.startsWith(QString::fromUtf8(prefix)))
                    items.push_back({word, CompletionKind::Column, {}});
            }
            return items;
        };
        shown.editor->setLanguage(language);
        shown.editor->setCursorOffset(1);
        shown.editor->complete();
        QCOMPARE(shown.popup()->count(), 3);
        QTest::keyClicks(shown.editor->area(), QStringLiteral("ta"));
        QCOMPARE(shown.popup()->count(), 2);
        QSignalSpy stop(shown.editor.get(), &SqlEditor::stopRequested);
        shown.key(Qt::Key_Escape);
        QVERIFY(!shown.popup()->isVisible());
        QCOMPARE(stop.size(), 0);
        QTest::keyClicks(shown.editor->area(), QStringLiteral("t"));
        shown.editor->complete(); // only one is left: inserted at once
        QCOMPARE(shown.editor->text(), QStringLiteral("status"));
    }

    void completionIsOfferedWhileOneTypes()
    {
        const Shown shown(QString{});
        EditorLanguage language;
        language.tokens = [](const QByteArray& utf8) {
            const qsizetype comment = utf8.indexOf("--");
            if (comment < 0)
                return std::vector<EditorToken>();
            return std::vector<EditorToken>{{comment, utf8.size() - comment, EditorTokenKind::Comment}};
        };
        language.complete = [](const QByteArray&, const QByteArray& prefix, qint64) {
            std::vector<CompletionItem> items;
            for (const char* word : {"region", "revenue", "from"}) {
                if (QByteArray(word).startsWith(prefix))
                    items.push_back({QString::fromLatin1(word), CompletionKind::Column, {}});
            }
            return items;
        };
        shown.editor->setLanguage(language);
        const auto type = [&](const char* text) { QTest::keyClicks(shown.editor->area(), QString::fromLatin1(text)); };
        type("r");
        QVERIFY(!shown.popup()->isVisible()); // one letter is not yet a word
        type("e");
        QCOMPARE(shown.popup()->count(), 2);
        shown.key(Qt::Key_Tab);
        QCOMPARE(shown.editor->text(), QStringLiteral("region"));
        type(" from");
        QVERIFY(!shown.popup()->isVisible()); // the word itself is no news
        type(" re");
        QVERIFY(shown.popup()->isVisible());
        shown.key(Qt::Key_Return); // nothing was chosen: a new line
        QCOMPARE(shown.editor->text().trimmed(), QStringLiteral("region from re"));
        QVERIFY(!shown.popup()->isVisible());
        type("re");
        shown.key(Qt::Key_Down);
        shown.key(Qt::Key_Down);
        shown.key(Qt::Key_Return);
        QVERIFY2(shown.editor->text().endsWith("revenue"), qPrintable(shown.editor->text()));
        type(" -- re");
        QVERIFY(!shown.popup()->isVisible());
    }

    void problemsAreMarkedAndCounted()
    {
        const Shown shown(QStringLiteral("SELECT a\nFROM ü"));
        QCOMPARE(shown.editor->statusText(), QStringLiteral("No problems"));
        EditorProblem warning = problem(2, 6, 14, 2);
        warning.severity = ProblemSeverity::Warning;
        shown.editor->setProblems({problem(1, 8, 7, 1), warning});
        QCOMPARE(shown.editor->statusText(), QStringLiteral("1 error, 1 warning"));
        const auto marked = [&](int indicator, long at) {
            return shown.editor->area()->SendScintilla(
                       QsciScintilla::SCI_INDICATORVALUEAT, static_cast<unsigned long>(indicator), at)
                != 0;
        };
        QVERIFY(!marked(8, 6) && marked(8, 7) && !marked(8, 8));
        QVERIFY(marked(9, 14) && marked(9, 15) && !marked(9, 13));
        QVERIFY(shown.editor->area()->markersAtLine(0) == 1U && shown.editor->area()->markersAtLine(1) == 2U);
        shown.editor->setProblems({});
        QVERIFY(!marked(8, 7) && !marked(9, 14));
        QCOMPARE(shown.editor->area()->markersAtLine(0), 0U);
    }

    void problemsAreWalkedInTheirOrder()
    {
        const Shown shown(QStringLiteral("0123456789"));
        shown.editor->setProblems({problem(1, 8, 7, 1), problem(1, 3, 2, 1)});
        QVERIFY(shown.editor->goToNextProblem());
        QCOMPARE(shown.editor->cursorOffset(), qint64(2));
        shown.key(Qt::Key_F8);
        QCOMPARE(shown.editor->cursorOffset(), qint64(7));
        QSignalSpy fix(shown.editor.get(), &SqlEditor::fixRequested);
        shown.key(Qt::Key_Return, Qt::AltModifier);
        QCOMPARE(fix.size(), 1);
        QCOMPARE(fix[0][0].toInt(), 0);
        shown.key(Qt::Key_F8);
        QCOMPARE(shown.editor->cursorOffset(), qint64(2));
        shown.key(Qt::Key_F8, Qt::ShiftModifier);
        QCOMPARE(shown.editor->cursorOffset(), qint64(7));
        shown.editor->setProblems({});
        QVERIFY(!shown.editor->goToNextProblem());
    }

    void hostileProblemsAreClamped_data()
    {
        QTest::addColumn<int>("line");
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<qint64>("length");
        QTest::newRow("behind") << 999'999 << qint64(1) << (qint64(1) << 40);
        QTest::newRow("before") << -7 << qint64(-100) << qint64(50);
        QTest::newRow("nothing") << 1 << qint64(3) << qint64(0);
        QTest::newRow("negative") << 0 << qint64(1) << qint64(-9);
    }
    void hostileProblemsAreClamped()
    {
        QFETCH(int, line);
        QFETCH(qint64, offset);
        QFETCH(qint64, length);
        for (const QString& text : {QString(), QStringLiteral("abc")}) {
            const Shown shown(text);
            shown.editor->setProblems({problem(line, 1, offset, length)});
            shown.editor->goToNextProblem();
            QVERIFY(shown.editor->cursorOffset() >= 0 && shown.editor->cursorOffset() <= text.size());
            shown.editor->grab();
        }
    }

    void textsOfAnyKindComeBack_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const QString carriage = QStringLiteral("a\r\nb\rc\n");
        QTest::newRow("line ends") << carriage << carriage;
        QTest::newRow("long line") << QString(200'000, QLatin1Char('x')) << QString(200'000, QLatin1Char('x'));
        QTest::newRow("NUL") << QStringLiteral("a") + QChar(0) + QStringLiteral("b") << QStringLiteral("a\uFFFDb");
        QTest::newRow("marks") << QStringLiteral("<b>\u202E\u0301") << QStringLiteral("<b>\u202E\u0301");
    }
    void textsOfAnyKindComeBack()
    {
        QFETCH(QString, text);
        const Shown shown(text);
        QTEST(shown.editor->text(), "expected");
        shown.editor->grab();
    }

    void themeSwitchesLive()
    {
        const Shown shown(QStringLiteral("SELECT 1"));
        const auto paper = [&] { return shown.editor->grab().toImage().pixelColor(500, 150); };
        QCOMPARE(paper(), weir::style::Theme::dark().color.bg.well);
        weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Light);
        QCOMPARE(paper(), weir::style::Theme::light().color.bg.well);
        weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Dark);
        QCOMPARE(paper(), weir::style::Theme::dark().color.bg.well);
    }
};

QTEST_MAIN(TestSqlEditor)
#include "tst_sql_editor.moc"
