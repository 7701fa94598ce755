// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/table_decoder.h"
#include "app/engine/event/row_text.h"

#include <QTest>

using namespace weir;

namespace {

using Bytes = std::optional<std::string_view>;

struct Sent
{
    Bytes key;
    Bytes value;
    std::vector<Header> headers = {};
};

RecordBatchPtr batchOf(const std::vector<Sent>& records)
{
    RecordBatchBuilder builder(std::make_shared<const std::string>("orders"), PartitionId{3}, {8, 8, 4096});
    std::int64_t offset = 40;
    for (const Sent& record : records) {
        builder.add(offset++, 1000, TimestampType::LogAppendTime, record.key, record.value);
        for (const Header& header : record.headers)
            builder.addHeader(header.name, header.value);
    }
    return builder.finish(2000, nullptr);
}

LogicalType headersType()
{
    LogicalType type;
    type.kind = TypeKind::Map;
    type.children = std::make_shared<const std::vector<RowField>>(
        std::vector<RowField>{{"key", types::string()}, {"value", types::bytes()}});
    return type;
}

std::vector<std::string> rowsOf(const EventBatch& events)
{
    const ResultBatch result{events.schema, events.columns, events.rowCount, {}};
    std::vector<std::string> rows;
    events.forEachSelected([&](std::uint32_t row) { appendJsonRow(rows.emplace_back(), result, row); });
    return rows;
}

RecordFormat keyed(KeyFormat key)
{
    RecordFormat format;
    format.key = key;
    return format;
}

const std::vector<DecodedColumn> idFromKey{
    {"k_id", types::bigInt(), DecodedOrigin::Key, "id"}, {"n", types::integer(), DecodedOrigin::Field, "n"}};

} // namespace

class TestTableDecoder : public QObject
{
    Q_OBJECT

private slots:
    void metadata()
    {
        TableDecoder decoder(
            {{"p", types::integer(), DecodedOrigin::Partition, {}}, {"o", types::bigInt(), DecodedOrigin::Offset, {}},
                {"t", types::timestampLtz(3), DecodedOrigin::Timestamp, {}},
                {"y", types::string(), DecodedOrigin::TimestampType, {}},
                {"topic", types::string(), DecodedOrigin::Topic, {}},
                {"e", types::integer(), DecodedOrigin::LeaderEpoch, {}},
                {"h", headersType(), DecodedOrigin::Headers, {}}},
            {});
        const std::string head = R"("t":"1970-01-01 00:00:01.000Z","y":"LogAppendTime","topic":"orders","e":null,"h":)";
        // Of two headers of one name the last counts; no header is an empty MAP.
        QCOMPARE(
            rowsOf(decoder.decode(batchOf({{{}, "{}", {{"b", "2"}, {"a", "1"}, {"b", std::nullopt}}}, {{}, "{}"}}), 0)),
            (std::vector<std::string>{
                R"({"p":3,"o":40,)" + head + R"({"a":"MQ==","b":null}})", R"({"p":3,"o":41,)" + head + "{}}"}));
    }

    void aJsonKeyBesideTheValue()
    {
        TableDecoder decoder(idFromKey, keyed(KeyFormat::Json));
        const EventBatch events = decoder.decode(
            batchOf({{R"({"id":1})", R"({"n":10,"id":99})"}, {std::nullopt, R"({"n":20})"},
                {R"({"id":)", R"({"n":30})"}, {R"({"id":4})", R"({"n":"x"})"}, {R"({"other":5})", R"({"n":50})"}}),
            0);
        QCOMPARE(rowsOf(events), (std::vector<std::string>{R"({"k_id":1,"n":10})", R"({"k_id":null,"n":50})"}));
        QCOMPARE(events.errors.size(), std::size_t{2});
        QCOMPARE(events.errors[0].row, 2U);
        QVERIFY2(events.errors[0].message.starts_with("in the key: "), events.errors[0].message.c_str());
        QVERIFY(events.errors[0].failsFlink);
        QCOMPARE(events.errors[1].row, 3U);
    }

    void aKeyThatMayFail()
    {
        RecordFormat format = keyed(KeyFormat::Json);
        format.jsonKey.ignoreParseErrors = true;
        TableDecoder decoder(idFromKey, format);
        const EventBatch events =
            decoder.decode(batchOf({{"nonsense", R"({"n":1})"}, {R"({"id":2})", R"({"n":2})"}}), 0);
        QCOMPARE(rowsOf(events), (std::vector<std::string>{R"({"k_id":2,"n":2})"}));
        QCOMPARE(events.errors.size(), std::size_t{1});
        QVERIFY(!events.errors[0].failsFlink);
    }

    void rawKeys()
    {
        TableDecoder text({{"k", types::string(), DecodedOrigin::Key, "k"}}, keyed(KeyFormat::Raw));
        QCOMPARE(rowsOf(text.decode(batchOf({{"c-1", "{}"}, {std::nullopt, "{}"}, {"", "{}"}}), 0)),
            (std::vector<std::string>{R"({"k":"c-1"})", R"({"k":null})", R"({"k":""})"}));
        TableDecoder number({{"k", types::integer(), DecodedOrigin::Key, "k"}}, keyed(KeyFormat::Raw));
        using namespace std::string_view_literals;
        const EventBatch events =
            number.decode(batchOf({{"\xff\xff\xff\xfe"sv, "{}"}, {"\0\0\1"sv, "{}"}, {"\0\0\1\0"sv, "{}"}}), 0);
        QCOMPARE(rowsOf(events), (std::vector<std::string>{R"({"k":-2})", R"({"k":256})"}));
        QCOMPARE(events.errors.size(), std::size_t{1});
        QVERIFY2(events.errors[0].message.find("3 bytes are no INT, which has 4") != std::string::npos,
            events.errors[0].message.c_str());
    }

    void rawNumbersReadBackAsTheyWereWritten()
    {
        for (const bool little : {false, true}) {
            const RawOptions options{little};
            for (const std::int64_t number :
                {std::int64_t{0}, std::int64_t{-1}, std::int64_t{77}, INT64_MIN, INT64_MAX}) {
                Column column(types::bigInt(), 1);
                column.values<std::int64_t>()[0] = number;
                const std::string bytes = *encodeRaw(column, 0, options);
                std::vector<RowError> errors;
                const Column back = decodeRawKeys(*batchOf({{bytes, "{}"}}), types::bigInt(), options, errors);
                QVERIFY(errors.empty());
                QCOMPARE(back.values<std::int64_t>()[0], number);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestTableDecoder)
#include "tst_table_decoder.moc"
