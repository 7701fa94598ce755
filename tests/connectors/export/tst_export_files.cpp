// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of the file of an export: complete, given up, in the way, or on a disk without room.
#include "connectors/export/export_writer.h"
#include "tests/connectors/export/rows.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace weir;
using namespace weir::exporter;
using namespace std::string_view_literals;

namespace {

Rows someRows()
{
    Rows rows(3);
    rows.add<std::int64_t>({"Id", ColumnKind::Integer}, {1, std::nullopt, INT64_MIN})
        .add<std::string_view>({"id", ColumnKind::Decimal, 10, 2}, {"12.50", std::nullopt, "-0.10"})
        .add<Payload>(
            {"va\"lue", ColumnKind::Payload}, {Payload{"text", PayloadForm::Text}, std::nullopt, Payload{"\xff\0b"sv}});
    return rows;
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
}

/// Every cell of a query as "type:text", one line per row.
QStringList askedOf(const QString& path, const char* sql)
{
    QStringList rows;
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    sqlite3_open_v2(path.toUtf8().constData(), &database, SQLITE_OPEN_READONLY, nullptr);
    if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) != SQLITE_OK)
        rows.append(QString::fromUtf8(sqlite3_errmsg(database)));
    while (statement && sqlite3_step(statement) == SQLITE_ROW) {
        QStringList cells;
        for (int i = 0; i < sqlite3_column_count(statement); ++i)
            cells.append(QString::number(sqlite3_column_type(statement, i)) + ':'
                + QString::fromUtf8(QByteArray(
                    static_cast<const char*>(sqlite3_column_blob(statement, i)), sqlite3_column_bytes(statement, i))
                                        .toPercentEncoding(" .:-", "")));
        rows.append(cells.join('|'));
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return rows;
}

