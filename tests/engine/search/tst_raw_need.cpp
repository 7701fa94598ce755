// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/raw_need.h"

#include <QTest>

using namespace weir;
using namespace weir::search;

namespace {

bool may(const RawNeed& need, const std::optional<std::string>& value, const std::optional<std::string>& key = {})
{
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{0}, {1, 0, 1000});
    const auto view = [](const std::optional<std::string>& text) {
        return text ? std::optional<std::string_view>(*text) : std::nullopt;
    };
    builder.add(0, 0, TimestampType::CreateTime, view(key), view(value));
    return need.mayMatch(*builder.finish(0, nullptr), 0);
}

RawNeed text(const std::string& bytes)
{
    return {RawNeed::Kind::Text, bytes, {}};
}

} // namespace

class TestRawNeed : public QObject
{
    Q_OBJECT

private slots:
    void partsThatStandAsTheyAre_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        QTest::newRow("a word") << QByteArray("PAID") << QByteArray("PAID");
        QTest::newRow("an id") << QByteArray("ord-471173") << QByteArray("ord-471173");
        QTest::newRow("the longest") << QByteArray("to be decided") << QByteArray("decided");
        QTest::newRow("a number") << QByteArray("1234.5") << QByteArray();
        QTest::newRow("a number with an exponent") << QByteArray("1E5") << QByteArray();
        QTest::newRow("a nested value") << QByteArray(R"({"a": "word"})") << QByteArray("word");
        QTest::newRow("beyond ASCII") << QByteArray("Z\xC3\xBCrich") << QByteArray("rich");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
    }
    void partsThatStandAsTheyAre()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, part);
        QCOMPARE(QByteArray::fromStdString(plainPart(text.toStdString())), part);
    }

    void escapesHideAnything()
    {
        QVERIFY(may(text("PAID"), R"({"s":"PAID"})"));
        QVERIFY(!may(text("PAID"), R"({"s":"FAILED"})"));
        QVERIFY(may(text("PAID"), R"({"s":"\u0050AID"})"));
        QVERIFY(!may(text("PAID"), std::nullopt));
    }

    void numbersHaveManySpellings()
    {
        const RawNeed need{RawNeed::Kind::Digits, "4711", {}};
        QVERIFY(may(need, R"({"n":4711})"));
        QVERIFY(may(need, R"({"n":"4711"})"));
        QVERIFY(may(need, R"({"n":4.711e3})"));
        QVERIFY(may(need, R"({"n":4.711E+3})"));
        QVERIFY(may(need, "{\"n\":\"\xD9\xA4\xD9\xA7\xD9\xA1\xD9\xA1\"}"));
        QVERIFY(!may(need, R"({"n":4712, "text":"free energy"})"));
    }

    void keysAreWhole()
    {
        const RawNeed need{RawNeed::Kind::Key, "k-1", {}};
        QVERIFY(may(need, std::nullopt, "k-1"));
        QVERIFY(!may(need, "k-1", "k-12"));
        QVERIFY(!may(need, "k-1", std::nullopt));
    }

    void joining()
    {
        const RawNeed both = bothOf(text("aa"), text("bb"));
        QVERIFY(may(both, "aa bb"));
        QVERIFY(!may(both, "aa"));
        const RawNeed either = eitherOf(eitherOf(text("aa"), text("bb")), text("cc"));
        QCOMPARE(either.parts.size(), std::size_t{3});
        QVERIFY(may(either, "cc"));
        QVERIFY(!may(either, "dd"));
        QVERIFY(eitherOf(text("aa"), {}).isNothing()); // the other side may be true of anything
        QVERIFY(!may(bothOf(text("aa"), {}), "bb"));
        QVERIFY(may(RawNeed(), std::nullopt));
    }
};

QTEST_GUILESS_MAIN(TestRawNeed)
#include "tst_raw_need.moc"
