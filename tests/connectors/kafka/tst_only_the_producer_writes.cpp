// SPDX-License-Identifier: GPL-3.0-or-later
// Looking changes nothing: reads the sources and fails when one but the writing ones calls what writes.
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

namespace {

/// Calls that produce, commit, join, create, alter or delete.
const QRegularExpression& writingCall()
{
    static const QRegularExpression pattern(QStringLiteral(
        R"(\brd_kafka_(produce\w*|commit\w*|subscribe|subscription|assign|incremental_\w+|offset_store|offsets_store)"
        R"(|poll_set_consumer|consumer_poll|consumer_close\w*|begin_transaction|commit_transaction|abort_transaction)"
        R"(|init_transactions|send_offsets_to_transaction|purge|Create\w+|Delete\w+|Alter\w+|Incremental\w+|Elect\w+)"
        R"(|mock_\w+)\s*\()"));
    return pattern;
}

QString firstWritingCall(const QString& text)
{
    const QRegularExpressionMatch match = writingCall().match(text);
    return match.hasMatch() ? match.captured(0) : QString();
}

/// Sources of the product, by path from the root.
QMap<QString, QString> sources()
{
    const QDir root(QStringLiteral(WEIR_SOURCE_DIR));
    QMap<QString, QString> texts;
    for (const char* folder : {"app", "connectors", "widgets"}) {
        QDirIterator files(root.filePath(QString::fromLatin1(folder)), {QStringLiteral("*.cpp"), QStringLiteral("*.h")},
            QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly))
                texts.insert(root.relativeFilePath(file.fileName()), QString::fromUtf8(file.readAll()));
        }
    }
    return texts;
}

} // namespace

class TestOnlyTheProducerWrites : public QObject
{
    Q_OBJECT

private slots:
    void theRuleFindsWhatItShould_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("writes");
        QTest::newRow("produce") << "rd_kafka_produceva(c, a, 3);" << true;
        QTest::newRow("commit") << "if (rd_kafka_commit (c, l, 0))" << true;
        QTest::newRow("join") << "rd_kafka_subscribe(c, topics);" << true;
        QTest::newRow("create topics") << "rd_kafka_CreateTopics(c, &t, 1, o, q);" << true;
        QTest::newRow("delete groups") << "rd_kafka_DeleteGroups(c, g, 1, o, q);" << true;
        QTest::newRow("alter offsets") << "rd_kafka_AlterConsumerGroupOffsets(c, a, 1, o, q);" << true;
        QTest::newRow("read") << "rd_kafka_consume_batch_queue(q, 0, m, 1);" << false;
        QTest::newRow("start") << "rd_kafka_consume_start_queue(t, 0, 5, q);" << false;
        QTest::newRow("describe") << "rd_kafka_DescribeConfigs(c, &r, 1, o, q);" << false;
        QTest::newRow("committed offsets") << "rd_kafka_ListConsumerGroupOffsets(c, &r, 1, o, q);" << false;
    }

    void theRuleFindsWhatItShould()
    {
        QFETCH(QString, line);
        QFETCH(bool, writes);
        QCOMPARE(!firstWritingCall(line).isEmpty(), writes);
    }

    void onlyTheProducerAndTheEmbeddedClusterWrite()
    {
        const QStringList allowed{
            QStringLiteral("connectors/kafka/producer.cpp"), QStringLiteral("connectors/kafka/embedded_cluster.cpp")};
        const QMap<QString, QString> texts = sources();
        for (const QString& path : allowed)
            QVERIFY2(!firstWritingCall(texts.value(path)).isEmpty(), qPrintable(path + " is not where it was"));
        for (auto it = texts.begin(); it != texts.end(); ++it) {
            const QString call = firstWritingCall(it.value());
            if (!allowed.contains(it.key()))
                QVERIFY2(call.isEmpty(), qPrintable(it.key() + " calls " + call));
        }
    }

    void onlyTheKafkaConnectorSpeaksToLibrdkafka()
    {
        const QMap<QString, QString> texts = sources();
        for (auto it = texts.begin(); it != texts.end(); ++it) {
            if (!it.key().startsWith(QStringLiteral("connectors/kafka/")))
                QVERIFY2(!it.value().contains(QStringLiteral("rd_kafka_")), qPrintable(it.key()));
        }
    }
};

QTEST_GUILESS_MAIN(TestOnlyTheProducerWrites)
#include "tst_only_the_producer_writes.moc"
