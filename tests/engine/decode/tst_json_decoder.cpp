// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_decoder.h"
#include "app/engine/decode/json_text.h"
#include "app/engine/event/row_text.h"

#include <QFile>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace weir;

namespace {

/// JSON in a C++ literal reads better with single quotes.
std::string quoted(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

using Bytes = std::optional<std::string>;

/// All records have the same key.
RecordBatchPtr batchOf(const std::vector<Bytes>& values, const Bytes& key = {})
{
    const auto view = [](const Bytes& bytes) { return bytes ? std::optional<std::string_view>(*bytes) : std::nullopt; };
    BatchSize size{values.size(), 0, 0};
    for (const Bytes& value : values)
        size.bytes += (value ? value->size() : 0) + (key ? key->size() : 0);
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{0}, size);
    std::int64_t offset = 0;
    for (const Bytes& value : values)
        builder.add(offset++, 0, TimestampType::CreateTime, view(key), view(value));
    return builder.finish(0, nullptr);
}

std::vector<std::string> rowsOf(const EventBatch& events)
{
    ResultBatch result{events.schema, events.columns, events.rowCount, {}};
    std::vector<std::string> rows;
    events.forEachSelected([&](std::uint32_t row) { appendJsonRow(rows.emplace_back(), result, row); });
    return rows;
}

std::string decodeOne(const LogicalType& type, const std::string& json, JsonOptions options = {})
{
    JsonDecoder decoder({{"f", type}}, options);
    const EventBatch events = decoder.decode(batchOf({json}), 0);
    const auto rows = rowsOf(events);
    return rows.empty() ? "byte " + std::to_string(events.errors.at(0).byte) : rows[0];
}

/// A copy of `text` with one byte changed and, at times, a few lost.
std::string damagedCopy(std::string text, std::uint64_t random)
{
    text[(random >> 33) % text.size()] = static_cast<char>(random >> 24);
    if (random % 3 == 0)
        text.erase((random >> 40) % text.size(), 1 + (random >> 20) % 5);
    return text;
}

/// What another parser makes of the first value of `text`, for the fields f INT and s STRING; nothing if it is no
/// object. Bad fields are NULL.
std::optional<std::string> rowByOtherParser(const std::string& text)
{
    const auto value = nlohmann::json::parse(text.substr(0, endOfFirstJsonValue(text)), nullptr, false);
    if (!value.is_object())
        return std::nullopt;
    nlohmann::ordered_json row{{"f", nullptr}, {"s", nullptr}};
    if (value.contains("f") && value["f"].is_number())
        row["f"] = value["f"].get<int>();
    if (value.contains("s") && value["s"].is_string())
        row["s"] = value["s"];
    return row.dump();
}

std::vector<std::string> linesOf(const QString& path)
{
    QFile file(path);
    std::vector<std::string> lines;
    if (!file.open(QIODevice::ReadOnly))
        return lines;
    for (const QByteArray& line : file.readAll().split('\n'))
        lines.push_back(line.toStdString());
    if (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

} // namespace

class TestJsonDecoder : public QObject
{
    Q_OBJECT

private slots:
    void oddLinesAsFlinkReadsThem()
    {
        const QString folder = QStringLiteral(WEIR_SOURCE_DIR "/tests/data/goldens/flink/json_decoding_lenient/");
        std::vector<Bytes> values;
        for (std::string& line : linesOf(folder + "input.jsonl"))
            values.emplace_back(std::move(line));
        QVERIFY(values.size() > 15);
        JsonOptions options;
        options.ignoreParseErrors = true;
        JsonDecoder decoder({{"id", types::integer()}, {"s", types::string()}, {"n", types::integer()},
                                {"x", types::float64()}, {"ok", types::boolean()}},
            options);
        const EventBatch events = decoder.decode(batchOf(values), 0);
        std::vector<std::string> got = rowsOf(events);
        std::vector<std::string> expected = linesOf(folder + "expected.jsonl");
        std::sort(got.begin(), got.end());
        std::sort(expected.begin(), expected.end());
        QCOMPARE(got.size(), expected.size());
        for (std::size_t i = 0; i < got.size(); ++i)
            QCOMPARE(QString::fromStdString(got[i]), QString::fromStdString(expected[i]));
        QVERIFY(!events.errors.empty());
    }

    void values_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("row");
        const auto row = [](const char* type, const char* json, const char* expected) {
            QTest::newRow(qPrintable(QString("%1 %2").arg(type, json))) << type << json << expected;
        };
        row("int", "{'f':12}", "{'f':12}");
        row("int", "{'f':'12'}", "{'f':12}");
        row("int", "{'f':1.9}", "{'f':1}");
        row("int", "{'f':-1.9}", "{'f':-1}");
        row("int", "{'f':2147483648}", "byte 5");
        row("int", "{'f':'x'}", "byte 5");
        row("int", "{'g':1}", "{'f':null}");
        row("int", "{'f':null}", "{'f':null}");
        row("int", "{'f':null,'f':3}", "{'f':3}");
        row("int", "{'f':3,'f':null}", "{'f':null}");
        row("bigint", "{'f':9223372036854775807}", "{'f':9223372036854775807}");
        row("bigint", "{'f':9223372036854775808}", "byte 5");
        row("double", "{'f':1e400}", "{'f':'Infinity'}");
        row("double", "{'f':-1e400}", "{'f':'-Infinity'}");
        row("double", "{'f':1e-400}", "{'f':0.0}");
        row("double", "{'f':0.1}", "{'f':0.1}");
        row("double", "{'f':'NaN'}", "{'f':'NaN'}");
        row("decimal", "{'f':1.005}", "{'f':'1.01'}");
        row("decimal", "{'f':-1.005}", "{'f':'-1.01'}");
        row("decimal", "{'f':12345678901234567890}", "{'f':null}");
        row("decimal", "{'f':1e2}", "{'f':'100.00'}");
        row("decimal", "{'f':'7'}", "{'f':'7.00'}");
        row("string", "{'f':1.50}", "{'f':'1.50'}");
        row("string", "{'f':{'a': [1, {'b':'x y'}]}}", "{'f':'{\\'a\\':[1,{\\'b\\':\\'x y\\'}]}'}");
        row("string", "{'f':'a\\u00e9\\n'}", "{'f':'aé\\n'}");
        row("string", "{'f':true}", "{'f':'true'}");
        row("string", "{'\\u0066':'escaped key'}", "{'f':'escaped key'}");
        row("string", "{'f':'\\ud83d\\ude00 \\/'}", "{'f':'😀 /'}");
        row("string", "{'f':'a\\ud800b\\udc00\\ud800\\u0041'}", "{'f':'a?b??A'}");
        row("string", "\xEF\xBB\xBF{'f':'behind a byte order mark'}", "{'f':'behind a byte order mark'}");
        row("boolean", "{'f':'TRUE'}", "{'f':true}");
        row("boolean", "{'f':1}", "{'f':false}");
        row("timestamp", "{'f':'2024-03-01 12:00:00.5'}", "{'f':'2024-03-01 12:00:00.500'}");
        row("timestamp", "{'f':'2024-03-01T12:00:00'}", "byte 5");
        row("timestamp", "{'f':'2024-02-30 12:00:00'}", "byte 5");
        row("timestamp", "{'f':'1969-12-31 23:59:59.999'}", "{'f':'1969-12-31 23:59:59.999'}");
        row("int", "{'f':1} trailing 'text", "{'f':1}");
        row("int", "{'f':1}{'f':2}", "{'f':1}");
    }

    void values() { checkRow(); }

    void numbers_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("row");
        const auto row = [](const char* type, const char* number, const char* expected) {
            QTest::addRow("%s %s", type, number)
                << type << QString("{'f':%1}").arg(number) << QString("{'f':%1}").arg(expected);
        };
        row("int", "0", "0");
        row("int", "-0", "0");
        row("int", "7.0", "7");
        row("bigint", "123456789012345678", "123456789012345678");
        row("bigint", "-999999999999999999", "-999999999999999999");
        row("bigint", "1234567890123456789", "1234567890123456789");
        row("double", "-0.0", "-0.0");
        row("double", "12345678901234567.5", "12345678901234568.0");
        row("decimal", "1.5", "'1.50'");
        row("decimal", "-0.07", "'-0.07'");
        row("decimal", "0.00", "'0.00'");
        row("decimal", "99999999.99", "'99999999.99'");
        row("decimal", "-99999999.99", "'-99999999.99'");
        row("decimal", "99999999.994", "'99999999.99'");
        row("decimal", "99999999.995", "null");
        row("decimal", "100000000", "null");
        row("decimal", "-100000000.0", "null");
        row("decimal", "123456789012345678", "null");
        row("string", "-12.340", "'-12.340'");
    }

