// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/infer_fields.h"
#include "app/engine/decode/json_decoder.h"
#include "app/engine/decode/json_number.h"
#include "app/engine/decode/json_text.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace weir;

namespace {

/// The grammar of JSON, written down plainly: what the decoder's walk over simdjson must agree with.
class Grammar
{
public:
    explicit Grammar(std::string_view text) : m_text(text) { }
    /// An object stands first; what follows it does not count.
    bool startsWithObject()
    {
        space();
        return peek() == '{' && value(1);
    }

private:
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool take(char c) { return peek() == c && m_at < m_text.size() && ++m_at > 0; }
    void space()
    {
        while (m_at < m_text.size() && std::string_view(" \t\n\r").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
    }
    bool word(std::string_view wanted)
    {
        const bool found = m_text.substr(m_at).starts_with(wanted);
        m_at += found ? wanted.size() : 0;
        return found;
    }
    bool digits()
    {
        const std::size_t first = m_at;
        while (peek() >= '0' && peek() <= '9')
            ++m_at;
        return m_at > first;
    }
    bool number()
    {
        take('-');
        if (!take('0') && !digits())
            return false;
        if (take('.') && !digits())
            return false;
        if (take('e') || take('E')) {
            take('+') || take('-');
            return digits();
        }
        return true;
    }
    bool string()
    {
        if (!take('"'))
            return false;
        for (;;) {
            const auto c = static_cast<unsigned char>(peek());
            if (m_at == m_text.size() || c < 0x20)
                return false;
            ++m_at;
            if (c == '"')
                return true;
            if (c != '\\')
                continue;
            const char escape = peek();
            ++m_at;
            if (escape == 'u') {
                for (int i = 0; i < 4; ++i, ++m_at) {
                    if (!std::isxdigit(static_cast<unsigned char>(peek())))
                        return false;
                }
            } else if (escape == '\0' || std::string_view("\"\\/bfnrt").find(escape) == std::string_view::npos) {
                return false;
            }
        }
    }
    bool list(char end, int depth)
    {
        ++m_at;
        space();
        if (take(end))
            return true;
        for (;;) {
            space();
            if (end == '}') {
                if (!string())
                    return false;
                space();
                if (!take(':'))
                    return false;
            }
            if (!value(depth + 1))
                return false;
            space();
            if (take(end))
                return true;
            if (!take(','))
                return false;
        }
    }
    bool value(int depth)
    {
        space();
        switch (peek()) {
        case '{':
            return list('}', depth);
        case '[':
            return list(']', depth);
        case '"':
            return string();
        case 't':
            return word("true");
        case 'f':
            return word("false");
        case 'n':
            return word("null");
        default:
            return number();
        }
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

const std::string sample = R"({"a": [1, -2.5e+3, {"b": null}, []], "s\n": "x\\\"\u0041y", "f":true, "o":{}, "w":"12"})";

std::string mutated(std::mt19937& random)
{
    static const std::string alphabet = "{}[]:,\"\\0123456789.eE+-truefalsn \n\x01u";
    std::string text = sample;
    for (unsigned n = random() % 3 + 1; n > 0 && !text.empty(); --n) {
        const std::size_t at = random() % text.size();
        switch (random() % 4) {
        case 0:
            text[at] = alphabet[random() % alphabet.size()];
            break;
        case 1:
            text.erase(at, 1);
            break;
        case 2:
            text.insert(at, 1, alphabet[random() % alphabet.size()]);
            break;
        default:
            if (random() % 4 == 0)
                text.resize(at);
        }
    }
    return text;
}

bool decodes(JsonDecoder& decoder, const std::string& text)
{
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{0}, {1, 0, text.size()});
    builder.add(0, 0, TimestampType::CreateTime, std::nullopt, text);
    return decoder.decode(builder.finish(0, nullptr), 0).selectedCount() == 1;
}

} // namespace

