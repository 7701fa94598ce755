// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_server.h"

#include <QProcess>
#include <QStandardPaths>

#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>

namespace weir::test {

namespace {

constexpr int startMs = 240'000;
constexpr int adminMs = 10'000;

rd_kafka_t* clientOf(void* client)
{
    return static_cast<rd_kafka_t*>(client);
}

rd_kafka_t* makeClient(rd_kafka_type_t type, const std::map<std::string, std::string>& properties)
{
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char reason[256];
    for (const auto& [name, value] : properties)
        rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof reason);
    rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
    return rd_kafka_new(type, conf, reason, sizeof reason);
}

bool succeeded(rd_kafka_error_t* error)
{
    if (error)
        rd_kafka_error_destroy(error);
    return !error;
}

const void* dataOf(const std::optional<std::string_view>& bytes)
{
    return bytes ? (bytes->empty() ? "" : bytes->data()) : nullptr;
}

} // namespace

KafkaServer::KafkaServer(QString version, QStringList config)
    : m_version(std::move(version)), m_config(std::move(config))
{ }

KafkaServer::~KafkaServer()
{
    stop();
}

QString KafkaServer::whySkip()
{
    if (!qEnvironmentVariableIsEmpty("WEIR_REQUIRE_SERVERS"))
        return {};
    for (const char* program : {"java", "mvn"}) {
        if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
            return QStringLiteral("no %1 here: real brokers cannot be started").arg(QString::fromLatin1(program));
    }
    return {};
}

