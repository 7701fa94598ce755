// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/packed_value.h"
#include "app/engine/sql/script.h"
#include "app/session/kafka_sink.h"
#include "tests/support/columns.h"

#include <QTest>

using namespace weir;

namespace {

/// The table of `CREATE TABLE t (columns) WITH ('connector' = 'kafka', 'topic' = 't', options)`.
sql::TablePtr tableOf(const std::string& columns, const std::string& options = {})
{
    const sql::Script script = sql::compileScript("CREATE TABLE t (" + columns
        + ") WITH ('connector' = 'kafka', 'topic' = 't'" + (options.empty() ? "" : ", " + options) + ");");
    return script.ok() && !script.tables.empty() ? script.tables.front() : nullptr;
}

Result<RecordLayout> layoutOf(const std::string& columns, const std::string& options = "'format' = 'json'")
{
    const sql::TablePtr table = tableOf(columns, options);
    if (!table)
        return Error{ErrorKind::Internal, "the test's own table does not compile", {}};
    return RecordLayout::of(*table);
}

ResultBatch rowOf(const RecordLayout& layout, std::vector<Column> columns)
{
    return {layout.rows, std::move(columns), 1, {}};
}

std::string refusal(const std::string& options, const std::string& columns = "a INT, b INT")
{
    const auto layout = layoutOf(columns, options);
    return layout ? "accepted" : layout.error().message;
}

/// The value of a row of one column.
std::string valueOf(const std::string& type, Column column, const std::string& options = "'format' = 'json'")
{
    const auto layout = layoutOf("x " + type, options);
    if (!layout)
        return layout.error().message;
    std::vector<Column> columns;
    columns.push_back(std::move(column));
    const auto record = layOut(*layout, rowOf(*layout, std::move(columns)), 0);
    return record ? record->value : record.error().message;
}

Column decimalOf(Int128 unscaled)
{
    return columnOf<Int128>(types::decimal(20, 9), {unscaled});
}

Column mapOf(const std::vector<std::pair<std::optional<std::string>, std::string>>& entries)
{
    LogicalType type = tableOf("m MAP<STRING, STRING>")->columns.front().type;
    PackedBuilder pairs;
    for (const auto& [key, value] : entries) {
        if (key)
            pairs.add(*key);
        else
            pairs.addNull();
        pairs.add(value);
    }
    return columnOf<std::string>(type, {pairs.bytes()});
}

} // namespace

