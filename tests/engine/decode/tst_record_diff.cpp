// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/record_diff.h"

#include <QTest>

using namespace weir;

namespace {

using Headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

struct Given
{
    std::optional<std::string> key = "k";
    std::optional<std::string> value;
    Headers headers = {};
    std::int64_t offset = 1;
};

RecordBatchPtr recordOf(const Given& given)
{
    BatchSize size{1, given.headers.size(), given.key.value_or("").size() + given.value.value_or("").size()};
    for (const auto& [name, value] : given.headers)
        size.bytes += name.size() + value.value_or("").size();
    RecordBatchBuilder builder(std::make_shared<const std::string>("orders"), PartitionId{2}, size);
    builder.add(given.offset, 1'700'000'000'000, TimestampType::CreateTime, given.key, given.value);
    for (const auto& [name, value] : given.headers)
        builder.addHeader(name, value);
    return builder.finish(0, nullptr);
}

/// What differs, a line each: "~path: before -> after", "+path: after", "-path: before".
QStringList differences(const Given& before, const Given& after)
{
    const auto lines = diffRecords(*recordOf(before), 0, *recordOf(after), 0);
    QStringList told;
    for (const DiffLine& line : lines) {
        if (line.kind == DiffKind::Same || line.container)
            continue;
        const QString path = QString::fromStdString(line.path);
        const QString old = QString::fromStdString(line.before);
        const QString now = QString::fromStdString(line.after);
        told << (line.kind == DiffKind::Added    ? "+" + path + ": " + now
                : line.kind == DiffKind::Removed ? "-" + path + ": " + old
                                                 : "~" + path + ": " + old + " -> " + now);
    }
    if (differencesIn(lines) != std::size_t(told.size()))
        told << "miscounted";
    return told;
}

Given value(const char* json)
{
    return {"k", json};
}

} // namespace

class TestRecordDiff : public QObject
{
    Q_OBJECT
private slots:
    void equalRecordsDoNotDiffer()
    {
        QCOMPARE(differences(value(R"({"a":1})"), value(R"({"a":1})")), QStringList());
        QCOMPARE(differences({"k", std::nullopt}, {"k", std::nullopt}), QStringList());
    }

    void fieldsByTheirPaths()
    {
        QCOMPARE(
            differences(value(R"({"a":1,"b":{"c":"x","d":[1,2]}})"), value(R"({"a":2,"b":{"c":"x","d":[1,3,4]}})")),
            QStringList({"~value.a: 1 -> 2", "~value.b.d[1]: 2 -> 3", "+value.b.d[2]: 4"}));
    }

    void membersThatCameAndWent()
    {
        QCOMPARE(differences(value(R"({"a":1,"gone":{"x":1},"z":0})"), value(R"({"a":1,"new":[1],"z":0})")),
            QStringList({"+value.new: [1]", "-value.gone: {\"x\":1}"}));
        // Another order is no difference.
        QCOMPARE(differences(value(R"({"a":1,"b":2})"), value(R"({"b":2,"a":1})")), QStringList());
    }

    void anotherKind()
    {
        QCOMPARE(differences(value(R"({"a":1})"), value(R"({"a":"1"})")), QStringList({"~value.a: 1 -> \"1\""}));
        QCOMPARE(differences(value(R"({"a":{}})"), value(R"({"a":[]})")), QStringList({"~value.a: {} -> []"}));
        QCOMPARE(differences(value(R"({"a":1})"), value("[1]")), QStringList({"~value: {\"a\":1} -> [1]"}));
    }

    void whatIsNoJson()
    {
        QCOMPARE(
            differences({"k", "abc"}, {"k2", std::nullopt}), QStringList({"~key: k -> k2", "~value: abc -> null"}));
        QCOMPARE(differences({"k", ""}, {"k", "{"}), QStringList({"~value: \"\" -> {"}));
        const std::string same(500, 'x');
        const QStringList late = differences({"k", same + "a"}, {"k", same + "b"});
        QCOMPARE(late.size(), 1);
        QVERIFY2(late.front().endsWith("(differs from byte 500 on)"), qPrintable(late.front()));
    }

    void headersAndPlaces()
    {
        QCOMPARE(differences({"k", "v", {{"trace", "1"}, {"x", std::nullopt}}, 1}, {"k", "v", {{"trace", "2"}}, 5}),
            QStringList({"~record.offset: 1 -> 5", "~headers.trace: 1 -> 2", "-headers.x: null"}));
    }

    void hostileValuesEnd()
    {
        std::string deep = "{\"a\":";
        for (int i = 0; i < 400; ++i)
            deep += "{\"a\":";
        const std::string one = deep + "1" + std::string(401, '}');
        const std::string other = deep + "2" + std::string(401, '}');
        QCOMPARE(differences({"k", one}, {"k", other}).size(), 1);
        std::string wide = "{";
        for (int i = 0; i < 19'000; ++i)
            wide += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":" + std::to_string(i);
        QCOMPARE(differences({"k", wide + "}"}, {"k", wide + ",\"last\":1}"}), QStringList({"+value.last: 1"}));
        QCOMPARE(differences({"k", std::string(1 << 20, '[')}, {"k", std::string(1 << 20, '{')}).size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestRecordDiff)
#include "tst_record_diff.moc"