QStringList KafkaServer::withAuthorizer()
{
    return {QStringLiteral("authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
        QStringLiteral("allow.everyone.if.no.acl.found=true")};
}

QString KafkaServer::folder() const
{
    return m_folder.filePath(QStringLiteral("broker"));
}

bool KafkaServer::run(const QStringList& arguments)
{
    QProcess script;
    script.setProcessChannelMode(QProcess::SeparateChannels);
    // The broker outlives the script: it must not hold our pipe open.
    const QString output = m_folder.filePath(QStringLiteral("script.out"));
    script.setStandardOutputFile(output);
    script.setStandardErrorFile(m_folder.filePath(QStringLiteral("script.err")));
    script.start(QStringLiteral(WEIR_SOURCE_DIR "/tests/support/kafka.sh"), arguments);
    if (!script.waitForFinished(startMs) || script.exitCode() != 0) {
        QFile errors(m_folder.filePath(QStringLiteral("script.err")));
        m_problem = errors.open(QIODevice::ReadOnly) ? QString::fromUtf8(errors.readAll()) : script.errorString();
        return false;
    }
    QFile lines(output);
    if (lines.open(QIODevice::ReadOnly)) {
        for (const QByteArray& line : lines.readAll().split('\n')) {
            if (line.startsWith("bootstrap="))
                m_bootstrap = line.mid(10).toStdString();
        }
    }
    return true;
}

bool KafkaServer::start()
{
    QStringList arguments{
        QStringLiteral("start"), QStringLiteral("--version"), m_version, QStringLiteral("--dir"), folder()};
    for (const QString& line : m_config)
        arguments << QStringLiteral("--config") << line;
    return run(arguments);
}

void KafkaServer::stop()
{
    run({QStringLiteral("stop"), QStringLiteral("--dir"), folder()});
}

void KafkaServer::kill()
{
    run({QStringLiteral("kill"), QStringLiteral("--dir"), folder()});
}

bool KafkaServer::tool(const QString& javaClass, const QStringList& arguments)
{
    return run(QStringList{QStringLiteral("tool"), folder(), javaClass, QStringLiteral("--bootstrap-server"),
                   QString::fromStdString(m_bootstrap)}
        + arguments);
}

QByteArray KafkaServer::say(const QString& javaClass, const QStringList& arguments)
{
    run(QStringList{QStringLiteral("tool"), m_version, javaClass} + arguments);
    QByteArray all;
    for (const char* name : {"script.out", "script.err"}) {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

bool KafkaServer::setFetchQuota(const std::string& clientId, int bytesPerSecond)
{
    const QStringList change = bytesPerSecond > 0
        ? QStringList{QStringLiteral("--add-config"), QStringLiteral("consumer_byte_rate=%1").arg(bytesPerSecond)}
        : QStringList{QStringLiteral("--delete-config"), QStringLiteral("consumer_byte_rate")};
    return tool(QStringLiteral("kafka.admin.ConfigCommand"),
        QStringList{QStringLiteral("--alter"), QStringLiteral("--entity-type"), QStringLiteral("clients"),
            QStringLiteral("--entity-name"), QString::fromStdString(clientId)}
            + change);
}

KafkaFeeder::KafkaFeeder(
    const std::string& bootstrap, const std::string& codec, std::string clientId, const std::string& transactionalId)
    : m_bootstrap(bootstrap), m_clientId(std::move(clientId))
{
    std::map<std::string, std::string> properties{{"bootstrap.servers", bootstrap}, {"compression.codec", codec},
        {"linger.ms", "20"}, {"client.id", m_clientId}, {"reconnect.backoff.max.ms", "1000"},
        {"message.max.bytes", "80000000"},
        // A request that is slow to be answered is sent again: without this, its records stand there twice.
        {"enable.idempotence", "true"}};
    if (!transactionalId.empty())
        properties["transactional.id"] = transactionalId;
    m_client = makeClient(RD_KAFKA_PRODUCER, properties);
    if (!transactionalId.empty())
        succeeded(rd_kafka_init_transactions(clientOf(m_client), 60'000));
}

bool KafkaFeeder::transaction(const std::function<void()>& produces, Ending ending)
{
    rd_kafka_t* client = clientOf(m_client);
    if (!succeeded(rd_kafka_begin_transaction(client)))
        return false;
    produces();
    if (!flush() || ending == Ending::LeaveOpen)
        return ending == Ending::LeaveOpen;
    return succeeded(ending == Ending::Commit ? rd_kafka_commit_transaction(client, 60'000)
                                              : rd_kafka_abort_transaction(client, 60'000));
}

KafkaFeeder::~KafkaFeeder()
{
    rd_kafka_destroy(clientOf(m_client));
}

bool KafkaFeeder::admin(const std::function<void(void*)>& request) const
{
    rd_kafka_queue_t* queue = rd_kafka_queue_new(clientOf(m_client));
    request(queue);
    rd_kafka_event_t* event = rd_kafka_queue_poll(queue, adminMs);
    const bool done = event && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    return done;
}

bool KafkaFeeder::createTopic(
    const std::string& topic, int partitions, const std::map<std::string, std::string>& config)
{
    char reason[256];
    rd_kafka_NewTopic_t* wanted = rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, reason, sizeof reason);
    // Test records carry times of the past: the broker must not expire them.
    rd_kafka_NewTopic_set_config(wanted, "retention.ms", "-1");
    for (const auto& [name, value] : config)
        rd_kafka_NewTopic_set_config(wanted, name.c_str(), value.c_str());
    const bool done = admin([&](void* queue) {
        rd_kafka_CreateTopics(clientOf(m_client), &wanted, 1, nullptr, static_cast<rd_kafka_queue_t*>(queue));
    });
    rd_kafka_NewTopic_destroy(wanted);
    return done;
}

bool KafkaFeeder::deleteTopic(const std::string& topic)
{
    rd_kafka_DeleteTopic_t* gone = rd_kafka_DeleteTopic_new(topic.c_str());
    const bool done = admin([&](void* queue) {
        rd_kafka_DeleteTopics(clientOf(m_client), &gone, 1, nullptr, static_cast<rd_kafka_queue_t*>(queue));
    });
    rd_kafka_DeleteTopic_destroy(gone);
    return done;
}

/// With an access list, what it does not allow is refused: to allow seeing a topic forbids reading it.
bool KafkaFeeder::setAccess(const std::string& topic, Access access)
{
    char reason[256];
    const auto bindingFor = [&](rd_kafka_AclOperation_t operation, rd_kafka_AclPermissionType_t permission) {
        return rd_kafka_AclBinding_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL,
            "User:ANONYMOUS", "*", operation, permission, reason, sizeof reason);
    };
    rd_kafka_AclBinding_t* all =
        rd_kafka_AclBindingFilter_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL,
            nullptr, nullptr, RD_KAFKA_ACL_OPERATION_ANY, RD_KAFKA_ACL_PERMISSION_TYPE_ANY, reason, sizeof reason);
    bool done = admin([&](void* queue) {
        rd_kafka_DeleteAcls(clientOf(m_client), &all, 1, nullptr, static_cast<rd_kafka_queue_t*>(queue));
    });
    rd_kafka_AclBinding_destroy(all);
    if (access == Access::All)
        return done;
    rd_kafka_AclBinding_t* one = access == Access::Nothing
        ? bindingFor(RD_KAFKA_ACL_OPERATION_ALL, RD_KAFKA_ACL_PERMISSION_TYPE_DENY)
        : bindingFor(RD_KAFKA_ACL_OPERATION_DESCRIBE, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW);
    done = done && admin([&](void* queue) {
        rd_kafka_CreateAcls(clientOf(m_client), &one, 1, nullptr, static_cast<rd_kafka_queue_t*>(queue));
    });
    rd_kafka_AclBinding_destroy(one);
    return done;
}

bool KafkaFeeder::deleteRecords(const std::string& topic, int partition, std::int64_t before)
{
    rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = before;
    rd_kafka_DeleteRecords_t* gone = rd_kafka_DeleteRecords_new(list);
    rd_kafka_topic_partition_list_destroy(list);
    const bool done = admin([&](void* queue) {
        rd_kafka_DeleteRecords(clientOf(m_client), &gone, 1, nullptr, static_cast<rd_kafka_queue_t*>(queue));
    });
    rd_kafka_DeleteRecords_destroy(gone);
    return done;
}

void KafkaFeeder::produce(const std::string& topic, const Record& record)
{
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const Header& header : record.headers) {
        const std::string name(header.name);
        rd_kafka_header_add(headers, name.c_str(), -1, dataOf(header.value),
            header.value ? static_cast<ssize_t>(header.value->size()) : 0);
    }
    std::array<rd_kafka_vu_t, 7> arguments{};
    arguments[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    arguments[0].u.cstr = topic.c_str();
    arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    arguments[1].u.i32 = record.partition.value;
    arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    arguments[2].u.i = RD_KAFKA_MSG_F_COPY;
    arguments[3].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    arguments[3].u.i64 = record.timestamp;
    arguments[4].vtype = RD_KAFKA_VTYPE_KEY;
    arguments[4].u.mem = {const_cast<void*>(dataOf(record.key)), record.key ? record.key->size() : 0};
    arguments[5].vtype = RD_KAFKA_VTYPE_VALUE;
    arguments[5].u.mem = {const_cast<void*>(dataOf(record.value)), record.value ? record.value->size() : 0};
    arguments[6].vtype = RD_KAFKA_VTYPE_HEADERS;
    arguments[6].u.headers = headers;
    while (rd_kafka_error_t* full = rd_kafka_produceva(clientOf(m_client), arguments.data(), arguments.size())) {
        rd_kafka_error_destroy(full);
        rd_kafka_poll(clientOf(m_client), 20);
    }
}

bool KafkaFeeder::flush()
{
    return rd_kafka_flush(clientOf(m_client), 60'000) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool KafkaFeeder::consumeAndCommit(const std::string& group, const std::string& topic, int count)
{
    rd_kafka_t* consumer = makeClient(RD_KAFKA_CONSUMER,
        {{"bootstrap.servers", m_bootstrap}, {"group.id", group}, {"client.id", m_clientId},
            {"auto.offset.reset", "earliest"}, {"enable.auto.commit", "false"}});
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_topic_partition_list_t* topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic.c_str(), RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    int read = 0;
    while (read < count && std::chrono::steady_clock::now() < deadline) {
        rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 200);
        if (!message)
            continue;
        read += message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? 1 : 0;
        rd_kafka_message_destroy(message);
    }
    const bool done = read == count && rd_kafka_commit(consumer, nullptr, 0) == RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    return done;
}

} // namespace weir::test
