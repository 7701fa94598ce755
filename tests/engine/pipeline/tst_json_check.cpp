// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/json_check.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <random>
#include <sstream>
#include <string>

using namespace weir;

Q_DECLARE_METATYPE(weir::JsonShape)

namespace {

/// Another parser's word on whether the text begins with a JSON value.
bool isJson(const std::string& text)
{
    std::istringstream stream(text);
    nlohmann::json value;
    try {
        stream >> value;
        return true;
    } catch (const nlohmann::json::parse_error&) {
        return false;
    } catch (const nlohmann::json::out_of_range&) {
        return true; // a number that is too large for it
    }
}

} // namespace

class TestJsonCheck : public QObject
{
    Q_OBJECT

private slots:
    void shapes_data();
    void shapes();
    void depthIsLimited();
    void everyTruncationIsInvalid();
    void damagedTextAgainstAnotherParser();
    void stringsOfEveryLength();
};

void TestJsonCheck::shapes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<JsonShape>("shape");
    const auto row = [](const char* text, JsonShape shape) { QTest::newRow(text) << QByteArray(text) << shape; };
    for (const char* text : {"{}", "[]", " {\"a\":1}", "{\"a\":{\"b\":[1,2,{}]},\"c\":null}", "[[],[[]],{}]",
             "[1,-2.5e+10,0,0.1,1E-3,1e400,123456789012345678901234567890]", "{\"a\":\"\\u00e9\\n\\\"\"}",
             "{\"a\":1} and more", "[true,false,null]\n", "{\"\":\"\"}", "{ \"a\" : 1 , \"b\" : [ ] }"})
        row(text, JsonShape::Container);
    for (const char* text : {"1", "-0", "\"text\"", "true", "null", " 3.5 "})
        row(text, JsonShape::Scalar);
    for (const char* text : {"", " ", "{", "[", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "[1,]", "[,1]", "{a:1}",
             "{'a':1}", "{\"a\" 1}", "[1 2]", "[1}", "{\"a\":1]", "tru", "nul", "+1", "-", ".5", "1.", "1e", "1e+",
             "[01]", "\"open", "\"\\x\"", "\"\\u12g4\"", "\"a\nb\"", "<xml/>", "]", "{\"a\":tru}", "[\"\\"})
        row(text, JsonShape::Invalid);
}

void TestJsonCheck::shapes()
{
    QFETCH(QByteArray, text);
    QFETCH(JsonShape, shape);
    QCOMPARE(jsonShape(std::string_view(text.constData(), static_cast<std::size_t>(text.size()))), shape);
}

void TestJsonCheck::depthIsLimited()
{
    QCOMPARE(jsonShape(std::string(512, '[') + std::string(512, ']')), JsonShape::Container);
    QCOMPARE(jsonShape(std::string(600, '[') + std::string(600, ']')), JsonShape::Invalid);
    QCOMPARE(jsonShape(std::string(10'000'000, '[')), JsonShape::Invalid);
}

void TestJsonCheck::everyTruncationIsInvalid()
{
    const std::string text = R"({"order_id":4711,"lines":[{"sku":"A\u0031","price":-1.5e3},true,null],"ok":false})";
    QCOMPARE(jsonShape(text), JsonShape::Container);
    for (std::size_t length = 0; length < text.size(); ++length)
        QCOMPARE(jsonShape(std::string_view(text).substr(0, length)), JsonShape::Invalid);
}

void TestJsonCheck::damagedTextAgainstAnotherParser()
{
    const std::string text = R"({"id":12,"a":[1,2.5,"xty",{"b":null}],"c":{"d":true}})";
    const std::string alphabet = R"({}[]",:0123456789.eE+-tfnu abx)";
    std::mt19937 random(5);
    int valid = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string damaged = text;
        for (unsigned change = random() % 3; change > 0; --change)
            damaged[1 + random() % (damaged.size() - 2)] = alphabet[random() % alphabet.size()];
        const bool expected = isJson(damaged);
        valid += expected ? 1 : 0;
        QVERIFY2((jsonShape(damaged) == JsonShape::Container) == expected, damaged.c_str());
    }
    QVERIFY(valid > 1'000);
}

/// Strings are read in blocks: every byte that ends one or is not allowed, at every place of blocks and of their rest.
void TestJsonCheck::stringsOfEveryLength()
{
    for (std::size_t length = 0; length < 50; ++length) {
        const std::string plain(length, 'x');
        QCOMPARE(jsonShape("[\"" + plain + "\"]"), JsonShape::Container);
        QCOMPARE(jsonShape("[\"" + plain), JsonShape::Invalid);
        for (std::size_t at = 0; at < length; ++at) {
            for (const char special : {'"', '\\', '\n', '\x1f', '\0', ' ', '\x7f', '\xe9'}) {
                std::string text = "[\"" + plain + "\"]";
                text[2 + at] = special;
                const bool goesOn = special == ' ' || special == '\x7f' || special == '\xe9';
                QCOMPARE(jsonShape(text) == JsonShape::Container, goesOn);
            }
        }
    }
}

QTEST_GUILESS_MAIN(TestJsonCheck)
#include "tst_json_check.moc"
