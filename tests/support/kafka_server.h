// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record.h"

#include <QString>
#include <QTemporaryDir>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace weir::test {

/// A real Kafka broker on loopback, started by tests/support/kafka.sh in a folder of its own and stopped with it.
class KafkaServer
{
public:
    /// `config` are lines for server.properties.
    explicit KafkaServer(QString version, QStringList config = {});
    ~KafkaServer();

    bool start(); ///< also again, after stop() or kill()
    void stop();
    void kill(); ///< kill -9
    /// Runs a tool class of Kafka against this broker, "--bootstrap-server" added; false when it fails.
    bool tool(const QString& javaClass, const QStringList& arguments);
    /// Runs a tool class that needs no broker, and returns all that it says.
    QByteArray say(const QString& javaClass, const QStringList& arguments);
    /// Where the broker keeps its segments: one of its log.dirs.
    QString dataFolder() const { return folder() + QStringLiteral("/data"); }
    /// Fetches of clients with this client.id are held to so many bytes a second; 0 lifts it.
    bool setFetchQuota(const std::string& clientId, int bytesPerSecond);
    std::string bootstrap() const { return m_bootstrap; }
    QString problem() const { return m_problem; }
    /// "" when real brokers can be had here, or must be; else why a test that needs one is skipped.
    static QString whySkip();
    /// A broker that looks at access lists; what has none is open to everyone.
    static QStringList withAuthorizer();

private:
    QString folder() const;
    bool run(const QStringList& arguments);

    QString m_version;
    QStringList m_config;
    QTemporaryDir m_folder;
    std::string m_bootstrap;
    QString m_problem;
};

/// What a test writes to a cluster, by librdkafka directly: not through the code that is tested.
class KafkaFeeder
{
public:
    /// With a `transactionalId`, records are produced within transaction() only.
    KafkaFeeder(const std::string& bootstrap, const std::string& codec, std::string clientId = "rdkafka",
        const std::string& transactionalId = {});
    ~KafkaFeeder();
    KafkaFeeder(const KafkaFeeder&) = delete;
    KafkaFeeder& operator=(const KafkaFeeder&) = delete;

    bool createTopic(const std::string& topic, int partitions, const std::map<std::string, std::string>& config = {});
    bool deleteTopic(const std::string& topic);
    /// What anonymous users may do with a topic from now on, on a broker with an authorizer.
    enum class Access { Nothing, DescribeOnly, All };
    bool setAccess(const std::string& topic, Access access);
    /// Moves the beginning of a partition.
    bool deleteRecords(const std::string& topic, int partition, std::int64_t before);
    void produce(const std::string& topic, const Record& record);
    bool flush();
    enum class Ending { Commit, Abort, LeaveOpen };
    bool transaction(const std::function<void()>& produces, Ending ending);
    /// Joins the group as a real consumer does, reads `count` records and commits.
    bool consumeAndCommit(const std::string& group, const std::string& topic, int count);

private:
    bool admin(const std::function<void(void* queue)>& request) const;

    std::string m_bootstrap;
    std::string m_clientId;
    void* m_client; ///< rd_kafka_t, kept out of this header
};

} // namespace weir::test