class TestKafkaSink : public QObject
{
    Q_OBJECT

private slots:
    void decimalsAreNumbersWithoutZerosBehind()
    {
        const std::string plain = "'format' = 'json', 'json.encode.decimal-as-plain-number' = 'true'";
        QCOMPARE(valueOf("DECIMAL(20, 9)", decimalOf(12'500'000'000)), std::string(R"({"x":12.5})"));
        QCOMPARE(valueOf("DECIMAL(20, 9)", decimalOf(0)), std::string(R"({"x":0})"));
        QCOMPARE(valueOf("DECIMAL(20, 9)", decimalOf(-100'000'000'000)), std::string(R"({"x":-1E+2})"));
        QCOMPARE(valueOf("DECIMAL(20, 9)", decimalOf(-100'000'000'000), plain), std::string(R"({"x":-100})"));
        QCOMPARE(valueOf("DECIMAL(20, 9)", decimalOf(27)), std::string(R"({"x":2.7E-8})"));
        QCOMPARE(valueOf("DECIMAL(20, 9)", decimalOf(27), plain), std::string(R"({"x":0.000000027})"));
        QCOMPARE(valueOf("DECIMAL(20, 9)", decimalOf(1000)), std::string(R"({"x":0.000001})"));
    }

    void timesHaveTheDigitsTheyNeed()
    {
        const auto time = [](std::int64_t millis, std::int32_t nanos) {
            return columnOf<Timestamp>(types::timestamp(9), {Timestamp{millis, nanos}});
        };
        QCOMPARE(valueOf("TIMESTAMP(9)", time(0, 0)), std::string(R"({"x":"1970-01-01 00:00:00"})"));
        QCOMPARE(valueOf("TIMESTAMP(9)", time(500, 0)), std::string(R"({"x":"1970-01-01 00:00:00.5"})"));
        QCOMPARE(valueOf("TIMESTAMP(9)", time(1, 20)), std::string(R"({"x":"1970-01-01 00:00:00.00100002"})"));
        QCOMPARE(valueOf("TIMESTAMP_LTZ(3)", columnOf<Timestamp>(types::timestampLtz(3), {Timestamp{10'250, 0}}),
                     "'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'"),
            std::string(R"({"x":"1970-01-01T00:00:10.25Z"})"));
        QCOMPARE(
            valueOf("DATE", columnOf<std::int64_t>(types::date(), {20'000})), std::string(R"({"x":"2024-10-04"})"));
    }

    void mapsWithANullKey()
    {
        const auto column = [] { return mapOf({{"a", "1"}, {std::nullopt, "2"}}); };
        const std::string type = "MAP<STRING, STRING>";
        const std::string mode = "'format' = 'json', 'json.map-null-key.mode' = ";
        QVERIFY(valueOf(type, column()).find("null keys") != std::string::npos);
        QCOMPARE(valueOf(type, column(), mode + "'DROP'"), std::string(R"({"x":{"a":"1"}})"));
        QCOMPARE(valueOf(type, column(), mode + "'LITERAL'"), std::string(R"({"x":{"a":"1","null":"2"}})"));
        QCOMPARE(valueOf(type, column(), mode + "'LITERAL', 'json.map-null-key.literal' = 'none'"),
            std::string(R"({"x":{"a":"1","none":"2"}})"));
        QVERIFY(valueOf(type, column(), mode + "'x'").find("is FAIL, DROP or LITERAL") != std::string::npos);
    }

    void nulls()
    {
        const auto none = [] { return columnOf<std::int64_t>(types::bigInt(), {std::nullopt}); };
        QCOMPARE(valueOf("BIGINT", none()), std::string(R"({"x":null})"));
        QCOMPARE(valueOf("BIGINT", none(), "'format' = 'json', 'json.encode.ignore-null-fields' = 'true'"),
            std::string("{}"));
        QVERIFY(valueOf("BIGINT NOT NULL", none()).find("Column 'x' is NOT NULL") != std::string::npos);
    }

    void keysHeadersAndTime()
    {
        const auto layout =
            layoutOf("k_id BIGINT, v STRING, sent TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', `partition` "
                     "INT METADATA VIRTUAL, headers MAP<STRING, BYTES> METADATA",
                "'value.format' = 'json', 'key.format' = 'json', 'key.fields' = 'k_id', 'key.fields-prefix' = 'k_', "
                "'value.fields-include' = 'EXCEPT_KEY'");
        QVERIFY2(layout.ok(), layout ? "" : layout.error().text().c_str());
        QCOMPARE(layout->rows.size(), std::size_t{4});
        std::vector<Column> columns;
        columns.push_back(columnOf<std::int64_t>(types::bigInt(), {7}));
        columns.push_back(columnOf<std::string>(types::string(), {"text"}));
        columns.push_back(columnOf<Timestamp>(types::timestampLtz(3), {Timestamp{1234, 0}}));
        columns.push_back(mapOf({{"trace", "abc"}, {std::nullopt, "lost"}}));
        const auto record = layOut(*layout, rowOf(*layout, std::move(columns)), 0);
        QVERIFY(record.ok());
        QCOMPARE(*record->key, std::string(R"({"id":7})"));
        QCOMPARE(record->value, std::string(R"({"v":"text"})"));
        QCOMPARE(record->timestamp, EpochMs{1234});
        QCOMPARE(record->headers.size(), std::size_t{1});
        QCOMPARE(record->headers.front().first, std::string("trace"));
        QCOMPARE(*record->headers.front().second, std::string("abc"));
    }

    void rawKeys_data()
    {
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("big-endian") << QByteArray("") << QByteArray("\0\0\0\0\0\0\1\2", 8);
        QTest::newRow("little-endian") << QByteArray(", 'key.raw.endianness' = 'little-endian'")
                                       << QByteArray("\2\1\0\0\0\0\0\0", 8);
    }

    void rawKeys()
    {
        QFETCH(QByteArray, options);
        QFETCH(QByteArray, key);
        const auto layout = layoutOf("id BIGINT, v STRING",
            "'format' = 'json', 'key.format' = 'raw', 'key.fields' = 'id'" + options.toStdString());
        QVERIFY(layout.ok());
        std::vector<Column> columns;
        columns.push_back(columnOf<std::int64_t>(types::bigInt(), {258}));
        columns.push_back(columnOf<std::string>(types::string(), {std::nullopt}));
        const auto record = layOut(*layout, rowOf(*layout, std::move(columns)), 0);
        QVERIFY(record.ok());
        QCOMPARE(QByteArray::fromStdString(*record->key), key);
        QCOMPARE(record->value, std::string(R"({"id":258,"v":null})")); // ALL: the key's column is in the value, too
    }

    void whatCannotBeWritten()
    {
        QVERIFY(refusal("'format' = 'avro'").find("Weir writes 'json'") != std::string::npos);
        QVERIFY(refusal("'format' = 'json', 'key.format' = 'avro', 'key.fields' = 'a'").find("'json' and 'raw' keys")
            != std::string::npos);
        QVERIFY(refusal("'format' = 'json', 'sink.delivery-guarantee' = 'exactly-once'").find("at least once")
            != std::string::npos);
        QVERIFY(refusal("'format' = 'json', 'sink.partitioner' = 'com.example.Mine'").find("needs a Flink cluster")
            != std::string::npos);
        QVERIFY(
            refusal("'format' = 'json', 'sink.partitioner' = 'round-robin', 'key.format' = 'json', 'key.fields' = 'a'")
                .find("'round-robin' partitioner only works when option 'key.fields' is not specified")
            != std::string::npos);
        QVERIFY(
            refusal("'format' = 'json', 'key.format' = 'raw', 'key.fields' = 'a'", "a DATE").find("a raw key cannot be")
            != std::string::npos);
        QCOMPARE(refusal("'format' = 'json', 'sink.partitioner' = 'fixed'"), std::string("accepted"));
    }
};

QTEST_APPLESS_MAIN(TestKafkaSink)
#include "tst_kafka_sink.moc"
