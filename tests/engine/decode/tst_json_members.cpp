// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_members.h"

#include "connectors/record/record_batch.h"

#include <QTest>

using namespace weir;

namespace {

/// With the readable bytes behind it that the reader wants.
class Padded
{
public:
    explicit Padded(std::string text) : m_size(text.size()), m_text(std::move(text))
    {
        m_text.append(RecordBatch::padding, '\0');
    }
    std::string_view view() const { return std::string_view(m_text).substr(0, m_size); }

private:
    std::size_t m_size;
    std::string m_text;
};

QString found(const char* json, const char* path)
{
    JsonMembers members;
    const Padded text(json);
    const auto field = members.find(text.view(), *JsonFieldPath::parse(path));
    if (!field)
        return "none";
    const char* const kinds[] = {"number", "string", "true", "false", "null", "container"};
    const QString kind = kinds[static_cast<int>(field->kind)];
    return field->text.empty() || kind == "true" || kind == "false" || kind == "null"
        ? kind
        : kind + " " + QString::fromUtf8(field->text.data(), qsizetype(field->text.size()));
}

QStringList namesIn(const std::string& json)
{
    JsonMembers members;
    const Padded text(json);
    const auto* read = members.read(text.view());
    if (!read)
        return {"broken"};
    QStringList names;
    for (const NamedScalar& member : *read)
        names << QString::fromUtf8(member.name.data(), qsizetype(member.name.size()));
    return names;
}

} // namespace

class TestJsonMembers : public QObject
{
    Q_OBJECT
private slots:
    void fieldsByPath()
    {
        const char* const json =
            " {\"a\":1,\"b\":{\"c\":[\"x\",{\"d\":true}],\"e\":null},\"a.b\":\"dot\",\"é\":\"\\u00e9\"} behind";
        QCOMPARE(found(json, "a"), QString("number 1"));
        QCOMPARE(found(json, "b.c[0]"), QString("string x"));
        QCOMPARE(found(json, "b.c[1].d"), QString("true"));
        QCOMPARE(found(json, "b.e"), QString("null"));
        QCOMPARE(found(json, "b.c"), QString("container [\"x\",{\"d\":true}]"));
        QCOMPARE(found(json, "`a.b`"), QString("string dot"));
        QCOMPARE(found(json, "é"), QString("string é"));
        QCOMPARE(found(json, "b.c[7]"), QString("none"));
        QCOMPARE(found(json, "b[0]"), QString("none"));
        QCOMPARE(found(json, "z"), QString("none"));
        QCOMPARE(found("[5,6]", "[1]"), QString("number 6"));
    }

    void theLastOfANameCounts()
    {
        QCOMPARE(found("{\"a\":1,\"a\":2}", "a"), QString("number 2"));
        QCOMPARE(found("{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "a.b"), QString("none"));
    }

    void members()
    {
        QCOMPARE(namesIn("{\"a\":1,\"b\":[],\"c\\n\":{}}"), QStringList({"a", "b", "c\n"}));
        QCOMPARE(namesIn("{}"), QStringList());
        for (const char* broken :
            {"", "  ", "[]", "7", "{", "{\"a\":1", "{\"a\" 1}", "{\"a\":tru}", "{\"a\":1,}", "{\"a\":\"\xff\"}"})
            QCOMPARE(namesIn(broken), QStringList({"broken"}));
        QCOMPARE(namesIn(std::string(600, '[')), QStringList({"broken"}));
        QCOMPARE(namesIn("{\"a\":" + std::string(600, '[') + std::string(600, ']') + "}"), QStringList({"broken"}));
    }

    void brokenValuesHaveNoFields()
    {
        for (const char* broken : {"", "{", "{\"a\":1", "{\"a\":1,\"b\":}", "nonsense", "{\"a\":\"x"})
            QCOMPARE(found(broken, "a"), QString("none"));
    }
};

QTEST_GUILESS_MAIN(TestJsonMembers)
#include "tst_json_members.moc"
