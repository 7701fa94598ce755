// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/workspace.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QtTest>

using namespace weir;

namespace {

void writeFile(const QString& path, const QByteArray& bytes)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QByteArray readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

ConnectionDocument sampleConnection()
{
    ConnectionDocument document;
    document.name = QStringLiteral("prod-eu-1");
    document.bootstrapServers = QStringLiteral("kafka-1:9092,kafka-2:9092");
    document.colour = 4;
    document.environment = QStringLiteral("production");
    document.namedGroups = {QStringLiteral("fulfilment"), QStringLiteral("billing")};
    document.properties[QStringLiteral("client.rack")] = QStringLiteral("a");
    document.connectAtStart = false;
    return document;
}

DashboardDocument sampleDashboard()
{
    DashboardDocument document;
    document.name = QStringLiteral("Order pipeline");
    document.rangeSeconds = 300;
    document.linkedCursor = false;
    DashboardPanelDocument panel;
    panel.kind = QStringLiteral("query");
    panel.title = QStringLiteral("Revenue \"by\" region");
    panel.sql = QStringLiteral("SELECT 'ä'\nFROM t");
    panel.plotColumn = QStringLiteral("revenue");
    panel.connection = QStringLiteral("c1");
    panel.latencyField = QStringLiteral("created_at");
    panel.place = {1, 2, 1, 2};
    document.panels = {panel, panel};
    return document;
}

} // namespace

class TestWorkspace : public QObject
{
    Q_OBJECT

private slots:
    void emptyDirectoryIsFine();
    void connectionsComeBack();
    void dashboardsComeBack();
    void queriesComeBack();
    void filtersComeBack();
    void windowComesBack();
    void unknownKeysAreKept();
    void savingReplacesById();
    void removing();
    void filesAreReadable();
    void hostileDocuments_data();
    void hostileDocuments();
    void hostileNeighbourHarmsNobody();
    void aFolderInPlaceOfADocumentIsKeptAside();
    void idsCannotLeaveTheFolder();
    void wrongTypesFallBack();
    void temporaryDocumentsAreNeverWritten();
    void aRefusedFileIsTold();
    void theNewestTextIsWritten();
};

void TestWorkspace::emptyDirectoryIsFine()
{
    QTemporaryDir dir;
    Workspace workspace(dir.filePath(QStringLiteral("not/yet/there")));
    workspace.load();
    QVERIFY(workspace.messages().isEmpty());
    QVERIFY(workspace.connections().isEmpty());
    QCOMPARE(workspace.window().theme, QStringLiteral("dark"));
    QVERIFY(!QDir(dir.filePath(QStringLiteral("not"))).exists());
}

void TestWorkspace::connectionsComeBack()
{
    QTemporaryDir dir;
    Workspace writer(dir.path());
    const QString id = writer.saveConnection(sampleConnection());
    writer.flush();
    Workspace reader(dir.path());
    reader.load();
    QCOMPARE(reader.connections().size(), 1);
    const ConnectionDocument& back = reader.connections().first();
    const ConnectionDocument sample = sampleConnection();
    QCOMPARE(back.id, id);
    QCOMPARE(back.name, sample.name);
    QCOMPARE(back.bootstrapServers, sample.bootstrapServers);
    QCOMPARE(back.colour, sample.colour);
    QCOMPARE(back.environment, sample.environment);
    QCOMPARE(back.namedGroups, sample.namedGroups);
    QVERIFY(back.properties == sample.properties);
    QCOMPARE(back.connectAtStart, false);
}

void TestWorkspace::dashboardsComeBack()
{
    QTemporaryDir dir;
    Workspace writer(dir.path());
    const QString id = writer.saveDashboard(sampleDashboard());
    writer.flush();
    Workspace reader(dir.path());
    reader.load();
    const DashboardDocument* back = reader.dashboard(id);
    QVERIFY(back);
    QCOMPARE(back->toJson(), writer.dashboard(id)->toJson());
    QCOMPARE(back->panels.size(), 2);
    QCOMPARE(back->panels.first().sql, sampleDashboard().panels.first().sql);
    QCOMPARE(back->panels.first().latencyField, QStringLiteral("created_at"));
    QVERIFY(back->panels.first().place == (PanelPlace{1, 2, 1, 2}));
    QCOMPARE(back->rangeSeconds, 300);
    QVERIFY(!back->linkedCursor);
}

