// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/connection_rows.h"
#include "app/models/connection_tree.h"
#include "widgets/style/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include <random>

using namespace weir;
using Kind = ConnectionTree::NodeKind;

namespace {

constexpr EpochMs now = 1'700'000'000'000;

SeriesSnapshotPtr curve(EpochMs from, EpochMs to, double value)
{
    Series series({1000, 5, 2000});
    for (EpochMs time = from; time < to; time += 1000)
        series.add(time, value);
    return series.snapshot();
}

TopicRate topicOf(const std::string& name, double rate = 10, std::int64_t records = 1000)
{
    TopicRate topic;
    topic.name = name;
    topic.partitions = 2;
    topic.recordsPerSecond = rate;
    topic.records = records;
    return topic;
}

PartitionLag lagOf(const std::string& topic, int partition, std::int64_t committed, std::int64_t high)
{
    return {{topic, PartitionId{partition}}, committed, high, committed < 0 ? -1 : high - committed};
}

GroupLag groupOf(const std::string& name, std::vector<PartitionLag> partitions, double growth = 0)
{
    GroupLag group;
    group.name = name;
    group.state = "Stable";
    for (const PartitionLag& partition : partitions)
        group.lag += std::max<std::int64_t>(0, partition.lag);
    group.partitions = std::move(partitions);
    group.lagPerSecond = growth;
    return group;
}

ConnectionState stateOf(const QString& id, std::vector<TopicRate> topics, std::vector<GroupLag> groups = {},
    Connection connection = Connection::Up)
{
    auto snapshot = std::make_shared<ClusterSnapshot>();
    snapshot->generation = 1;
    snapshot->takenAt = now;
    snapshot->connection = connection;
    snapshot->connectionText = connection == Connection::Down ? "Broker b:1 does not answer." : "";
    snapshot->topics = std::move(topics);
    snapshot->groups = std::move(groups);
    ConnectionDocument document;
    document.id = id;
    document.name = "name of " + id;
    document.bootstrapServers = "b:1";
    return {document, snapshot};
}

QueryDocument queryOf(const QString& id, const QString& name)
{
    QueryDocument query;
    query.id = id;
    query.name = name;
    return query;
}

/// The whole tree as text, one row a line, by walking the model.
QStringList dump(const QAbstractItemModel& model, const QModelIndex& parent = {}, int depth = 0)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        lines.append(QString(depth, ' ') + index.data().toString());
        lines += dump(model, index, depth + 1);
    }
    return lines;
}

/// What the same tree should be, straight from what it was given.
QStringList expected(const std::vector<ConnectionState>& states, const SavedDocuments& documents)
{
    QStringList lines;
    for (const ConnectionState& state : states) {
        lines.append(state.document.name);
        if (!state.snapshot || state.snapshot->generation == 0)
            continue;
        lines.append(" Topics");
        for (const TopicRate& topic : state.snapshot->topics) {
            if (!topic.internal)
                lines.append("  " + QString::fromStdString(topic.name));
        }
        if (!state.snapshot->groups.empty())
            lines.append(" Groups");
        for (const GroupLag& group : state.snapshot->groups) {
            lines.append("  " + QString::fromStdString(group.name));
            for (const PartitionLag& lag : group.partitions)
                lines.append(QString("   %1 %2")
                                 .arg(QString::fromStdString(lag.partition.topic))
                                 .arg(lag.partition.partition.value));
        }
    }
    if (!documents.queries.isEmpty())
        lines.append("Queries");
    for (const QueryDocument& query : documents.queries)
        lines.append(" " + query.name);
    if (!documents.dashboards.isEmpty())
        lines.append("Dashboards");
    for (const DashboardDocument& board : documents.dashboards)
        lines.append(" " + board.name);
    return lines;
}

} // namespace

