// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/event_time.h"

#include <QTest>

#include <limits>

using namespace weir;

namespace {

RecordBatchPtr batchOf(const std::vector<std::optional<std::string>>& values)
{
    BatchSize size{values.size(), 0, 0};
    for (const auto& value : values)
        size.bytes += value ? value->size() : 0;
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{0}, size);
    std::int64_t offset = 0;
    for (const auto& value : values)
        builder.add(offset++, 0, TimestampType::CreateTime, std::nullopt,
            value ? std::optional<std::string_view>(*value) : std::nullopt);
    return builder.finish(0, nullptr);
}

} // namespace

class TestEventTime : public QObject
{
    Q_OBJECT

private slots:
    void texts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("millis"); ///< -1: no time
        const auto row = [](const char* text, double millis) { QTest::newRow(text) << QString(text) << millis; };
        row("2024-03-01T12:00:00.123Z", 1709294400123.0);
        row("2024-03-01T12:00:00.123", 1709294400123.0);
        row("2024-03-01 12:00:00.123", 1709294400123.0);
        row("2024-03-01 12:00:00Z", 1709294400000.0);
        row(" 2024-03-01T12:00:00Z ", 1709294400000.0);
        row("1709294400", 1709294400000.0);
        row("1709294400.5", 1709294400500.0);
        row("1709294400123", 1709294400123.0);
        row("1709294400123000", 1709294400123.0);
        row("1709294400123000000", 1709294400123.0);
        row("-1", -1000.0);
        row("0", 0.0);
        row("2024-03-01", -1);
        row("2024-03-01T25:00:00Z", -1);
        row("yesterday", -1);
        row("", -1);
        row("   ", -1);
        row("12 o'clock", -1);
        row("1e400", -1);
        row("NaN", -1);
        row("true", -1);
        row("{}", -1);
    }

    void texts()
    {
        QFETCH(QString, text);
        QFETCH(double, millis);
        const auto time = eventTimeOf(text.toStdString());
        QCOMPARE(time.has_value(), millis != -1);
        if (time)
            QVERIFY2(std::abs(*time - millis) < 0.5, qPrintable(QString::number(*time, 'f', 3)));
    }

    void oneEntryPerRecord()
    {
        EventTimeField field("at");
        const auto times = field.read(batchOf({R"({"at":"2024-03-01T12:00:00Z","x":1})", std::nullopt, "", "{broken",
            R"({"x":1})", R"({"at":null})", R"({"at":[1]})", R"({"at":1709294400,"at":1709294401})", "[1,2]", "17"}));
        QCOMPARE(times.size(), std::size_t{10});
        QCOMPARE(times[0], std::optional(1709294400000.0));
        for (const std::size_t none : {1, 2, 3, 4, 5, 6, 8, 9})
            QVERIFY2(!times[none], qPrintable(QString::number(none)));
        QCOMPARE(times[7], std::optional(1709294401000.0)); // the last of two wins, as everywhere
        QCOMPARE(field.read(batchOf({R"({"at":0})"})).size(), std::size_t{1});
    }

    void hostileValues()
    {
        EventTimeField field("at");
        const std::string deep(100'000, '[');
        const std::string quote(1, '"');
        const std::string bad = "{" + quote + "at" + quote + ":" + quote + "\xff\xfe" + quote + "}";
        const auto times = field.read(
            batchOf({deep, R"({"at":)" + deep, bad, R"({"at":"\ud800"})", R"({"at":)" + std::string(5000, '9') + "}"}));
        for (const auto& time : times)
            QVERIFY(!time || std::isfinite(*time));
    }
};

QTEST_APPLESS_MAIN(TestEventTime)
#include "tst_event_time.moc"