void TestWorkspace::filtersComeBack()
{
    const QTemporaryDir dir;
    Workspace workspace(dir.path());
    FilterDocument filter;
    filter.name = QStringLiteral("Failed");
    filter.topic = QStringLiteral("orders");
    filter.sql = QStringLiteral("status = 'FAILED'");
    const QString id = workspace.saveFilter(filter);
    const QString second = workspace.saveFilter(filter);
    QVERIFY(id != second);
    workspace.removeFilter(second);
    workspace.flush();
    Workspace reader(dir.path());
    reader.load();
    QCOMPARE(reader.filters().size(), 1);
    QCOMPARE(reader.filters().front().id, id);
    QCOMPARE(reader.filters().front().name, filter.name);
    QCOMPARE(reader.filters().front().topic, filter.topic);
    QCOMPARE(reader.filters().front().sql, filter.sql);
}

void TestWorkspace::queriesComeBack()
{
    QTemporaryDir dir;
    Workspace writer(dir.path());
    QueryDocument query;
    query.name = QStringLiteral("revenue by region");
    query.connection = QStringLiteral("c1");
    query.sql = QStringLiteral("SELECT 1;\n-- done");
    query.plotColumn = QStringLiteral("revenue");
    const QString id = writer.saveQuery(query);
    writer.flush();
    Workspace reader(dir.path());
    reader.load();
    const QueryDocument* back = reader.query(id);
    QVERIFY(back);
    QCOMPARE(back->sql, query.sql);
    QCOMPARE(back->name, query.name);
    QCOMPARE(back->plotColumn, query.plotColumn);
}

void TestWorkspace::windowComesBack()
{
    QTemporaryDir dir;
    Workspace writer(dir.path());
    WindowDocument window;
    window.geometry = QByteArray::fromHex("00ff10");
    window.state = QByteArray("state");
    window.theme = QStringLiteral("light");
    window.tabs = {{QStringLiteral("topic"), QStringLiteral("c1"), QStringLiteral("orders"),
                       {{QStringLiteral("isolation"), QStringLiteral("read_committed")}}},
        {QStringLiteral("dashboard"), {}, QStringLiteral("d1"), {}}};
    window.currentTab = 1;
    writer.saveWindow(window);
    writer.flush();
    Workspace reader(dir.path());
    reader.load();
    QCOMPARE(reader.window().geometry, window.geometry);
    QCOMPARE(reader.window().state, window.state);
    QCOMPARE(reader.window().theme, window.theme);
    QVERIFY(reader.window().tabs == window.tabs);
    QCOMPARE(reader.window().currentTab, 1);
}

void TestWorkspace::unknownKeysAreKept()
{
    QTemporaryDir dir;
    writeFile(dir.filePath(QStringLiteral("connections.json")),
        R"({"weir":"connections","version":1,"later":[1,2],
            "connections":[{"id":"a","name":"x","bootstrapServers":"h:1","sasl":{"mechanism":"PLAIN"}}]})");
    Workspace workspace(dir.path());
    workspace.load();
    QVERIFY(workspace.messages().isEmpty());
    ConnectionDocument document = workspace.connections().first();
    document.name = QStringLiteral("y");
    workspace.saveConnection(document);
    workspace.flush();
    const QJsonObject json =
        QJsonDocument::fromJson(readFile(dir.filePath(QStringLiteral("connections.json")))).object();
    QCOMPARE(json.value(QStringLiteral("later")).toArray().size(), 2);
    const QJsonObject entry = json.value(QStringLiteral("connections")).toArray().first().toObject();
    QCOMPARE(entry.value(QStringLiteral("name")).toString(), QStringLiteral("y"));
    QCOMPARE(entry.value(QStringLiteral("sasl")).toObject().value(QStringLiteral("mechanism")).toString(),
        QStringLiteral("PLAIN"));
}

void TestWorkspace::savingReplacesById()
{
    QTemporaryDir dir;
    Workspace workspace(dir.path());
    ConnectionDocument document = sampleConnection();
    document.id = workspace.saveConnection(document);
    document.name = QStringLiteral("renamed");
    QCOMPARE(workspace.saveConnection(document), document.id);
    QCOMPARE(workspace.connections().size(), 1);
    QCOMPARE(workspace.connections().first().name, QStringLiteral("renamed"));
}

