// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/files/json_lines_source.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace weir;
using namespace std::chrono_literals;

namespace {

void append(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    QCOMPARE(file.write(bytes), bytes.size());
}

/// Values read in `polls` polls or until the source has ended; offsets must count up from `offset`.
QStringList read(Source& source, int polls, std::int64_t& offset)
{
    QStringList values;
    for (int i = 0; i < polls && !source.state().ended; ++i) {
        const auto batches = source.poll(1ms);
        if (!batches)
            return {QString::fromStdString(batches.error().message)};
        for (const RecordBatchPtr& batch : *batches) {
            for (std::size_t row = 0; row < batch->size(); ++row) {
                const std::string_view value = *batch->value(row);
                values << (batch->offset(row) == offset++ ? QString::fromUtf8(value.data(), int(value.size()))
                                                          : QStringLiteral("wrong offset"));
            }
        }
    }
    return values;
}

} // namespace

class TestJsonLinesSource : public QObject
{
    Q_OBJECT

private slots:
    void folderIsReadInOrderOfNames()
    {
        QTemporaryDir folder;
        append(folder.filePath("b.jsonl"), "3\r\n\n5");
        append(folder.filePath("a.jsonl"), "1\n2");
        append(folder.filePath(".hidden"), "x\n");
        append(folder.filePath("_part"), "x\n");
        QVERIFY(QDir(folder.path()).mkpath("below/_half") && QDir(folder.path()).mkpath("a"));
        append(folder.filePath("a/z.jsonl"), "0\n");
        append(folder.filePath("below/c.jsonl"), "6\n");
        append(folder.filePath("below/_half/d.jsonl"), "x\n");
        auto source = files::openJsonLines({folder.path().toStdString(), 0ms, nullptr});
        QVERIFY(source.ok());
        std::int64_t offset = 0;
        QCOMPARE(read(**source, 100, offset), QStringList({"1", "2", "0", "3", "", "5", "6"}));
        QVERIFY((*source)->state().ended);
        QCOMPARE((*source)->state().partitions.at(0).next, std::int64_t{7});
    }

    void manyLinesComeInBatches()
    {
        QTemporaryDir folder;
        QByteArray text;
        QStringList expected;
        for (int i = 0; i < 30000; ++i) {
            expected << QString::number(i) + QString(i % 97, QChar('x'));
            text += expected.back().toLatin1() + '\n';
        }
        append(folder.filePath("f"), text);
        auto source = files::openJsonLines({folder.filePath("f").toStdString(), 0ms, nullptr});
        QVERIFY(source.ok());
        std::int64_t offset = 0;
        QCOMPARE(read(**source, 1000, offset), expected);
    }

    void tornLastLineWaits()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("f");
        append(path, "1\n{\"a\"");
        auto source = files::openJsonLines({path.toStdString(), 1ms, nullptr});
        QVERIFY(source.ok());
        std::int64_t offset = 0;
        QCOMPARE(read(**source, 5, offset), QStringList({"1"}));
        append(path, ":1}\n");
        QCOMPARE(read(**source, 5, offset), QStringList({"{\"a\":1}"}));
        QVERIFY(!(*source)->state().ended);
    }

    void missingPathSaysSo()
    {
        const auto source = files::openJsonLines({"/no/such/file", 0ms, nullptr});
        QVERIFY(!source.ok());
        QVERIFY(source.error().kind == ErrorKind::NotFound);
        QCOMPARE(source.error().where, std::string("/no/such/file"));
    }

    void lineWithoutEndIsRefused()
    {
        QTemporaryDir folder;
        append(folder.filePath("f"), QByteArray(66 << 20, 'x'));
        auto source = files::openJsonLines({folder.filePath("f").toStdString(), 0ms, nullptr});
        QVERIFY(source.ok());
        std::int64_t offset = 0;
        const QStringList said = read(**source, 500, offset);
        QVERIFY2(said.size() == 1 && said[0].contains("64 MiB"), qPrintable(said.join('|').left(200)));
    }
};

QTEST_APPLESS_MAIN(TestJsonLinesSource)
#include "tst_json_lines_source.moc"