class TestJsonText : public QObject
{
    Q_OBJECT

private slots:
    void decoderAgreesWithTheGrammar()
    {
        std::mt19937 random(11);
        JsonDecoder none({{"w", types::string()}, {"a", types::string()}}, {});
        int accepted = 0;
        for (int i = 0; i < 60000; ++i) {
            const std::string text = mutated(random);
            const bool expected = Grammar(text).startsWithObject();
            accepted += expected ? 1 : 0;
            if (decodes(none, text) != expected)
                QFAIL((text + (expected ? " is JSON" : " is no JSON")).c_str());
        }
        QVERIFY(accepted > 5000 && accepted < 55000);
    }

    void badFieldBeforeATailCountsOnce()
    {
        JsonOptions lenient;
        lenient.ignoreParseErrors = true;
        JsonDecoder decoder({{"n", types::integer()}}, lenient);
        const std::string text = R"({"n":"x"} and more)";
        RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{0}, {1, 0, text.size()});
        builder.add(0, 0, TimestampType::CreateTime, std::nullopt, text);
        const EventBatch events = decoder.decode(builder.finish(0, nullptr), 0);
        QCOMPARE(events.selectedCount(), std::size_t{1});
        QCOMPARE(events.errors.size(), std::size_t{1});
        QCOMPARE(events.errors[0].byte, std::size_t{5});
    }

    void layoutOfDamagedValuesStaysWithinThem()
    {
        std::mt19937 random(12);
        for (int i = 0; i < 30000; ++i) {
            const std::string text = mutated(random);
            const JsonLines lines = layOutJson(text, 20);
            QVERIFY(lines.lines.size() <= 21);
            for (const JsonLine& line : lines.lines)
                QVERIFY2(line.firstByte <= line.endByte && line.endByte <= text.size(), text.c_str());
        }
    }

    void layout()
    {
        const JsonLines lines = layOutJson(R"({"a":[1,"x"]})", 100);
        QVERIFY(lines.complete && !lines.errorByte);
        QCOMPARE(lines.lines.size(), std::size_t{6});
        QCOMPARE(lines.lines[2].depth, 2);
        QCOMPARE(lines.lines[2].firstByte, std::size_t{6});
        QCOMPARE(lines.lines[2].endByte, std::size_t{7});
        QVERIFY(!layOutJson("[1,2,3]", 2).complete);
        for (const char* bad : {"[,]", "{", "[1,]", "{\"a\" 1}", "{\"a\":}", ":", "", "[1 2]", "\"x"})
            QVERIFY2(layOutJson(bad, 100).errorByte.has_value(), bad);
        QVERIFY(layOutJson(std::string(100000, '['), 1000000).errorByte.has_value());
    }

    void numbersBeyondDoubles()
    {
        QVERIFY(std::isinf(doubleOfNumber("1e9223372036854775807")));
        QCOMPARE(doubleOfNumber("1e-9223372036854775808"), 0.0);
        QVERIFY(std::isinf(doubleOfNumber("1e99999999999999999999")));
        QCOMPARE(doubleOfNumber("0." + std::string(900, '0') + "1e500"), 0.0);
        QVERIFY(std::isinf(doubleOfNumber("1" + std::string(900, '0') + "e-500")));
        QVERIFY(std::signbit(doubleOfNumber("-1e-999")));
    }

    void inference()
    {
        const InferredFields found = inferFields({R"({"id":1,"p":1.25,"ts":"2024-03-01 12:00:00","x":null,"n":{}})",
            R"({"id":2,"p":1,"ts":"2024-03-01 12:00:01.5","x":null,"n":[1]})", "broken"});
        QCOMPARE(found.objects, std::size_t{2});
        QCOMPARE(found.timeField, std::string("ts"));
        QVERIFY(found.standard == TimestampStandard::Sql);
        const Schema expected{
            {"id", types::bigInt()}, {"p", types::decimal(18, 2)}, {"ts", types::timestamp(3)}, {"n", types::string()}};
        QVERIFY(found.fields == expected);
    }
};

QTEST_APPLESS_MAIN(TestJsonText)
#include "tst_json_text.moc"