void TestWorkspace::removing()
{
    QTemporaryDir dir;
    Workspace workspace(dir.path());
    const QString connection = workspace.saveConnection(sampleConnection());
    const QString dashboard = workspace.saveDashboard(sampleDashboard());
    const QString query = workspace.saveQuery(QueryDocument());
    workspace.flush();
    workspace.removeConnection(connection);
    workspace.removeDashboard(dashboard);
    workspace.removeDashboard(QStringLiteral("../connections"));
    workspace.removeQuery(query);
    workspace.flush();
    QVERIFY(workspace.takeFailures().isEmpty());
    Workspace reader(dir.path());
    reader.load();
    QVERIFY(reader.connections().isEmpty());
    QVERIFY(reader.dashboards().isEmpty());
    QVERIFY(reader.queries().isEmpty());
    QVERIFY(QFile::exists(dir.filePath(QStringLiteral("connections.json"))));
}

void TestWorkspace::filesAreReadable()
{
    QTemporaryDir dir;
    Workspace workspace(dir.path());
    workspace.saveConnection(sampleConnection());
    workspace.flush();
    const QByteArray text = readFile(dir.filePath(QStringLiteral("connections.json")));
    QVERIFY(text.contains("\"weir\": \"connections\""));
    QVERIFY(text.contains("\"version\": 1"));
    QVERIFY(text.contains("kafka-1:9092"));
    QVERIFY(text.count('\n') > 10);
}

void TestWorkspace::hostileDocuments_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("word");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("no JSON");
    QTest::newRow("torn") << QByteArray(R"({"weir":"connections","ver)") << QStringLiteral("no JSON");
    QTest::newRow("binary") << QByteArray("\0\xff\xfe\x01", 4) << QStringLiteral("no JSON");
    QTest::newRow("array") << QByteArray("[]") << QStringLiteral("no object");
    QTest::newRow("no head") << QByteArray("{}") << QStringLiteral("kind");
    QTest::newRow("other kind") << QByteArray(R"({"weir":"window","version":1})") << QStringLiteral("kind");
    QTest::newRow("no version") << QByteArray(R"({"weir":"connections"})") << QStringLiteral("version");
    QTest::newRow("text version") << QByteArray(R"({"weir":"connections","version":"1"})") << QStringLiteral("version");
    QTest::newRow("newer") << QByteArray(R"({"weir":"connections","version":2})") << QStringLiteral("newer Weir");
    QTest::newRow("deep") << QByteArray(200'000, '[') << QStringLiteral("no JSON");
    QTest::newRow("huge") << QByteArray((16 << 20) + 1, ' ') << QStringLiteral("16 MiB");
}

void TestWorkspace::hostileDocuments()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, word);
    QTemporaryDir dir;
    writeFile(dir.filePath(QStringLiteral("connections.json")), bytes);
    Workspace workspace(dir.path());
    workspace.load();
    QCOMPARE(workspace.messages().size(), 1);
    QVERIFY2(workspace.messages().first().contains(word), qPrintable(workspace.messages().first()));
    QVERIFY(workspace.connections().isEmpty());

    // Saving makes a new file; the old bytes are still there under the other name.
    workspace.saveConnection(sampleConnection());
    workspace.flush();
    const QStringList aside = QDir(dir.path()).entryList({QStringLiteral("connections.json.kept-aside-*")});
    QCOMPARE(aside.size(), 1);
    QCOMPARE(readFile(dir.filePath(aside.first())), bytes);
    Workspace again(dir.path());
    again.load();
    QVERIFY(again.messages().isEmpty());
    QCOMPARE(again.connections().size(), 1);
}

void TestWorkspace::hostileNeighbourHarmsNobody()
{
    QTemporaryDir dir;
    Workspace writer(dir.path());
    const QString good = writer.saveDashboard(sampleDashboard());
    writer.flush();
    writeFile(dir.filePath(QStringLiteral("dashboards/bad.json")), "not json");
    writeFile(dir.filePath(QStringLiteral("dashboards/note.txt")), "mine");
    Workspace reader(dir.path());
    reader.load();
    QCOMPARE(reader.dashboards().size(), 1);
    QVERIFY(reader.dashboard(good));
    QCOMPARE(reader.messages().size(), 1);
    QVERIFY(QFile::exists(dir.filePath(QStringLiteral("dashboards/note.txt"))));
}

