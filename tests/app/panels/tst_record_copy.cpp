// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/record_copy.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace weir;

namespace {

RecordBatchPtr recordOf(const std::optional<std::string>& key, const std::optional<std::string>& value,
    TimestampType type = TimestampType::CreateTime, const std::string& topic = "orders")
{
    RecordBatchBuilder builder(std::make_shared<const std::string>(topic), PartitionId{7},
        {1, 0, (key ? key->size() : 0) + (value ? value->size() : 0)});
    builder.add(88'120'314, 1'700'000'000'123, type, key ? std::optional<std::string_view>(*key) : std::nullopt,
        value ? std::optional<std::string_view>(*value) : std::nullopt);
    return builder.finish(0, nullptr);
}

QJsonObject jsonOf(const RecordBatchPtr& batch)
{
    QJsonParseError fault;
    const QJsonObject object = QJsonDocument::fromJson(copyJson(*batch, 0).toUtf8(), &fault).object();
    if (fault.error != QJsonParseError::NoError)
        qWarning("%s: %s", qPrintable(fault.errorString()), qPrintable(copyJson(*batch, 0)));
    return object;
}

} // namespace

class TestRecordCopy : public QObject
{
    Q_OBJECT
private slots:
    void json()
    {
        const QJsonObject object = jsonOf(recordOf("k-1", R"({"id":9007199254740993})"));
        QCOMPARE(object["topic"].toString(), QString("orders"));
        QCOMPARE(object["partition"].toInt(), 7);
        QCOMPARE(object["offset"].toInt(), 88'120'314);
        QCOMPARE(object["timestamp"].toDouble(), 1'700'000'000'123.0);
        QCOMPARE(object["key"].toString(), QString("k-1"));
        QVERIFY(object["value"].isObject());
        QVERIFY(copyJson(*recordOf({}, R"({"id":9007199254740993})"), 0).contains("9007199254740993")); // to the digit
    }

    void oddValuesStayJson_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("text") << QByteArray("plain \"text\"\n");
        QTest::newRow("broken") << QByteArray("{\"a\":");
        QTest::newRow("two values") << QByteArray("{} {}");
        QTest::newRow("bytes") << QByteArray("\xff\xfe\x00{", 4);
        QTest::newRow("empty") << QByteArray("");
    }
    void oddValuesStayJson()
    {
        QFETCH(QByteArray, value);
        const QJsonObject object = jsonOf(recordOf({}, value.toStdString(), TimestampType::NotAvailable));
        QVERIFY(object["value"].isString());
        QVERIFY(object["key"].isNull());
        QVERIFY(object["timestamp"].isNull());
        QVERIFY(jsonOf(recordOf({}, std::nullopt))["value"].isNull());
    }

    void bytes()
    {
        QCOMPARE(copyHex(std::string_view("\x7b\x00\xff", 3)), QString("7B 00 FF"));
        QCOMPARE(copyBase64(std::string_view("hi")), QString("aGk="));
        QCOMPARE(copyText(std::nullopt), QString());
        const std::string large(copyLimit + 10, 'x');
        QCOMPARE(std::size_t(copyText(large).size()), copyLimit);
    }

    void aCommandThatAShellReadsAsMeant()
    {
        const QString plain = copyCommand(*recordOf("k", "v"), 0, "localhost:9092,b:1");
        QCOMPARE(plain, QString("weir-cli tail orders -b localhost:9092,b:1 --partition 7 --from @88120314 --count 1"));
        const QString hostile = "x'; touch /tmp/never; echo '$(id)";
        const QString command =
            copyCommand(*recordOf("k", "v", TimestampType::CreateTime, hostile.toStdString()), 0, "b:1");
        QProcess shell;
        shell.start("sh", {"-c", "set -- " + command + "\nprintf '%s' \"$3\""});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), hostile);
    }
};

QTEST_GUILESS_MAIN(TestRecordCopy)
#include "tst_record_copy.moc"
