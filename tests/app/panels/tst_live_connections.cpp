// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"
#include "app/panels/live_connections.h"
#include "tests/support/fake_cluster.h"

#include <QSignalSpy>
#include <QTest>

using namespace weir;

namespace {

ConnectionDocument documentOf(const QString& id)
{
    ConnectionDocument document;
    document.id = id;
    document.name = id;
    document.bootstrapServers = "b:1";
    return document;
}

QStringList idsOf(const LiveConnections& connections)
{
    QStringList ids;
    for (const ConnectionState& state : connections.states())
        ids.append(state.document.id + (state.snapshot ? "+" : ""));
    return ids;
}

} // namespace

class TestLiveConnections : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::shared_ptr<test::FakeCluster> m_cluster = std::make_shared<test::FakeCluster>();
    int m_opened = 0;
    std::optional<Error> m_refusal;
    SessionOpener m_opener = [this](const SessionSettings& settings, std::shared_ptr<MemoryBudget> budget,
                                 const Clock& clock) -> Result<std::shared_ptr<Session>> {
        ++m_opened;
        if (m_refusal)
            return *m_refusal;
        return Session::over(m_cluster, settings, std::move(budget), clock);
    };

private slots:
    void init()
    {
        m_opened = 0;
        m_refusal.reset();
    }
    void cleanup() { QVERIFY(Reaper::instance().drain(std::chrono::seconds(10))); }

    void keepsTheirOrder()
    {
        LiveConnections connections(nullptr, m_clock, m_opener);
        QSignalSpy changed(&connections, &LiveConnections::changed);
        for (const char* id : {"a", "b", "c"})
            (void)connections.add(documentOf(id), QLatin1String(id) != QLatin1String("b"));
        QCOMPARE(idsOf(connections), QStringList({"a+", "b", "c+"}));
        ConnectionDocument renamed = documentOf("a");
        renamed.name = "other";
        renamed.bootstrapServers = "c:1";
        (void)connections.add(renamed, true);
        QCOMPARE(idsOf(connections), QStringList({"a+", "b", "c+"}));
        QCOMPARE(connections.document("a").name, QString("other"));
        connections.remove("b");
        connections.remove("unknown");
        QCOMPARE(idsOf(connections), QStringList({"a+", "c+"}));
        QCOMPARE(changed.count(), 5);
        QString id;
        QVERIFY(connections.first(&id));
        QCOMPARE(id, QString("a"));
    }

    void aSessionOutlivesWhatDoesNotConcernIt()
    {
        LiveConnections connections(nullptr, m_clock, m_opener);
        (void)connections.add(documentOf("a"), true);
        const auto session = connections.session("a");
        ConnectionDocument edited = documentOf("a");
        edited.name = "prettier";
        edited.colour = 3;
        edited.environment = "staging";
        (void)connections.add(edited, false);
        QCOMPARE(connections.session("a"), session);
        QCOMPARE(m_opened, 1);
        edited.namedGroups = {"billing"};
        (void)connections.add(edited, true);
        QVERIFY(connections.session("a") != session);
        QCOMPARE(connections.session("a")->settings().namedGroups, std::vector<std::string>{"billing"});
        edited.bootstrapServers = "elsewhere:1";
        (void)connections.add(edited, false);
        QVERIFY(!connections.session("a")); // other servers, and nobody asked to connect
    }

    void disconnectsAndConnectsAgain()
    {
        LiveConnections connections(nullptr, m_clock, m_opener);
        (void)connections.add(documentOf("a"), true);
        const std::uint64_t before = connections.generation();
        connections.disconnectFrom("a");
        QVERIFY(!connections.session("a"));
        QVERIFY(connections.generation() != before);
        QVERIFY(connections.connectTo("a").ok());
        QVERIFY(connections.session("a"));
        QVERIFY(connections.connectTo("a").ok());
        QCOMPARE(m_opened, 2);
    }

    void aRefusedSessionIsAnErrorAndTheConnectionStays()
    {
        LiveConnections connections(nullptr, m_clock, m_opener);
        m_refusal = Error{ErrorKind::InvalidInput, "'group.id' would join a group", {}};
        const auto added = connections.add(documentOf("a"), true);
        QVERIFY(!added.ok());
        QCOMPARE(idsOf(connections), QStringList({"a"}));
        m_refusal.reset();
        QVERIFY(connections.connectTo("a").ok());
    }

    void monitorsRun()
    {
        m_cluster->setTopic("orders", {100, 50});
        LiveConnections connections(nullptr, m_clock, m_opener);
        (void)connections.add(documentOf("a"), true);
        const std::uint64_t before = connections.generation();
        QTRY_VERIFY(connections.states()[0].snapshot->topics.size() == 1);
        QVERIFY(connections.generation() != before);
    }
};

QTEST_GUILESS_MAIN(TestLiveConnections)
#include "tst_live_connections.moc"
