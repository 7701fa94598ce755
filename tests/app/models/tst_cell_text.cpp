// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/cell_text.h"
#include "tests/support/columns.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace weir;

namespace {

template <typename T>
QString textOf(const LogicalType& type, T value)
{
    return shownText(columnOf<T>(type, {value}), 0).value();
}

/// Digit by digit, the slow way.
QString naiveDecimal(Int128 value, int scale)
{
    QString digits;
    const bool negative = value < 0;
    do {
        const int digit = static_cast<int>(value % 10);
        digits.prepend(QChar('0' + std::abs(digit)));
        value /= 10;
    } while (value != 0);
    digits = digits.rightJustified(scale + 1, '0');
    if (scale > 0)
        digits.insert(digits.size() - scale, '.');
    return (negative ? "-" : "") + digits;
}

} // namespace

class TestCellText : public QObject
{
    Q_OBJECT
private slots:
    void texts()
    {
        QCOMPARE(textOf<std::int64_t>(types::bigInt(), 1'456'161), QString("1,456,161"));
        QCOMPARE(textOf<std::int64_t>(types::bigInt(), std::numeric_limits<std::int64_t>::min()),
            QString::fromUtf8("−9,223,372,036,854,775,808"));
        QCOMPARE(textOf<std::uint8_t>(types::boolean(), 1), QString("TRUE"));
        QCOMPARE(textOf<double>(types::float64(), 0.1), QString("0.1"));
        QCOMPARE(textOf<double>(types::float64(), 1e300), QString("1e+300"));
        QCOMPARE(textOf<double>(types::float64(), std::nan("")), QString("NaN"));
        QCOMPARE(textOf<float>(types::float32(), 0.1F), QString("0.1"));
        QCOMPARE(textOf<std::string>(types::string(), "ä\n"), QString::fromUtf8("ä\n"));
        QCOMPARE(textOf<std::string>(types::bytes(), std::string("\0\xff", 2)), QString("00 FF"));
        QCOMPARE(textOf<std::int64_t>(types::date(), -1), QString("1969-12-31"));
        QCOMPARE(textOf<std::int64_t>(types::time(), 3'661'000), QString("01:01:01"));
        QCOMPARE(textOf<Timestamp>(types::timestamp(3), {1'773'324'540'000, 0}), QString("2026-03-12 14:09:00.000"));
        QCOMPARE(textOf<Timestamp>(types::timestamp(9), {-1, 999'999}), QString("1969-12-31 23:59:59.999999999"));
        QCOMPARE(textOf<Timestamp>(types::timestamp(0), {1'773'324'540'999, 0}), QString("2026-03-12 14:09:00"));
    }

    void nullIsNoText()
    {
        const Column column = columnOf<std::int64_t>(types::bigInt(), {std::nullopt, 7});
        QVERIFY(!shownText(column, 0));
        QVERIFY(!cellNumber(column, 0));
        QCOMPARE(exactText(column, 0), QString("NULL"));
        QCOMPARE(cellNumber(column, 1), std::optional(7.0));
    }

    void decimalsAgainstTheSlowWay()
    {
        std::mt19937_64 random(3);
        for (int i = 0; i < 2000; ++i) {
            Int128 value = (static_cast<Int128>(random()) << 50) ^ static_cast<Int128>(random());
            value >>= random() % 110;
            value = random() % 2 ? -value : value;
            const int scale = static_cast<int>(random() % 39);
            QCOMPARE(decimalText(value, scale, false), naiveDecimal(value, scale));
            QString grouped = decimalText(value, scale, true);
            grouped.remove(',').replace(QChar(0x2212), '-');
            QCOMPARE(grouped, naiveDecimal(value, scale));
        }
        QCOMPARE(decimalText(-123'456'789, 2, true), QString::fromUtf8("−1,234,567.89"));
    }

    void numbersForPlots()
    {
        QCOMPARE(cellNumber(columnOf<Int128>(types::decimal(10, 2), {Int128(12345)}), 0), std::optional(123.45));
        QVERIFY(!cellNumber(columnOf<std::string>(types::string(), {"12"}), 0));
        QVERIFY(!isPlottable(types::timestamp(3)));
    }
};

QTEST_APPLESS_MAIN(TestCellText)
#include "tst_cell_text.moc"
