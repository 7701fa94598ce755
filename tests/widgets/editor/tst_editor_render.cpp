// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/editor/tiny_language.h"
#include "widgets/editor/completion_popup.h"
#include "widgets/editor/sql_editor.h"
#include "widgets/style/theme.h"

#include <QDir>
#include <QTest>

using namespace weir;
using namespace weir::editor;

namespace {

const char* const script = R"(SET 'table.local-time-zone' = 'UTC';

-- revenue and failures per region, one row per minute
SELECT window_start, region,
       COUNT(*)                                  AS order_count,
       SUM(amount)                               AS revenue,
       COUNT(*) FILTER (WHERE status = 'FAILED') AS failed
FROM TABLE(
  HOP(TABLE orders, DESCRIPTOR(created_at),
    INTERVAL '2' MINUTE, INTERVAL '5' MINUTE))
WHERE currency = 'EUR'
GROUP BY window_start, window_end, region;
)";

/// Pictures are kept where WEIR_RENDER_DIR says, for looking; the test itself checks single colours.
void keep(const QImage& image, const QString& name)
{
    const QString folder = qEnvironmentVariable("WEIR_RENDER_DIR");
    const bool dark = style::Theme::current().mode == style::Mode::Dark;
    const QString file = name + (dark ? QStringLiteral("-dark.png") : QStringLiteral("-light.png"));
    if (!folder.isEmpty())
        QVERIFY(image.save(QDir(folder).filePath(file)));
}

int pixelsOf(const QImage& image, const QColor& color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == color;
    }
    return count;
}

} // namespace

class TestEditorRender : public QObject
{
    Q_OBJECT
private slots:
    void editor_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("wrong");
        QTest::newRow("dark") << true << false;
        QTest::newRow("light") << false << false;
        QTest::newRow("dark, wrong") << true << true;
        QTest::newRow("light, wrong") << false << true;
    }
    void editor()
    {
        QFETCH(bool, dark);
        QFETCH(bool, wrong);
        style::ThemeSwitch::instance().apply(*qApp, dark ? style::Mode::Dark : style::Mode::Light);
        SqlEditor editor;
        EditorLanguage language;
        language.tokens = tinyTokens;
        language.complete = [](const QByteArray&, const QByteArray&, qint64) {
            return std::vector<CompletionItem>{
                {QStringLiteral("status"), CompletionKind::Column, QStringLiteral("STRING")},
                {QStringLiteral("SUM"), CompletionKind::Function, {}},
                {QStringLiteral("SELECT"), CompletionKind::Keyword, {}}};
        };
        editor.setLanguage(language);
        editor.setText(QString::fromUtf8(script));
        editor.resize(854, 320);
        editor.show();
        editor.setCursorOffset(editor.offsetOf({7, 58}));
        if (wrong) {
            EditorProblem problem;
            problem.line = 10;
            problem.column = 26;
            problem.offset = editor.offsetOf({10, 26});
            problem.length = 19;
            problem.message = QStringLiteral("HOP: the size must be a whole multiple of the slide.");
            problem.hint = QStringLiteral("The size is 5 minutes, the slide 2 minutes. Flink rejects this too.");
            editor.setProblems({problem});
        }
        QCoreApplication::processEvents();
        const QImage image = editor.grab().toImage();
        keep(image, wrong ? QStringLiteral("editor-wrong") : QStringLiteral("editor"));
        const style::Colors& color = style::Theme::current().color;
        QVERIFY(pixelsOf(image, color.syntax.keyword) > 100);
        QVERIFY(pixelsOf(image, color.syntax.string) > 50);
        QCOMPARE(pixelsOf(image, color.state.errorTint) > 1000, wrong);
        editor.complete();
        keep(editor.findChild<CompletionPopup*>()->grab().toImage(), QStringLiteral("completion"));
    }
};

QTEST_MAIN(TestEditorRender)
#include "tst_editor_render.moc"
