// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/row_order.h"

#include <QTest>

#include <random>

using namespace weir;
using namespace weir::search;

namespace {

struct Given
{
    std::optional<std::string> key;
    std::optional<std::string> value;
    EpochMs time = 0;
};

RecordBatchPtr batchOf(const std::vector<Given>& records)
{
    BatchSize size{records.size(), records.size(), 0};
    for (const Given& one : records)
        size.bytes += one.key.value_or("").size() + one.value.value_or("").size() + 16;
    RecordBatchBuilder builder(std::make_shared<const std::string>("orders"), PartitionId{2}, size);
    std::int64_t offset = 0;
    for (const Given& one : records) {
        builder.add(offset++, one.time, TimestampType::CreateTime, one.key, one.value);
        builder.addHeader("h", one.key);
    }
    return builder.finish(0, nullptr);
}

/// The rows of a batch, in order.
QList<int> ordered(const std::string& words, const RecordBatchPtr& batch)
{
    RowOrderKeys keyOf(*RowOrder::parse(words));
    std::vector<std::string> keys;
    keyOf.make(*batch, 0, keys);
    QList<int> rows;
    for (int i = 0; i < static_cast<int>(keys.size()); ++i)
        rows.append(i);
    std::stable_sort(
        rows.begin(), rows.end(), [&](int a, int b) { return keys[std::size_t(a)] < keys[std::size_t(b)]; });
    return rows;
}

/// The values of a field in order, as they stand.
QStringList orderedValues(const QStringList& values)
{
    std::vector<Given> records;
    for (const QString& value : values)
        records.push_back({{}, "{\"v\":" + value.toStdString() + "}"});
    QStringList sorted;
    for (const int row : ordered("v", batchOf(records)))
        sorted << values[row];
    return sorted;
}

} // namespace

class TestRowOrder : public QObject
{
    Q_OBJECT
private slots:
    void words()
    {
        for (const char* text : {"time", "topic", "partition desc", "offset", "key desc", "value", "size",
                 "header:trace", "field:customer.id", "field:items[0].sku desc"}) {
            const auto order = RowOrder::parse(text);
            QVERIFY2(order.ok(), text);
            QCOMPARE(order->text(), std::string(text));
        }
        QCOMPARE(RowOrder::parse("amount")->text(), std::string("field:amount"));
        QVERIFY(RowOrder::parse("amount desc")->descending);
        QVERIFY(RowOrder::parse("time").value() == RowOrder{});
        for (const char* wrong : {"", " desc", "a..b", "header:", "items[x]"}) {
            const auto order = RowOrder::parse(wrong);
            QVERIFY2(!order.ok(), wrong);
            QVERIFY(order.error().message.find("is nothing to sort by") != std::string::npos);
        }
    }

    void numbersAreExact()
    {
        const QStringList rising{"-1e400", "-9007199254740993", "-9007199254740992", "-12.5", "-12.25", "-12",
            "-1.5e-3", "-0.0000001", "0", "1e-400", "0.1", "0.10000000000000000001", "1", "1.5", "2", "10",
            "9007199254740992", "9007199254740993", "18446744073709551616", "1e400"};
        QStringList mixed = rising;
        std::shuffle(mixed.begin(), mixed.end(), std::mt19937(11));
        QCOMPARE(orderedValues(mixed), rising);
        // However they are written.
        QCOMPARE(orderedValues({"100", "1e2", "1.00E+2", "10e1"}), QStringList({"100", "1e2", "1.00E+2", "10e1"}));
        QCOMPARE(orderedValues({"-0", "0.0", "0e7"}), QStringList({"-0", "0.0", "0e7"}));
    }

    void numbersAsDoublesWouldStand()
    {
        std::mt19937 random(5);
        std::uniform_real_distribution<double> any(-1e6, 1e6);
        std::vector<Given> records;
        std::vector<double> numbers;
        for (int i = 0; i < 2000; ++i) {
            numbers.push_back(i % 7 == 0 ? std::floor(any(random)) : any(random));
            records.push_back({{}, "{\"v\":" + QByteArray::number(numbers.back(), 'g', 17).toStdString() + "}"});
        }
        const QList<int> rows = ordered("v", batchOf(records));
        for (qsizetype i = 1; i < rows.size(); ++i)
            QVERIFY(numbers[std::size_t(rows[i - 1])] <= numbers[std::size_t(rows[i])]);
    }

    void kindsStandApart()
    {
        const QStringList rising{
            "null", "false", "true", "-5", "0", "7", "\"\"", "\"-5\"", "\"a\"", "\"ab\"", "\"b\"", "[1]", "{\"a\":1}"};
        QStringList mixed = rising;
        std::shuffle(mixed.begin(), mixed.end(), std::mt19937(3));
        QCOMPARE(orderedValues(mixed), rising);
        // What has no such field stands with the nulls, whatever it is.
        const auto batch = batchOf({{{}, R"({"v":1})"}, {{}, R"({"w":1})"}, {{}, std::nullopt}, {{}, "no json"},
            {{}, ""}, {{}, R"({"v":)"}, {{}, R"([{"v":0}])"}});
        QCOMPARE(ordered("v", batch).back(), 0);
        QCOMPARE(ordered("v", batch).mid(0, 6), QList<int>({1, 2, 3, 4, 5, 6}));
    }

    void partsOfRecords()
    {
        const auto batch =
            batchOf({{"b", "{}", 30}, {"a", "{\"x\":1}", -10}, {std::nullopt, std::nullopt, 20}, {"", "", 5}});
        QCOMPARE(ordered("time", batch), QList<int>({1, 3, 2, 0}));
        QCOMPARE(ordered("key", batch), QList<int>({2, 3, 1, 0})); // null, empty, a, b
        QCOMPARE(ordered("header:h", batch), QList<int>({2, 3, 1, 0}));
        QCOMPARE(ordered("header:none", batch), QList<int>({0, 1, 2, 3}));
        QCOMPARE(ordered("size", batch), QList<int>({2, 3, 0, 1}));
        QCOMPARE(ordered("offset", batch), QList<int>({0, 1, 2, 3}));
        QCOMPARE(ordered("partition", batch), QList<int>({0, 1, 2, 3}));
        QCOMPARE(ordered("value", batch), QList<int>({2, 3, 1, 0})); // "{\"" < "{}"
        QCOMPARE(ordered("topic", batch), QList<int>({0, 1, 2, 3}));
    }

    void hostileNumbersEnd()
    {
        const QString many = QString(100'000, '9');
        QCOMPARE(orderedValues({many, "1"}), QStringList({"1", many}));
        QCOMPARE(orderedValues({"1e99999999999999999999", "2"}), QStringList({"2", "1e99999999999999999999"}));
        QCOMPARE(orderedValues({"1e-99999999999999999999", "-2"}), QStringList({"-2", "1e-99999999999999999999"}));
    }
};

QTEST_GUILESS_MAIN(TestRowOrder)
#include "tst_row_order.moc"