    void numbers() { checkRow(); }

    /// What is skipped is checked all the same.
    void broken_data()
    {
        QTest::addColumn<QString>("json");
        for (const char* json : {"{'f':1,'g':tru}", "{'f':1,'g':01}", "{'f':1,'g':[1,,2]}", "{'f':1,'g':'\\x'}",
                 "{'f':1,'g':'\\u00'}", "{'f':1,'g':{'a' 1}}", "{'f':1,'g':['a':1]}", "{'f':1,'g':'a'x}",
                 "{'f':1,,'g':2}", "{'f':1,}", "{'f':1", "[{'f':1}]", ""})
            QTest::newRow(*json ? json : "nothing") << json;
        for (const char* number : {"1.", ".5", "-", "-.5", "01.5", "00", "1.5.2", "1e", "1.e3", "+1", "0x1", "1-2"})
            QTest::newRow(number) << QString("{'f':1,'g':%1}").arg(number);
    }

    void broken()
    {
        QFETCH(QString, json);
        const std::string got = decodeOne(types::integer(), quoted(json.toStdString()));
        QVERIFY2(got.starts_with("byte"), got.c_str());
    }

    void bytesOfErrors()
    {
        QCOMPARE(decodeOne(types::integer(), quoted("{'g':1,'f':'x'}")), std::string("byte 11"));
        QCOMPARE(decodeOne(types::integer(), quoted("{'g':[1,tru]}")), std::string("byte 8"));
    }

