// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/connection_test.h"

#include "connectors/kafka/api_versions.h"
#include "connectors/kafka/client.h"
#include "connectors/kafka/kafka_cluster.h"
#include "connectors/kafka/questions.h"

#include <charconv>
#include <functional>

namespace weir::kafka {

namespace {

constexpr auto patience = std::chrono::milliseconds(3000);

/// What one step found out.
struct Finding
{
    bool passed = true;
    std::string text;
    std::string whatToDo;
    std::vector<std::string> details;
};

Finding failed(std::string text, std::string whatToDo)
{
    return {false, std::move(text), std::move(whatToDo), {}};
}

struct Address
{
    std::string host;
    int port = 0;
};

std::optional<Address> addressOf(std::string_view servers)
{
    const std::string_view first = servers.substr(0, servers.find(','));
    const std::size_t colon = first.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return std::nullopt;
    std::string_view host = first.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2); // an IPv6 address
    Address address{std::string(host), 0};
    const std::string_view port = first.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (error != std::errc() || end != port.data() + port.size() || address.port < 1 || address.port > 65535)
        return std::nullopt;
    return address;
}

class ConnectionTest
{
public:
    ConnectionTest(const KafkaSettings& settings, const std::function<void(const TestReport&)>& progress)
        : m_settings(settings), m_progress(progress), m_report(untriedReport())
    { }

    TestReport run(const std::stop_token& stop)
    {
        using Step = Finding (ConnectionTest::*)();
        static constexpr Step steps[] = {&ConnectionTest::lookUp, &ConnectionTest::connect,
            &ConnectionTest::apiVersions, &ConnectionTest::brokers, &ConnectionTest::topicsAndGroups,
            &ConnectionTest::readOne};
        std::size_t index = 0;
        for (const Step step : steps) {
            if (stop.stop_requested() || !runStep(m_report.steps[index++], [&] { return (this->*step)(); }))
                return m_report;
        }
        m_report.passed = true;
        tell();
        return m_report;
    }

private:
    bool runStep(TestStep& step, const std::function<Finding()>& action)
    {
        step.outcome = StepOutcome::Running;
        tell();
        const auto start = std::chrono::steady_clock::now();
        Finding finding = action();
        step.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
        step.outcome = finding.passed ? StepOutcome::Passed : StepOutcome::Failed;
        step.finding = std::move(finding.text);
        step.whatToDo = std::move(finding.whatToDo);
        step.details = std::move(finding.details);
        tell();
        return finding.passed;
    }

    void tell() const
    {
        if (m_progress)
            m_progress(m_report);
    }

    Finding lookUp();
    Finding connect();
    Finding apiVersions();
    Finding brokers();
    Finding topicsAndGroups();
    Finding readOne();