/// No file may grow beyond `bytes` while this lives.
class SmallDisk
{
public:
    explicit SmallDisk(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

class TestExportFiles : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

    QString path(const QString& name) const { return m_dir.filePath(name); }
    ExportSettings settings(Format format, const QString& name) const
    {
        ExportSettings settings;
        settings.format = format;
        settings.path = path(name).toStdString();
        settings.table = "my \"topic\"";
        return settings;
    }
    QStringList files() const { return QDir(m_dir.path()).entryList(QDir::Files | QDir::System | QDir::Hidden); }

private slots:
    void cleanup()
    {
        for (const QString& name : files())
            QFile::remove(path(name));
    }

    void formats()
    {
        for (const Format format : {Format::JsonLines, Format::Csv, Format::Sqlite, Format::Avro, Format::Raw})
            QVERIFY(formatOf(formatName(format)) == format);
        QVERIFY(!formatOf("xml"));
        QVERIFY(formatOfPath("/a.b/c.csv") == Format::Csv);
        QVERIFY(formatOfPath("x.sqlite3") == Format::Sqlite);
        QVERIFY(!formatOfPath("/a.csv/c"));
    }

    /// The name is there when all is, and not before.
    void appearsWhenComplete()
    {
        for (const Format format : {Format::JsonLines, Format::Csv, Format::Sqlite, Format::Avro, Format::Raw}) {
            const QString name = QString::fromUtf8(formatName(format).data());
            const Rows rows = someRows();
            auto writer = ExportWriter::open(settings(format, name), rows.infos);
            QVERIFY2(writer.ok(), writer ? "" : writer.error().text().c_str());
            QVERIFY((*writer)->append(rows.block()).ok());
            QCOMPARE(files(), QStringList{name + ".partial"});
            QVERIFY((*writer)->finish().ok());
            QCOMPARE(files(), QStringList{name});
            QCOMPARE((*writer)->counters().bytes, std::uint64_t(QFileInfo(path(name)).size()));
            QCOMPARE((*writer)->counters().cells.rows, std::uint64_t(format == Format::Raw ? 2 : 3));
            writer->reset();
            QCOMPARE(files(), QStringList{name});
            QFile::remove(path(name));
        }
    }

    void givenUpLeavesNothing()
    {
        for (const Format format : {Format::Csv, Format::Sqlite}) {
            const Rows rows = someRows();
            auto writer = ExportWriter::open(settings(format, "x"), rows.infos);
            QVERIFY(writer.ok() && (*writer)->append(rows.block()).ok());
            writer->reset();
            QCOMPARE(files(), QStringList{});
        }
    }

    void sqliteKeepsTypes()
    {
        const Rows rows = someRows();
        auto writer = ExportWriter::open(settings(Format::Sqlite, "db"), rows.infos);
        QVERIFY(writer.ok() && (*writer)->append(rows.block()).ok() && (*writer)->append(rows.block({2})).ok());
        QVERIFY((*writer)->finish().ok());
        // 1 integer, 3 text, 4 blob, 5 NULL
        QCOMPARE(askedOf(path("db"), "SELECT * FROM \"my \"\"topic\"\"\""),
            (QStringList{"1:1|3:12.50|3:text", "5:|5:|5:", "1:-9223372036854775808|3:-0.10|4:%FF%00b",
                "1:-9223372036854775808|3:-0.10|4:%FF%00b"}));
        QCOMPARE(askedOf(path("db"), "SELECT \"Id\", \"id_2\" FROM \"my \"\"topic\"\"\" WHERE \"va\"\"lue\" = 'text'"),
            QStringList{"1:1|3:12.50"});
        QCOMPARE(askedOf(path("db"), "PRAGMA integrity_check"), QStringList{"3:ok"});
    }

    void neverReplacesUnasked()
    {
        QFile old(path("x"));
        QVERIFY(old.open(QIODevice::WriteOnly) && old.write("old") == 3);
        old.close();
        const Rows rows = someRows();
        const auto refused = ExportWriter::open(settings(Format::Csv, "x"), rows.infos);
        QVERIFY(!refused.ok());
        QVERIFY2(refused.error().message.find("already") != std::string::npos, refused.error().text().c_str());
        ExportSettings replacing = settings(Format::Csv, "x");
        replacing.existing = Existing::Replace;
        {
            auto writer = ExportWriter::open(replacing, rows.infos);
            QVERIFY(writer.ok() && (*writer)->append(rows.block()).ok());
        }
        QCOMPARE(contentOf(path("x")), QByteArray("old")); // given up: the old one stays
        auto writer = ExportWriter::open(replacing, rows.infos);
        QVERIFY(writer.ok() && (*writer)->append(rows.block()).ok() && (*writer)->finish().ok());
        QVERIFY(contentOf(path("x")).startsWith("Id,id,"));
        // One that came meanwhile stays, too.
        auto late = ExportWriter::open(settings(Format::Csv, "y"), rows.infos);
        QVERIFY(late.ok());
        QVERIFY(QFile::copy(path("x"), path("y")));
        const auto finished = (*late)->finish();
        QVERIFY(!finished.ok());
        QVERIFY(finished.error().message.find("already") != std::string::npos);
        QCOMPARE(contentOf(path("y")), contentOf(path("x")));
    }

    void whatCannotBeAFile()
    {
        const Rows rows = someRows();
        const auto wrong = [&](const std::string& to, Format format, const char* words) {
            ExportSettings bad = settings(format, "x");
            bad.path = to;
            bad.existing = Existing::Replace;
            const auto opened = ExportWriter::open(bad, rows.infos);
            QVERIFY(!opened.ok());
            QVERIFY2(opened.error().text().find(words) != std::string::npos, opened.error().text().c_str());
        };
        wrong(m_dir.path().toStdString(), Format::Csv, "is a folder");
        wrong(path("no/such/folder").toStdString(), Format::Csv, "No such file");
        wrong("/dev/null", Format::Sqlite, "no regular file");
        wrong("-", Format::Sqlite, "standard output");
        Rows wide(1);
        for (int i = 0; i < 2001; ++i)
            wide.add<std::int64_t>({"c" + std::to_string(i), ColumnKind::Integer}, {1});
        QVERIFY(!ExportWriter::open(settings(Format::Sqlite, "wide"), wide.infos).ok());
    }

    /// A device is written to, not replaced.
    void devicesStay()
    {
        const Rows rows = someRows();
        QVERIFY(::mkfifo(path("pipe").toUtf8().constData(), 0600) == 0);
        const int reader = ::open(path("pipe").toUtf8().constData(), O_RDONLY | O_NONBLOCK);
        auto writer = ExportWriter::open(settings(Format::Csv, "pipe"), rows.infos);
        QVERIFY(writer.ok() && (*writer)->append(rows.block()).ok() && (*writer)->finish().ok());
        char bytes[64];
        QVERIFY(::read(reader, bytes, sizeof bytes) > 10);
        ::close(reader);
        QCOMPARE(files(), QStringList{"pipe"});
    }

    /// A link is followed: what it leads to is replaced.
    void linksStay()
    {
        QFile target(path("target"));
        QVERIFY(target.open(QIODevice::WriteOnly));
        QVERIFY(QFile::link("target", path("link")));
        ExportSettings replacing = settings(Format::Csv, "link");
        replacing.existing = Existing::Replace;
        auto writer = ExportWriter::open(replacing, someRows().infos);
        QVERIFY(writer.ok() && (*writer)->finish().ok());
        QVERIFY(QFileInfo(path("link")).isSymLink());
        QVERIFY(contentOf(path("target")).startsWith("Id,"));
    }

    void oneWriterAtATime()
    {
        const Rows rows = someRows();
        auto first = ExportWriter::open(settings(Format::Csv, "x"), rows.infos);
        QVERIFY(first.ok() && (*first)->append(rows.block()).ok());
        const auto second = ExportWriter::open(settings(Format::Csv, "x"), rows.infos);
        QVERIFY(!second.ok());
        QVERIFY2(second.error().message.find("another program") != std::string::npos, second.error().text().c_str());
        QVERIFY((*first)->finish().ok());
        QCOMPARE(contentOf(path("x")).count('\n'), 4);
    }

    void leftByAKilledProgram()
    {
        QFile left(path("x.partial"));
        QVERIFY(left.open(QIODevice::WriteOnly) && left.write(QByteArray(100'000, 'z')) > 0);
        left.close();
        auto writer = ExportWriter::open(settings(Format::Sqlite, "x"), someRows().infos);
        QVERIFY(writer.ok() && (*writer)->append(someRows().block()).ok() && (*writer)->finish().ok());
        QCOMPARE(files(), QStringList{"x"});
        QCOMPARE(askedOf(path("x"), "PRAGMA integrity_check"), QStringList{"3:ok"});
    }

    void fullDisk_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("stream") << static_cast<int>(Format::JsonLines);
        QTest::newRow("sqlite") << static_cast<int>(Format::Sqlite);
    }

    void fullDisk()
    {
        QFETCH(int, format);
        const Rows rows = someRows();
        auto writer = ExportWriter::open(settings(static_cast<Format>(format), "x"), rows.infos);
        QVERIFY(writer.ok());
        Result<void> written;
        {
            const SmallDisk disk(300'000);
            for (int i = 0; i < 20'000 && written; ++i)
                written = (*writer)->append(rows.block());
            if (written)
                written = (*writer)->finish();
        }
        QVERIFY(!written.ok());
        QVERIFY2(written.error().text().find("x.partial") != std::string::npos
                || written.error().text().find("/x:") != std::string::npos,
            written.error().text().c_str());
        writer->reset();
        QCOMPARE(files(), QStringList{});
    }
};

QTEST_GUILESS_MAIN(TestExportFiles)
#include "tst_export_files.moc"
