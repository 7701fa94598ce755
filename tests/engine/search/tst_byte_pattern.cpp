// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/byte_pattern.h"

#include <QTest>

using namespace weir;
using namespace weir::search;

namespace {

RecordBatchPtr batchOf(const std::string& key, const std::string& value, const std::string& headerName,
    const std::optional<std::string>& headerValue)
{
    RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{0},
        {1, 1, key.size() + value.size() + headerName.size() + (headerValue ? headerValue->size() : 0)});
    builder.add(7, 1, TimestampType::CreateTime, key, value);
    builder.addHeader(headerName, headerValue ? std::optional<std::string_view>(*headerValue) : std::nullopt);
    return builder.finish(1, nullptr);
}

bool matches(const PatternSpec& spec, const RecordBatchPtr& batch)
{
    const auto pattern = BytePattern::compile(spec);
    return pattern.ok() && (*pattern)->matches(*batch, 0);
}

} // namespace

class TestBytePattern : public QObject
{
    Q_OBJECT

private slots:
    void findsWhatIsThere_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("ignoreCase");
        QTest::addColumn<bool>("found");
        const int text = static_cast<int>(PatternKind::Text);
        const int bytes = static_cast<int>(PatternKind::Bytes);
        const int regex = static_cast<int>(PatternKind::Regex);
        QTest::newRow("text in the value") << text << QByteArray("PAID") << false << true;
        QTest::newRow("text in the key") << text << QByteArray("ord-47") << false << true;
        QTest::newRow("text in a header's name") << text << QByteArray("trace") << false << true;
        QTest::newRow("text in a header's value") << text << QByteArray("00-ab") << false << true;
        QTest::newRow("another case") << text << QByteArray("paid") << false << false;
        QTest::newRow("another case ignored") << text << QByteArray("paid") << true << true;
        QTest::newRow("beyond ASCII ignored") << text << QByteArray("\xC3\x9C") << true << true; // Ü is ü
        QTest::newRow("no pattern in a text") << text << QByteArray("P.ID") << false << false;
        QTest::newRow("nor where case is ignored") << text << QByteArray("p.id") << true << false;
        QTest::newRow("key and value do not join") << text << QByteArray("471{") << false << false;
        QTest::newRow("bytes") << bytes << QByteArray("50 41 49 44") << false << true;
        QTest::newRow("bytes that are not there") << bytes << QByteArray("50414945") << false << false;
        QTest::newRow("expression") << regex << QByteArray("\"PA[A-Z]{2}\"") << false << true;
        QTest::newRow("expression of the whole key") << regex << QByteArray("^ord-\\d+$") << false << true;
        QTest::newRow("expression that does not match") << regex << QByteArray("^\\d+$") << false << false;
        QTest::newRow("expression without case") << regex << QByteArray("ORD-\\d") << true << true;
    }
    void findsWhatIsThere()
    {
        QFETCH(const int, kind);
        QFETCH(const QByteArray, text);
        QFETCH(const bool, ignoreCase);
        PatternSpec spec{static_cast<PatternKind>(kind), text.toStdString(), ignoreCase};
        const auto batch = batchOf("ord-471", "{\"status\":\"PAID\",\"city\":\"Z\xC3\xBCrich\"}", "trace", "00-ab");
        QTEST(matches(spec, batch), "found");
    }

    void looksOnlyWhereAsked()
    {
        const auto batch = batchOf("key", "value", "name", "text");
        for (const std::string word : {"key", "value", "name", "text"}) {
            PatternSpec spec{PatternKind::Text, word, false, false, false, false};
            QVERIFY(!matches(spec, batch));
            spec.inKey = word == "key";
            spec.inValue = word == "value";
            spec.inHeaders = word == "name" || word == "text";
            QVERIFY2(matches(spec, batch), word.c_str());
        }
        QVERIFY(!matches({PatternKind::Text, "null"}, batchOf("", "", "empty", std::nullopt)));
    }

    void placesAreTold()
    {
        const auto pattern = BytePattern::compile({PatternKind::Text, "ab"});
        QVERIFY(pattern.ok());
        const std::string_view bytes("xxabxab");
        QCOMPARE((*pattern)->find(bytes)->position, std::size_t{2});
        QCOMPARE((*pattern)->find(bytes, 3)->position, std::size_t{5});
        QVERIFY(!(*pattern)->find(bytes, 6));
        QVERIFY(!(*pattern)->find(bytes, 60));
        const auto expression = BytePattern::compile({PatternKind::Regex, "b.?"});
        QCOMPARE((*expression)->find(bytes, 1)->length, std::size_t{2});
        QCOMPARE((*expression)->find(bytes, 4)->position, std::size_t{6});
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("nothing") << 0 << QByteArray() << QByteArray("nothing to look for");
        QTest::newRow("half a byte") << 1 << QByteArray("00 2") << QByteArray("are no bytes");
        QTest::newRow("no digit") << 1 << QByteArray("0g") << QByteArray("are no bytes");
        QTest::newRow("a split byte") << 1 << QByteArray("0 0") << QByteArray("are no bytes");
        QTest::newRow("open bracket") << 2 << QByteArray("a[b") << QByteArray("cannot be run");
        QTest::newRow("back reference") << 2 << QByteArray("(a)\\1") << QByteArray("cannot be run");
        QTest::newRow("too large") << 2 << QByteArray("((a{1000}){1000}){1000}") << QByteArray("cannot be run");
    }
    void saysWhatIsWrong()
    {
        QFETCH(const int, kind);
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, says);
        const auto pattern = BytePattern::compile({static_cast<PatternKind>(kind), text.toStdString()});
        QVERIFY(!pattern.ok());
        QVERIFY2(QByteArray::fromStdString(pattern.error().text()).contains(says), pattern.error().text().c_str());
    }

    /// A pattern that backtracking would take years for.
    void timeIsLinear()
    {
        const auto pattern = BytePattern::compile({PatternKind::Regex, "(a+)+$"});
        QVERIFY(pattern.ok());
        QVERIFY(!(*pattern)->matches(*batchOf("", std::string(100'000, 'a') + "b", "", ""), 0));
    }
};

QTEST_GUILESS_MAIN(TestBytePattern)
#include "tst_byte_pattern.moc"
