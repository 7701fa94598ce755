// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/embedded_cluster.h"

#include "connectors/kafka/client.h"

#include <librdkafka/rdkafka_mock.h>

namespace weir::kafka {

namespace {

constexpr std::int32_t brokerId = 1;

class MockCluster final : public EmbeddedCluster
{
public:
    explicit MockCluster(ClientPtr host) : m_host(std::move(host)), m_mock(rd_kafka_mock_cluster_new(m_host.get(), 1))
    { }
    ~MockCluster() override
    {
        if (m_mock)
            rd_kafka_mock_cluster_destroy(m_mock);
    }

    bool started() const { return m_mock != nullptr; }

    Result<void> createTopics(const std::map<std::string, int>& topics)
    {
        for (const auto& [name, partitions] : topics) {
            const rd_kafka_resp_err_t code = rd_kafka_mock_topic_create(m_mock, name.c_str(), partitions, 1);
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
                return Error{ErrorKind::Internal, rd_kafka_err2str(code), "embedded topic " + name};
        }
        m_bootstrap = rd_kafka_mock_cluster_bootstraps(m_mock);
        return {};
    }

    Result<void> learnId()
    {
        KafkaSettings settings;
        settings.bootstrapServers = m_bootstrap;
        auto client = makeClient(RD_KAFKA_CONSUMER, settings, {}, nullptr);
        if (!client)
            return client.error();
        char* id = rd_kafka_clusterid(client->get(), 5000);
        if (!id)
            return Error{ErrorKind::Timeout, "the embedded cluster does not answer.", m_bootstrap};
        m_clusterId = id;
        rd_kafka_mem_free(client->get(), id);
        return {};
    }

    const std::string& bootstrapServers() const override { return m_bootstrap; }
    const std::string& clusterId() const override { return m_clusterId; }
    void setUp(bool up) override
    {
        if (up)
            rd_kafka_mock_broker_set_up(m_mock, brokerId);
        else
            rd_kafka_mock_broker_set_down(m_mock, brokerId);
    }

private:
    ClientPtr m_host; ///< librdkafka runs the mock on a client's thread
    rd_kafka_mock_cluster_t* m_mock;
    std::string m_bootstrap;
    std::string m_clusterId;
};

} // namespace

Result<std::unique_ptr<EmbeddedCluster>> EmbeddedCluster::start(const std::map<std::string, int>& topics)
{
    KafkaSettings settings;
    settings.bootstrapServers = "127.0.0.1:1"; // the host client itself talks to nobody
    auto host = makeClient(RD_KAFKA_PRODUCER, settings, {}, nullptr);
    if (!host)
        return host.error();
    auto cluster = std::make_unique<MockCluster>(std::move(*host));
    if (!cluster->started())
        return Error{ErrorKind::Internal, "the embedded cluster could not open its ports on loopback.", {}};
    if (auto created = cluster->createTopics(topics); !created)
        return created.error();
    if (auto learned = cluster->learnId(); !learned)
        return learned.error();
    return std::unique_ptr<EmbeddedCluster>(std::move(cluster));
}

} // namespace weir::kafka