void TestWorkspace::aFolderInPlaceOfADocumentIsKeptAside()
{
    QTemporaryDir dir;
    writeFile(dir.filePath(QStringLiteral("window.json/inside.txt")), "mine");
    Workspace workspace(dir.path());
    workspace.load();
    QCOMPARE(workspace.messages().size(), 1);
    workspace.saveWindow(WindowDocument());
    workspace.flush();
    const QStringList aside = QDir(dir.path()).entryList({QStringLiteral("window.json.kept-aside-*")});
    QCOMPARE(aside.size(), 1);
    QCOMPARE(readFile(dir.filePath(aside.first() + QStringLiteral("/inside.txt"))), QByteArray("mine"));
}

void TestWorkspace::idsCannotLeaveTheFolder()
{
    QTemporaryDir dir;
    Workspace workspace(dir.filePath(QStringLiteral("inner")));
    DashboardDocument document = sampleDashboard();
    document.id = QStringLiteral("../../escape");
    const QString id = workspace.saveDashboard(document);
    workspace.flush();
    QVERIFY(id != document.id);
    QVERIFY(!QFile::exists(dir.filePath(QStringLiteral("escape.json"))));
    QVERIFY(QFile::exists(dir.filePath(QStringLiteral("inner/dashboards/%1.json").arg(id))));
}

void TestWorkspace::wrongTypesFallBack()
{
    const QJsonObject json = QJsonDocument::fromJson(
        R"({"name":7,"rangeSeconds":"x","linkedCursor":"yes","panels":[1,{"kind":"lag"},null]})")
                                 .object();
    const DashboardDocument document = DashboardDocument::fromJson(json);
    QVERIFY(document.name.isEmpty());
    QCOMPARE(document.rangeSeconds, 900);
    QVERIFY(document.linkedCursor);
    QCOMPARE(document.panels.size(), 1);
    QCOMPARE(document.panels.first().kind, QStringLiteral("lag"));
}

void TestWorkspace::temporaryDocumentsAreNeverWritten()
{
    QTemporaryDir dir;
    Workspace workspace(dir.path());
    ConnectionDocument connection = sampleConnection();
    connection.temporary = true;
    DashboardDocument dashboard = sampleDashboard();
    dashboard.temporary = true;
    QueryDocument query;
    query.temporary = true;
    const QString kept = workspace.saveConnection(connection);
    workspace.saveDashboard(dashboard);
    const QString keptQuery = workspace.saveQuery(query);
    workspace.flush();
    QVERIFY(QDir(dir.path()).isEmpty());
    QVERIFY(workspace.connection(kept));
    QVERIFY(workspace.query(keptQuery));

    // A saved one beside it is written without it, and one that is saved after all is written.
    const QString other = workspace.saveConnection(sampleConnection());
    workspace.flush();
    Workspace reader(dir.path());
    reader.load();
    QCOMPARE(reader.connections().size(), 1);
    QCOMPARE(reader.connections().first().id, other);
    connection.id = kept;
    connection.temporary = false;
    workspace.saveConnection(connection);
    workspace.flush();
    reader.load();
    QCOMPARE(reader.connections().size(), 2);
}

void TestWorkspace::aRefusedFileIsTold()
{
    QTemporaryDir dir;
    writeFile(dir.filePath(QStringLiteral("here")), "a file in place of a folder");
    Workspace workspace(dir.filePath(QStringLiteral("here")));
    const QString id = workspace.saveQuery(QueryDocument());
    workspace.flush();
    const QStringList failures = workspace.takeFailures();
    QCOMPARE(failures.size(), 1);
    QVERIFY2(failures.first().contains(id), qPrintable(failures.first()));
    QVERIFY(workspace.takeFailures().isEmpty());
    QVERIFY(workspace.query(id));
}

void TestWorkspace::theNewestTextIsWritten()
{
    QTemporaryDir dir;
    Workspace workspace(dir.path());
    QueryDocument query;
    query.id = QStringLiteral("q");
    for (int i = 0; i <= 200; ++i) {
        query.sql = QString::number(i);
        workspace.saveQuery(query);
    }
    workspace.removeQuery(QStringLiteral("q"));
    query.sql = QStringLiteral("last");
    workspace.saveQuery(query);
    workspace.flush();
    Workspace reader(dir.path());
    reader.load();
    QCOMPARE(reader.queries().size(), 1);
    QCOMPARE(reader.query(QStringLiteral("q"))->sql, QStringLiteral("last"));
}

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