    const KafkaSettings& m_settings;
    const std::function<void(const TestReport&)>& m_progress;
    TestReport m_report;
    Address m_address;
    std::string m_digits;
    TcpConnection m_connection;
    std::shared_ptr<Cluster> m_cluster;
    ClusterMetadata m_metadata;
};

Finding ConnectionTest::lookUp()
{
    const auto address = addressOf(m_settings.bootstrapServers);
    if (!address)
        return failed("'" + m_settings.bootstrapServers + "' is no broker address",
            "Write it as host:port, for example localhost:9092.");
    m_address = *address;
    auto digits = resolve(m_address.host);
    if (!digits)
        return failed(m_address.host + ": " + digits.error().message,
            "Check the spelling, and that this machine's resolver knows the name.");
    m_digits = *digits;
    return {true, m_address.host + " → " + m_digits, {}, {}};
}

Finding ConnectionTest::connect()
{
    const std::string where = m_digits + ":" + std::to_string(m_address.port);
    auto connection = TcpConnection::open(m_digits, m_address.port, patience);
    if (!connection)
        return failed(where + ": " + connection.error().message,
            "Nothing takes connections there. Check the port, that the broker runs, and firewalls between.");
    m_connection = std::move(*connection);
    return {true, where, {}, {}};
}

Finding ConnectionTest::apiVersions()
{
    auto versions = askApiVersions(m_connection, patience);
    if (!versions)
        return failed(versions.error().message,
            "A port answers, but not in plain Kafka. It may want TLS or a login, which Weir cannot do yet, or belong "
            "to "
            "another program.");
    m_report.version = guessVersion(*versions);
    const std::string version = m_report.version.empty() ? "an unknown version of Kafka" : m_report.version;
    return {true, version + ", " + std::to_string(versions->size()) + " kinds of request", {}, {}};
}

Finding ConnectionTest::brokers()
{
    auto cluster = openCluster(m_settings);
    if (!cluster)
        return failed(cluster.error().text(), "Correct the settings.");
    m_cluster = *cluster;
    auto metadata = m_cluster->metadata();
    if (!metadata)
        return failed(metadata.error().message, "The first address answers, but the cluster's metadata does not come.");
    m_metadata = std::move(*metadata);
    m_report.clusterId = m_metadata.clusterId;
    Finding finding;
    std::size_t unreachable = 0;
    for (const BrokerInfo& broker : m_metadata.brokers) {
        const auto digits = resolve(broker.host);
        std::string outcome = digits ? "reached" : "name lookup failed: " + digits.error().message;
        if (digits) {
            if (const auto reached = TcpConnection::open(*digits, broker.port, patience); !reached)
                outcome = reached.error().message;
        }
        unreachable += outcome == "reached" ? 0 : 1;
        finding.details.push_back("broker " + std::to_string(broker.id) + "  " + broker.host + ":"
            + std::to_string(broker.port) + "  " + outcome);
    }
    const std::string all = std::to_string(m_metadata.brokers.size());
    finding.passed = unreachable == 0;
    finding.text = unreachable == 0
        ? "all " + all + " reached"
        : std::to_string(unreachable) + " of " + all + " advertised brokers cannot be reached";
    if (unreachable > 0)
        finding.whatToDo =
            "The cluster tells every client to use these names. Have advertised.listeners set to names that "
            "your network knows. Until then, partitions led by these brokers cannot be read.";
    return finding;
}

Finding ConnectionTest::topicsAndGroups()
{
    std::size_t topics = 0;
    for (const TopicInfo& topic : m_metadata.topics)
        topics += topic.internal ? 0 : 1;
    const auto groups = m_cluster->groups();
    std::string text = std::to_string(topics) + " topics, ";
    if (groups)
        text += std::to_string(groups->size()) + " groups";
    else
        text += "groups are not listed: " + groups.error().message;
    return {true, text, {}, {}};
}

Finding ConnectionTest::readOne()
{
    for (const TopicInfo& topic : m_metadata.topics) {
        if (topic.internal || topic.error)
            continue;
        ReadRequest request;
        request.topic = topic.name;
        request.start = FromLast{1};
        request.stop = UntilEnd{};
        request.instances = 1;
        auto sources = m_cluster->open(request);
        if (!sources)
            return failed(sources.error().text(), "The topic is listed but cannot be read by this user.");
        const auto deadline = std::chrono::steady_clock::now() + patience;
        Source& source = *sources->front();
        while (!source.state().ended && std::chrono::steady_clock::now() < deadline) {
            auto batches = source.poll(std::chrono::milliseconds(50));
            if (!batches)
                return failed(batches.error().text(), "Reading failed although the topic is listed.");
            if (!batches->empty()) {
                const RecordBatch& batch = *batches->front();
                return {true,
                    batch.topic() + "/" + std::to_string(batch.partition().value) + " at offset "
                        + std::to_string(batch.offset(0)),
                    {}, {}};
            }
        }
        if (!source.state().ended)
            return failed("no record of " + topic.name + " came within 3 s",
                "The broker answers questions but sends no records. Look at its load and its log.");
    }
    return {true, "no topic holds a record yet", {}, {}};
}

} // namespace

TestReport untriedReport()
{
    TestReport report;
    for (const char* name : {"Name lookup", "TCP", "API versions", "Brokers", "Topics and groups", "Read one record"}) {
        TestStep step;
        step.name = name;
        report.steps.push_back(step);
    }
    return report;
}

TestReport testConnection(
    const KafkaSettings& settings, const std::function<void(const TestReport&)>& progress, std::stop_token stop)
{
    return ConnectionTest(settings, progress).run(stop);
}

} // namespace weir::kafka
