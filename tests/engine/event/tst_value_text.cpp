// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/decimal_text.h"
#include "app/engine/event/row_text.h"
#include "app/engine/event/timestamp_text.h"

#include <QTest>

#include <random>

using namespace weir;

namespace {

std::string decimalText(const char* text, int precision, int scale)
{
    const DecimalParse parsed = parseDecimal(text, precision, scale);
    if (!parsed.valid)
        return "invalid";
    if (!parsed.unscaled)
        return "null";
    std::string out;
    appendDecimal(out, *parsed.unscaled, scale);
    return out;
}

std::string timestampText(const std::optional<Timestamp>& value, int precision)
{
    std::string out;
    if (value)
        appendTimestamp(out, *value, precision);
    return out;
}

/// The slow way: one day after the other.
CivilDate nextDay(CivilDate date)
{
    const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (++date.day > lengths[date.month - 1]) {
        date.day = 1;
        if (++date.month > 12) {
            date.month = 1;
            ++date.year;
        }
    }
    return date;
}

} // namespace

class TestValueText : public QObject
{
    Q_OBJECT

private slots:
    void decimals()
    {
        QCOMPARE(decimalText("1.005", 10, 2), std::string("1.01"));
        QCOMPARE(decimalText("-1.005", 10, 2), std::string("-1.01"));
        QCOMPARE(decimalText("1.0049999", 10, 2), std::string("1.00"));
        QCOMPARE(decimalText("-0.004", 10, 2), std::string("0.00"));
        QCOMPARE(decimalText("+.5e1", 10, 2), std::string("5.00"));
        QCOMPARE(decimalText("9.999", 3, 2), std::string("null"));
        QCOMPARE(decimalText("0.5", 1, 0), std::string("1"));
        QCOMPARE(decimalText("1e-1000000000000", 10, 2), std::string("0.00"));
        QCOMPARE(decimalText("1e1000000000000", 10, 2), std::string("null"));
        QCOMPARE(decimalText("99999999999999999999999999999999999999", 38, 0),
            std::string("99999999999999999999999999999999999999"));
        QCOMPARE(decimalText("99999999999999999999999999999999999999.5", 38, 0), std::string("null"));
        for (const char* bad : {"", "-", ".", "1e", "1e+", "1x", " 1", "1 ", "0x1", "1.2.3", "NaN"})
            QCOMPARE(decimalText(bad, 10, 2), std::string("invalid"));
    }

    void rescalingAgreesWithTextsOfManyValues()
    {
        std::mt19937_64 random(7);
        for (int i = 0; i < 20000; ++i) {
            const auto unscaled = static_cast<std::int64_t>(random()) >> (random() % 60);
            const int from = static_cast<int>(random() % 10);
            const int to = static_cast<int>(random() % 10);
            std::string text;
            appendDecimal(text, unscaled, from);
            const auto parsed = parseDecimal(text, 20, to);
            QVERIFY(parsed.valid);
            QVERIFY(parsed.unscaled == rescaleDecimal(unscaled, from, to, 20));
        }
    }

    void datesAgreeWithCountingDays()
    {
        CivilDate date{-801, 1, 1};
        std::int64_t day = daysFromCivil(date);
        for (; date.year < 2405; date = nextDay(date), ++day) {
            if (daysFromCivil(date) != day || civilFromDays(day) != date)
                QFAIL(qPrintable(QString("day %1").arg(day)));
        }
        QCOMPARE(daysFromCivil({1970, 1, 1}), std::int64_t{0});
    }

