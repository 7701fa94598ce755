// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/histogram_strip.h"

#include <QSignalSpy>
#include <QTest>

using namespace weir::plots;

class TestHistogramStrip : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void dragBrushesWholeBins();
    void draggingBackwardsIsTheSame();
    void handlesResize();
    void clickAndEscapeClear();
    void doubleClickNamesTheBin();
    void nothingWithoutData();

private:
    void drag(int from, int to);
    std::unique_ptr<HistogramStrip> m_strip;
};

void TestHistogramStrip::init()
{
    m_strip = std::make_unique<HistogramStrip>();
    HistogramData data;
    data.range = {0, 600'000};
    data.binMs = 5000;
    for (std::int64_t t = 0; t < 600'000; t += 5000)
        data.all.push_back({t, 100});
    m_strip->setData(data);
    m_strip->resize(1000, 124);
    m_strip->show();
    m_strip->refresh();
    QCoreApplication::processEvents();
}

void TestHistogramStrip::drag(int from, int to)
{
    QTest::mousePress(m_strip.get(), Qt::LeftButton, {}, QPoint(from, 70));
    QTest::mouseMove(m_strip.get(), QPoint((from + to) / 2, 70));
    QTest::mouseMove(m_strip.get(), QPoint(to, 70));
    QTest::mouseRelease(m_strip.get(), Qt::LeftButton, {}, QPoint(to, 70));
}

void TestHistogramStrip::dragBrushesWholeBins()
{
    QSignalSpy brushed(m_strip.get(), &HistogramStrip::brushed);
    drag(300, 600);
    QCOMPARE(brushed.count(), 1); // once per gesture
    const Span span = brushed[0][0].value<Span>();
    QCOMPARE(std::optional(span), m_strip->brush());
    QCOMPARE(span.beginMs % 5000, std::int64_t(0));
    QCOMPARE(span.endMs % 5000, std::int64_t(0));
    QVERIFY(span.length() > 150'000 && span.length() < 250'000);
}

void TestHistogramStrip::draggingBackwardsIsTheSame()
{
    drag(300, 600);
    const auto forwards = m_strip->brush();
    m_strip->setBrush(std::nullopt);
    drag(600, 300);
    QCOMPARE(m_strip->brush(), forwards);
}

void TestHistogramStrip::handlesResize()
{
    drag(300, 600);
    const Span before = *m_strip->brush();
    QSignalSpy brushed(m_strip.get(), &HistogramStrip::brushed);
    drag(605, 800); // near the right edge, which lies on a bin's end
    QCOMPARE(brushed.count(), 1);
    QCOMPARE(m_strip->brush()->beginMs, before.beginMs);
    QVERIFY(m_strip->brush()->endMs > before.endMs);
}

void TestHistogramStrip::clickAndEscapeClear()
{
    QSignalSpy cleared(m_strip.get(), &HistogramStrip::brushCleared);
    drag(300, 600);
    QTest::keyClick(m_strip.get(), Qt::Key_Escape);
    QVERIFY(!m_strip->brush());
    drag(300, 600);
    QTest::mouseClick(m_strip.get(), Qt::LeftButton, {}, QPoint(800, 70));
    QVERIFY(!m_strip->brush());
    QCOMPARE(cleared.count(), 2);
    QTest::keyClick(m_strip.get(), Qt::Key_Escape); // nothing to clear, nothing said
    QCOMPARE(cleared.count(), 2);
}

void TestHistogramStrip::doubleClickNamesTheBin()
{
    QSignalSpy activated(m_strip.get(), &HistogramStrip::binActivated);
    QTest::mouseDClick(m_strip.get(), Qt::LeftButton, {}, QPoint(500, 70));
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].value<Span>().length(), std::int64_t(5000));
}

void TestHistogramStrip::nothingWithoutData()
{
    HistogramStrip empty;
    empty.resize(400, 124);
    empty.show();
    empty.setData({});
    empty.refresh();
    QVERIFY(!empty.grab().isNull()); // no range: no division by nothing
    QVERIFY(empty.accessibleName().contains("0 records"));
}

QTEST_MAIN(TestHistogramStrip)
#include "tst_histogram_strip.moc"
