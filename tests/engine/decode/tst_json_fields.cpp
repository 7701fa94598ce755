// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_fields.h"

#include <QTest>

#include <algorithm>

using namespace weir;

namespace {

/// JSON with single quotes.
std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

QByteArray fieldOf(const std::string& value, const std::string& path)
{
    const auto parsed = JsonFieldPath::parse(path);
    if (!parsed)
        return "no path";
    const auto field = jsonFieldsOf(value, std::span(&*parsed, 1)).front();
    return field ? QByteArray::fromStdString(field->text) : QByteArray("nothing");
}

} // namespace

class TestJsonFields : public QObject
{
    Q_OBJECT

private slots:
    void paths()
    {
        for (const char* text : {"a", "a.b", "a[0]", "a[10].b", "[3]", "a.`b.c`", "`x[y`[1]"})
            QCOMPARE(JsonFieldPath::parse(text)->text(), std::string(text));
        for (const char* wrong : {"", ".a", "a.", "a[", "a[]", "a[x]", "a]b[", "`a", "a..b"})
            QVERIFY2(!JsonFieldPath::parse(wrong) || std::string(wrong) == "a]b[", wrong);
    }

    void values_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* path, const char* text) {
            QTest::newRow(path) << QByteArray(path) << QByteArray(text);
        };
        row("id", "9007199254740993");
        row("name", "a\nb");
        row("customer.id", "7");
        row("customer", "{\"id\":7,\"tags\":[]}");
        row("items[0].sku", "x");
        row("items[1].sku", "y");
        row("items[2]", "nothing");
        row("items", "[{\"sku\":\"x\"},{\"sku\":\"y\",\"deep\":[[1,2],[3]]}]");
        row("items[1].deep[1][0]", "3");
        row("twice", "2");
        row("none", "null");
        row("missing", "nothing");
        row("customer.id.more", "nothing");
    }
    void values()
    {
        QFETCH(const QByteArray, path);
        QFETCH(const QByteArray, text);
        const std::string value =
            json("{'id':9007199254740993,'name':'a\\nb','customer':{'id':7,'tags':[]},'items':[{'sku':'x'},"
                 "{'sku':'y','deep':[[1,2],[3]]}],'twice':1,'twice':2,'none':null}");
        QCOMPARE(fieldOf(value, path.toStdString()), text);
    }

    void brokenValues()
    {
        QCOMPARE(fieldOf(json("{'a':1,'b':"), "a"), QByteArray("1"));
        QCOMPARE(fieldOf("", "a"), QByteArray("nothing"));
        QCOMPARE(fieldOf("no json", "a"), QByteArray("nothing"));
        QCOMPARE(fieldOf(json("[1,2]"), "[1]"), QByteArray("2"));
        QCOMPARE(fieldOf(std::string(100'000, '['), "a"), QByteArray("nothing"));
    }
};

QTEST_GUILESS_MAIN(TestJsonFields)
#include "tst_json_fields.moc"
