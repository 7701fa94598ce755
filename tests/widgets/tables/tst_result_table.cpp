// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/style/theme.h"
#include "widgets/tables/result_table.h"

#include <QTest>

#include <memory>

using namespace weir::tables;

namespace {

class FakeResult final : public ResultRows
{
public:
    FakeResult(qint64 first, qint64 end, qint64 provisional) : m_first(first), m_end(end), m_provisional(provisional)
    {
        m_columns.resize(2);
        m_columns[0].id = m_columns[0].name = QStringLiteral("region");
        m_columns[1].id = m_columns[1].name = QStringLiteral("n");
        m_columns[1].number = true;
    }
    const std::vector<TableColumn>& columns() const override { return m_columns; }
    qint64 firstFinal() const override { return m_first; }
    qint64 endFinal() const override { return m_end; }
    qint64 provisionalCount() const override { return m_provisional; }
    OpenWindowWords openWindow() const override
    {
        return {QStringLiteral("Open window"), QStringLiteral("can change"), QStringLiteral("24.1 s left")};
    }
    std::vector<TableRow> finalRows(qint64 first, int count) const override { return made("f", first, count); }
    std::vector<TableRow> provisionalRows(qint64 first, int count) const override { return made("p", first, count); }

private:
    static std::vector<TableRow> made(const char* kind, qint64 first, int count)
    {
        std::vector<TableRow> rows(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i)
            rows[static_cast<std::size_t>(i)].cells = {{QString::fromLatin1(kind)}, {QString::number(first + i)}};
        return rows;
    }

    std::vector<TableColumn> m_columns;
    qint64 m_first, m_end, m_provisional;
};

QString told(const TableRow& row)
{
    if (row.span == MessageSpan::All)
        return QStringLiteral("--");
    return row.cells[0].text.left(1) + row.cells[1].text + row.cells[2].text;
}

} // namespace

class TestResultTable : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { weir::style::ThemeSwitch::instance().apply(*qApp, weir::style::Mode::Dark); }

    /// Every stretch of the list equals the same stretch of the list as a whole.
    void stretchesAreStretchesOfTheWhole()
    {
        for (const qint64 provisional : {0, 1, 3}) {
            const ResultRowList list(std::make_shared<FakeResult>(10, 14, provisional));
            QStringList whole;
            for (int i = 10; i < 14; ++i)
                whole += QStringLiteral("ff%1").arg(i);
            if (provisional > 0)
                whole += QStringLiteral("--");
            for (int i = 0; i < provisional; ++i)
                whole += QStringLiteral("pp%1").arg(i);
            QCOMPARE(list.endRow() - list.firstRow(), qint64(whole.size()));
            for (qint64 first = 10; first < list.endRow(); ++first) {
                for (int count = 1; first + count <= list.endRow(); ++count) {
                    QStringList stretch;
                    for (const TableRow& row : list.rows(first, count))
                        stretch += told(row);
                    QCOMPARE(stretch, whole.mid(first - 10, count));
                }
            }
        }
    }

    void provisionalRowsLookProvisional()
    {
        const ResultRowList list(std::make_shared<FakeResult>(0, 1, 1));
        const std::vector<TableRow> rows = list.rows(0, 3);
        QCOMPARE(rows[0].tint, RowTint::None);
        QCOMPARE(rows[0].cells[0].glyph, RowGlyph::Final);
        QVERIFY(rows[1].boundary);
        QCOMPARE(rows[1].messageTrail, QStringLiteral("24.1 s left"));
        QCOMPARE(rows[2].tint, RowTint::Provisional);
        QVERIFY(rows[2].cells[1].italic);
        QCOMPARE(rows[2].cells[2].tone, Tone::Provisional);
    }

    void provisionalRowsCanBeHidden()
    {
        ResultTable table;
        table.setResult(std::make_shared<FakeResult>(0, 5, 2));
        QCOMPARE(table.rows()->endRow(), qint64(8));
        table.setCurrentRow(7);
        table.showProvisional(false);
        QCOMPARE(table.rows()->endRow(), qint64(5));
        QCOMPARE(table.currentRow(), qint64(-1));
        table.setResult(std::make_shared<FakeResult>(0, 5, 2));
        QCOMPARE(table.rows()->endRow(), qint64(5));
        QCOMPARE(table.textOf(4, 1), QStringLiteral("final\tf\t4\n"));
        table.setResult(nullptr);
        table.refresh();
        QCOMPARE(table.textOf(0, 1), QString());
    }
};

QTEST_MAIN(TestResultTable)
#include "tst_result_table.moc"
