// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/row_index.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace weir;
using namespace weir::rows;

namespace {

RowEntry entryOf(std::uint32_t rows, std::int64_t first)
{
    RowEntry entry;
    entry.rows = rows;
    entry.first = first;
    entry.end = first + rows;
    return entry;
}

} // namespace

class TestRowIndex : public QObject
{
    Q_OBJECT
private slots:
    void findsWhatALinearSearchFinds()
    {
        const QTemporaryDir folder;
        RowIndex index(folder.path().toStdString());
        std::mt19937 random(7);
        std::vector<RowEntry> all;
        std::int64_t rows = 0;
        for (int i = 0; i < 40'000; ++i) { // some files
            RowEntry entry = entryOf(1 + random() % 5, i);
            QVERIFY(index.add(entry));
            entry.firstRow = rows;
            rows += entry.rows;
            all.push_back(entry);
        }
        QCOMPARE(index.endRow(), rows);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 3);
        for (int i = 0; i < 2'000; ++i) {
            const auto first = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(rows + 10));
            const auto count = static_cast<std::int64_t>(random() % 100);
            std::vector<std::int64_t> expected;
            for (const RowEntry& entry : all) {
                if (entry.firstRow < first + count && entry.endRow() > first)
                    expected.push_back(entry.first);
            }
            std::vector<std::int64_t> found;
            for (const RowEntry& entry : index.entries(first, count))
                found.push_back(entry.first);
            QCOMPARE(found, expected);
        }
    }

    void forgetsWholeFilesAlone()
    {
        const QTemporaryDir folder;
        RowIndex index(folder.path().toStdString());
        for (int i = 0; i < 40'000; ++i)
            QVERIFY(index.add(entryOf(1, i)));
        const std::uint64_t bytes = index.bytes();
        index.forgetBefore(16'383);
        QCOMPARE(index.bytes(), bytes);
        index.forgetBefore(16'384);
        QCOMPARE(index.bytes(), bytes / 3 * 2);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 2);
        QVERIFY(index.entries(0, 16'384).empty());
        QCOMPARE(index.entries(16'384, 1).front().first, std::int64_t{16'384});
        index.forgetBefore(1'000'000); // the one that is written to stays
        QCOMPARE(index.entries(39'999, 1).size(), std::size_t{1});
        QCOMPARE(index.endRow(), std::int64_t{40'000});
    }

    void filesGoWithIt()
    {
        const QTemporaryDir folder;
        {
            RowIndex index(folder.path().toStdString());
            QVERIFY(index.add(entryOf(3, 0)));
        }
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void aFolderThatIsNotThereIsAnError()
    {
        RowIndex index("/nowhere/at/all");
        const auto added = index.add(entryOf(1, 0));
        QVERIFY(!added);
        QVERIFY(QString::fromStdString(added.error().text()).contains("/nowhere/at/all"));
        QCOMPARE(index.endRow(), std::int64_t{0});
        QVERIFY(index.entries(0, 10).empty());
    }
};

QTEST_GUILESS_MAIN(TestRowIndex)
#include "tst_row_index.moc"