    void timestamps()
    {
        const auto sql = TimestampStandard::Sql;
        const auto iso = TimestampStandard::Iso8601;
        QCOMPARE(timestampText(parseTimestamp("2024-02-29 12:00:00.123456789", sql), 9),
            std::string("2024-02-29 12:00:00.123456789"));
        QCOMPARE(
            timestampText(parseTimestamp("1969-12-31T23:59:59.999", iso), 3), std::string("1969-12-31 23:59:59.999"));
        QCOMPARE(parseTimestamp("1969-12-31T23:59:59.999", iso)->millis, std::int64_t{-1});
        QCOMPARE(timestampText(parseTimestampLtz("2024-03-01 12:00:00Z", sql), 0), std::string("2024-03-01 12:00:00"));
        for (const char* bad : {"", "2024-03-01", "2024-03-01T12:00:00", "2023-02-29 00:00:00", "2024-13-01 00:00:00",
                 "2024-03-01 24:00:00", "2024-03-01 12:00:60", "2024-03-01 12:00:00.", "2024-03-01 12:00:00Z",
                 "2024-03-01 12:00:00.1234567890", "24-03-01 12:00:00"})
            QVERIFY2(!parseTimestamp(bad, sql), bad);
        QVERIFY(!parseTimestampLtz("2024-03-01 12:00:00", sql));
        QCOMPARE(*parseDate("1970-01-02"), std::int64_t{1});
        QCOMPARE(*parseTime("00:00:01.5"), std::int64_t{1500});
    }

    /// The reader that remembers a minute gives for every text what the one without memory gives.
    void timestampsInARow()
    {
        const std::vector<std::string> texts{"2024-03-01 12:00:00.123", "2024-03-01 12:00:59.999",
            "2024-03-01 12:00:60.000", "2024-03-01 12:00:0x.123", "2024-03-01 12:00:01,123", "2024-03-01 12:00:01.12x",
            "2024-03-01 12:00:01", "2024-03-01 12:00:01.1234", "2024-03-01 12:01:00.000", "2024-03-01 12:00:30.5",
            "2024-02-30 12:01:00.000", "1969-12-31 23:59:59.999", "1969-12-31 23:59:00.001", "2024-03-01T12:00:00.123",
            "", std::string(16, '\0') + ":00.000", "1970-01-01T00:00:01.000", "1970-01-01 00:00:01.000",
            "2024-03-01 12:00:01.12Z"};
        for (const bool zoned : {false, true}) {
            TimestampReader reader(TimestampStandard::Sql, zoned);
            for (const std::string& first : texts) {
                for (const std::string& second : texts) {
                    for (const std::string& text : {first + (zoned ? "Z" : ""), second + (zoned ? "Z" : ""), second}) {
                        const auto expected = zoned ? parseTimestampLtz(text, TimestampStandard::Sql)
                                                    : parseTimestamp(text, TimestampStandard::Sql);
                        QVERIFY2(reader.read(text) == expected, text.c_str());
                    }
                }
            }
        }
    }

    void rows()
    {
        ResultBatch batch;
        batch.schema = {{"a\"b", types::bigInt()}, {"d", types::decimal(6, 2)}, {"x", types::float64()},
            {"t", types::timestampLtz(3)}, {"b", types::bytes()}, {"s", types::string()}};
        for (const RowField& field : batch.schema)
            batch.columns.emplace_back(field.type, 1);
        batch.rowCount = 1;
        batch.kinds = {RowKind::Delete};
        batch.columns[0].values<std::int64_t>()[0] = INT64_MIN;
        batch.columns[1].values<Int128>()[0] = -50;
        batch.columns[2].values<double>()[0] = 0.1;
        batch.columns[4].values<std::string_view>()[0] = "\xff\x00\x01"
                                                         "a";
        batch.columns[5].setNull(0);
        std::string out;
        appendJsonRow(out, batch, 0);
        QVERIFY2(out.find("\"$op\"") < out.find("a\\\"b"), out.c_str());
        QVERIFY2(out.find("-9223372036854775808") != std::string::npos, out.c_str());
        QVERIFY2(out.find("\"-0.50\"") != std::string::npos, out.c_str());
        QVERIFY2(out.find("\"1970-01-01 00:00:00.000Z\"") != std::string::npos, out.c_str());
        QVERIFY2(out.find("null") != std::string::npos, out.c_str());
        QCOMPARE(cellText(batch.columns[5], 0), std::string());
    }
};

QTEST_APPLESS_MAIN(TestValueText)
#include "tst_value_text.moc"