class TestConnectionTree : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { style::ThemeSwitch::instance().apply(*qApp, style::Mode::Dark); }

    void showsWhatItIsGiven()
    {
        ConnectionTree tree;
        QAbstractItemModelTester tester(&tree);
        TopicRate internal = topicOf("__consumer_offsets");
        internal.internal = true;
        const std::vector<ConnectionState> states{
            stateOf("a", {internal, topicOf("orders", 84.6, 21'700)},
                {groupOf("billing", {lagOf("orders", 0, 90, 100), lagOf("orders", 1, -1, 50)}, 3)}),
            {ConnectionDocument{}, nullptr}};
        tree.update(states, {{queryOf("q", "revenue")}, {}});
        QCOMPARE(dump(tree), expected(states, {{queryOf("q", "revenue")}, {}}));
        const QModelIndex orders = tree.find("a", Kind::Topic, "orders");
        QCOMPARE(orders.siblingAtColumn(ConnectionTree::RateColumn).data().toString(), QString("85"));
        QCOMPARE(orders.siblingAtColumn(ConnectionTree::SizeColumn).data().toString(), QString("21.7 k"));
        QCOMPARE(orders.data(ConnectionTree::ConnectionIdRole).toString(), QString("a"));
        QCOMPARE(orders.data(ConnectionTree::NameRole).toString(), QString("orders"));
        const QModelIndex billing = tree.find("a", Kind::Group, "billing");
        QCOMPARE(billing.siblingAtColumn(ConnectionTree::RateColumn).data().toString(), QString("10"));
        QVERIFY(billing.data(Qt::ToolTipRole).toString().contains("growing by 3/s"));
        QVERIFY(tree.index(0, 0, billing).data(Qt::ToolTipRole).toString().contains("committed 90, end 100, lag 10"));
        QVERIFY(tree.index(1, 0, billing).data(Qt::ToolTipRole).toString().contains("committed nothing"));
        QCOMPARE(tree.index(1, 0, billing).siblingAtColumn(ConnectionTree::RateColumn).data().toString(), QString("–"));
    }

    void statesAreWords_data()
    {
        QTest::addColumn<int>("connection"); ///< -1: no session
        QTest::addColumn<QString>("word");
        QTest::newRow("none") << -1 << "not connected";
        QTest::newRow("connecting") << int(Connection::Connecting) << "connecting";
        QTest::newRow("up") << int(Connection::Up) << "read-only";
        QTest::newRow("down") << int(Connection::Down) << "retrying";
    }
    void statesAreWords()
    {
        QFETCH(int, connection);
        QFETCH(QString, word);
        ConnectionTree tree;
        ConnectionState state = stateOf("a", {}, {}, static_cast<Connection>(std::max(connection, 0)));
        if (connection < 0)
            state.snapshot.reset();
        tree.update({state}, {});
        const QModelIndex index = tree.index(0, 0);
        QCOMPARE(index.data(tables::SparkRole::State).toString(), word);
        if (connection == int(Connection::Down))
            QCOMPARE(index.data(Qt::ToolTipRole).toString(), QString("Broker b:1 does not answer."));
    }

    void anUnreadableTopicSaysWhy()
    {
        ConnectionTree tree;
        TopicRate secret = topicOf("secret");
        secret.error = Error{ErrorKind::NotAuthorized, "not authorised to read it", "secret"};
        tree.update({stateOf("a", {secret})}, {});
        const QModelIndex index = tree.find("a", Kind::Topic, "secret");
        QCOMPARE(index.siblingAtColumn(ConnectionTree::SizeColumn).data().toString(), QString("unreadable"));
        QVERIFY(index.data(Qt::ToolTipRole).toString().contains("not authorised"));
    }

    void sparkLinesFitTheAgeOfTheConnection()
    {
        ConnectionTree tree;
        const auto headOf = [&] {
            return tree.index(0, ConnectionTree::TrendColumn, tree.index(0, 0)).data().toString();
        };
        const auto lineOf = [&] {
            const QModelIndex at = tree.find("a", Kind::Topic, "orders").siblingAtColumn(ConnectionTree::TrendColumn);
            return at.data(tables::SparkRole::Series).value<QList<double>>();
        };
        TopicRate orders = topicOf("orders");
        orders.throughput = curve(now - 20'000, now, 50);
        tree.update({stateOf("a", {orders})}, {});
        QCOMPARE(headOf(), QString("1 min"));
        QVERIFY(std::isnan(lineOf().first())); // time runs right: a third of the minute is there
        QCOMPARE(lineOf().last(), 50.0);
        orders.throughput = curve(now - 4 * 60'000, now, 50);
        tree.update({stateOf("a", {orders})}, {});
        QCOMPARE(headOf(), QString("5 min"));
        orders.throughput = curve(now - 20 * 60'000, now, 50);
        tree.update({stateOf("a", {orders})}, {});
        QCOMPARE(headOf(), QString("15 min"));
        // Data that stopped five minutes ago ends there.
        orders.throughput = curve(now - 20 * 60'000, now - 5 * 60'000, 50);
        tree.update({stateOf("a", {orders})}, {});
        QVERIFY(std::isnan(lineOf().last()));
    }

    void indexesLiveThroughUpdates()
    {
        ConnectionTree tree;
        QAbstractItemModelTester tester(&tree);
        QSignalSpy reset(&tree, &QAbstractItemModel::modelReset);
        tree.update({stateOf("a", {topicOf("m"), topicOf("z")})}, {});
        const QPersistentModelIndex z = tree.find("a", Kind::Topic, "z");
        tree.update(
            {stateOf("b", {}), stateOf("a", {topicOf("a1"), topicOf("a2"), topicOf("m", 99), topicOf("z")})}, {});
        QVERIFY(z.isValid());
        QCOMPARE(z.row(), 3);
        QCOMPARE(z.data().toString(), QString("z"));
        QCOMPARE(z.parent().parent().row(), 1);
        tree.update({stateOf("a", {topicOf("z")})}, {});
        QVERIFY(z.isValid());
        QCOMPARE(z.row(), 0);
        tree.update({stateOf("a", {topicOf("m")})}, {});
        QVERIFY(!z.isValid());
        QCOMPARE(reset.count(), 0);
    }

    void onlyWhatChangedIsTold()
    {
        ConnectionTree tree;
        std::vector<TopicRate> topics;
        for (int i = 0; i < 500; ++i)
            topics.push_back(topicOf("t" + std::to_string(1000 + i)));
        QSignalSpy inserted(&tree, &QAbstractItemModel::rowsInserted);
        tree.update({stateOf("a", topics)}, {});
        QVERIFY2(inserted.count() <= 3, "rows of one level come in runs"); // connection, section, all topics
        QSignalSpy changed(&tree, &QAbstractItemModel::dataChanged);
        tree.update({stateOf("a", topics)}, {});
        QCOMPARE(changed.count(), 0);
        for (TopicRate& topic : topics)
            topic.recordsPerSecond += 1;
        tree.update({stateOf("a", topics)}, {});
        QCOMPARE(changed.count(), 1); // one per level, not one per row
        QCOMPARE(changed.first()[0].toModelIndex().row(), 0);
        QCOMPARE(changed.first()[1].toModelIndex().row(), 499);
    }

    void anySequenceOfUpdatesEndsWithWhatWasGiven()
    {
        std::mt19937 random(11);
        const auto chance = [&](int percent) { return int(random() % 100) < percent; };
        ConnectionTree tree;
        QAbstractItemModelTester tester(&tree);
        for (int round = 0; round < 300; ++round) {
            std::vector<ConnectionState> states;
            for (const char* id : {"a", "b", "c"}) {
                if (!chance(70))
                    continue;
                std::vector<TopicRate> topics;
                std::vector<GroupLag> groups;
                for (int i = 0; i < 8; ++i) {
                    if (chance(60))
                        topics.push_back(topicOf("t" + std::to_string(i), double(random() % 3)));
                    if (chance(30))
                        groups.push_back(groupOf("g" + std::to_string(i),
                            chance(50) ? std::vector{lagOf("t0", int(random() % 3), 1, 5)}
                                       : std::vector<PartitionLag>()));
                }
                std::shuffle(topics.begin(), topics.end(), random);
                states.push_back(stateOf(id, topics, groups));
                if (chance(10))
                    states.back().snapshot.reset();
            }
            std::shuffle(states.begin(), states.end(), random);
            SavedDocuments documents;
            for (int i = 0; i < 4; ++i) {
                if (chance(40))
                    documents.queries.append(queryOf(QString::number(i), QString("query %1").arg(random() % 3)));
            }
            tree.update(states, documents);
            QCOMPARE(dump(tree), expected(states, documents));
        }
    }

    void behindIsLagAtTheRateOfProduction()
    {
        const std::vector<TopicRate> topics{topicOf("orders", 50), topicOf("other", 1000), topicOf("silent", 0)};
        QCOMPARE(behindMs(groupOf("g", {lagOf("orders", 0, 0, 100)}), topics), std::optional(2000.0));
        QCOMPARE(behindMs(groupOf("g", {lagOf("orders", 0, 0, 100), lagOf("other", 0, 0, 950)}), topics),
            std::optional(1000.0));
        QCOMPARE(behindMs(groupOf("g", {lagOf("silent", 0, 0, 100)}), topics), std::nullopt);
        QCOMPARE(behindMs(groupOf("g", {lagOf("silent", 0, 100, 100)}), topics), std::optional(0.0));
        QCOMPARE(behindMs(groupOf("g", {}), topics), std::nullopt);
    }
};

QTEST_MAIN(TestConnectionTree)
#include "tst_connection_tree.moc"