    void tombstonesAreNoErrors()
    {
        JsonDecoder decoder({{"f", types::integer()}}, {});
        const EventBatch events = decoder.decode(batchOf({quoted("{'f':1}"), std::nullopt, quoted("{'f':2}")}), 7);
        QVERIFY(events.errors.empty());
        QCOMPARE(events.selectedCount(), std::size_t(2));
        QCOMPARE(events.sequence, std::uint64_t(7));
        QVERIFY(rowsOf(events) == (std::vector<std::string>{quoted("{'f':1}"), quoted("{'f':2}")}));
    }

    void missingFieldsFailWhenAsked()
    {
        JsonOptions options;
        options.failOnMissingField = true;
        QVERIFY(decodeOne(types::integer(), quoted("{'g':1}"), options).starts_with("byte"));
        options.ignoreParseErrors = true;
        QCOMPARE(decodeOne(types::integer(), quoted("{'g':1}"), options), quoted("{'f':null}"));
    }

    void deepNestingIsAnErrorNotACrash()
    {
        std::string deep = quoted("{'g':") + std::string(100'000, '[') + std::string(100'000, ']') + "}";
        QVERIFY(decodeOne(types::integer(), deep).starts_with("byte"));
        deep = quoted("{'g':" + std::string(200, '[') + std::string(200, ']') + ",'f':1}");
        QCOMPARE(decodeOne(types::integer(), deep), quoted("{'f':1}"));
    }

    /// Every prefix and many mutations: never a crash, and a damaged value never selects a row that an intact parser
    /// would not give (asan watches the bytes).
    void damagedValues()
    {
        const std::string whole = quoted("{'a':[1,-2.5e3,{'b':'x\\u00e9\\'y'}],'f':42,'n':null,'t':true,'s':'Zürich'}");
        JsonDecoder decoder({{"f", types::integer()}, {"s", types::string()}}, {});
        for (std::size_t length = 0; length < whole.size(); ++length)
            QCOMPARE(decoder.decode(batchOf({whole.substr(0, length)}), 0).selectedCount(), std::size_t(0));
    }

    /// Damaged values among intact ones, with the bytes of keys between them: each gives what another parser gives for
    /// it alone, and its neighbours are none the worse.
    void damagedValuesAsAnotherParserReadsThem()
    {
        const std::string whole =
            quoted("{'a':[1,-2.5e3,{'b':'x\\u00e9\\'y'}],'f':42,'n':null,'t':true, 's':'Z\\nürich' }");
        const std::string intact = *rowByOtherParser(whole);
        JsonOptions options;
        options.ignoreParseErrors = true;
        JsonDecoder decoder({{"f", types::integer()}, {"s", types::string()}}, options);
        const std::vector<Bytes> keys{std::nullopt, "k-17", "\"", "{", "\\", "\xff\xfe"};
        std::uint64_t random = 1;
        int read = 0;
        for (std::size_t i = 0; i < 20'000; ++i) {
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            const std::string damaged = damagedCopy(whole, random);
            if (damaged.find("\\ud") != std::string::npos)
                continue; // half a surrogate pair: Flink takes it, the other parser does not
            std::vector<std::string> expected{intact};
            if (const auto row = rowByOtherParser(damaged)) {
                expected.push_back(*row);
                ++read;
            }
            expected.insert(expected.end(), {intact, intact});
            const auto batch = batchOf({whole, damaged, whole, std::nullopt, whole}, keys[i % keys.size()]);
            std::vector<std::string> got = rowsOf(decoder.decode(batch, 0));
            for (std::string& row : got)
                row = nlohmann::ordered_json::parse(row).dump(); // which may spell an escape in another way
            if (got != expected)
                QFAIL(qPrintable(QString::fromStdString(damaged + " gave " + (got.size() > 1 ? got[1] : ""))));
        }
        QVERIFY2(read > 1000, qPrintable(QString::number(read)));
    }

    /// More values than are looked at in one go, of all lengths, broken ones at the seams.
    void longBatches()
    {
        std::vector<Bytes> values;
        std::vector<std::string> expected;
        for (int i = 0; i < 3000; ++i) {
            const bool broken = i % 97 == 0 || (i > 1000 && i < 1100);
            const std::string padding(i % 500 == 7 ? 40'000 : static_cast<std::size_t>(i % 90), 'x');
            values.emplace_back(quoted("{'p':'" + padding + "','f':" + std::to_string(i) + (broken ? ",'q':'" : "}")));
            if (!broken)
                expected.push_back(quoted("{'f':" + std::to_string(i) + "}"));
        }
        JsonOptions options;
        options.ignoreParseErrors = true;
        JsonDecoder decoder({{"f", types::integer()}}, options);
        const EventBatch events = decoder.decode(batchOf(values), 0);
        QVERIFY(rowsOf(events) == expected);
        QCOMPARE(events.errors.size(), values.size() - expected.size());
    }

private:
    static void checkRow()
    {
        QFETCH(QString, type);
        QFETCH(QString, json);
        QFETCH(QString, row);
        const std::map<QString, LogicalType> typesByName{{"int", types::integer()}, {"bigint", types::bigInt()},
            {"double", types::float64()}, {"decimal", types::decimal(10, 2)}, {"string", types::string()},
            {"boolean", types::boolean()}, {"timestamp", types::timestamp(3)}};
        const QString got = QString::fromStdString(decodeOne(typesByName.at(type), quoted(json.toStdString())));
        if (row.startsWith("byte"))
            QVERIFY2(got.startsWith("byte"), qPrintable(got));
        else
            QCOMPARE(got, QString::fromStdString(quoted(row.toStdString())));
    }
};

QTEST_APPLESS_MAIN(TestJsonDecoder)
#include "tst_json_decoder.moc"
