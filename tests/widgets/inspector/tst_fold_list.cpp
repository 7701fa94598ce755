// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/fold_list.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace weir::inspector;

namespace {

std::vector<InspectorLine> tree(const std::vector<int>& depths)
{
    std::vector<InspectorLine> lines;
    for (const int depth : depths) {
        InspectorLine line;
        line.depth = depth;
        line.foldable = true;
        lines.push_back(line);
    }
    return lines;
}

/// The slow way: a line is shown if no ancestor is folded.
std::vector<int> naiveShown(const std::vector<int>& depths, const FoldList& folds)
{
    std::vector<int> shown;
    for (int line = 0; line < static_cast<int>(depths.size()); ++line) {
        int depth = depths[static_cast<std::size_t>(line)];
        bool visible = true;
        for (int above = line - 1; above >= 0; --above) {
            const int other = depths[static_cast<std::size_t>(above)];
            if (other >= depth)
                continue;
            visible = visible && !folds.isFolded(above);
            depth = other;
        }
        if (visible)
            shown.push_back(line);
    }
    return shown;
}

void compare(const std::vector<int>& depths, const FoldList& folds)
{
    const std::vector<int> expected = naiveShown(depths, folds);
    QCOMPARE(folds.shown(), static_cast<int>(expected.size()));
    for (int i = 0; i < folds.shown(); ++i) {
        QCOMPARE(folds.lineAt(i), expected[static_cast<std::size_t>(i)]);
        QCOMPARE(folds.shownAt(folds.lineAt(i)), i);
    }
}

} // namespace

class TestFoldList : public QObject
{
    Q_OBJECT
private slots:
    void foldsAsTheSlowWay()
    {
        QRandomGenerator random(7);
        for (int round = 0; round < 200; ++round) {
            std::vector<int> depths;
            const int count = random.bounded(1, 40);
            // Depths may jump: hostile trees do.
            for (int i = 0; i < count; ++i)
                depths.push_back(random.bounded(0, 6));
            FoldList folds;
            folds.reset(tree(depths));
            compare(depths, folds);
            for (int step = 0; step < 10; ++step) {
                folds.setFolded(random.bounded(count), random.bounded(2) == 0);
                compare(depths, folds);
                const int wanted = random.bounded(count);
                if (random.bounded(3) == 0) {
                    folds.reveal(wanted);
                    QVERIFY(folds.isShown(wanted));
                    compare(depths, folds);
                }
            }
        }
    }

    void hiddenLinesStandAtTheirAncestor()
    {
        FoldList folds;
        folds.reset(tree({0, 1, 2, 1, 0}));
        folds.setFolded(0, true);
        QCOMPARE(folds.shown(), 2);
        QCOMPARE(folds.shownAt(2), 0);
        QVERIFY(!folds.isShown(2));
        QCOMPARE(folds.parent(2), 1);
        QCOMPARE(folds.parent(4), -1);
        folds.setFolded(4, true); // without children there is nothing to fold
        QVERIFY(!folds.isFolded(4));
        folds.setAllFolded(true);
        QCOMPARE(folds.shown(), 2);
        folds.setAllFolded(false);
        QCOMPARE(folds.shown(), 5);
    }

    void foldsAMillionLinesQuickly()
    {
        std::vector<InspectorLine> lines(1'000'000);
        for (std::size_t i = 0; i < lines.size(); ++i)
            lines[i].depth = static_cast<int>(i % 10 == 0 ? 0 : 1);
        FoldList folds;
        QElapsedTimer timer;
        timer.start();
        folds.reset(lines);
        const double made = double(timer.nsecsElapsed()) / 1e6;
        timer.restart();
        folds.setFolded(500'000, true);
        const double folded = double(timer.nsecsElapsed()) / 1e6;
        qInfo("1,000,000 lines: made %.1f ms, folded %.1f ms", made, folded);
        QCOMPARE(folds.shown(), 1'000'000 - 9);
        QVERIFY2(folded < 200, "folding is linear and must stay far below what is felt");
    }
};

QTEST_GUILESS_MAIN(TestFoldList)
#include "tst_fold_list.moc"
