// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_proxy.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace weir::test {

namespace {

constexpr int pollMs = 50;
constexpr std::size_t largestRequest = 64 << 20;

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connectTo(int port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (port != 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

std::size_t integerAt(const std::string& bytes, std::size_t at, std::size_t count)
{
    std::size_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

} // namespace

KafkaProxy::KafkaProxy() : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    ::bind(m_listener, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(m_listener, 64);
    ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
    m_port = ntohs(address.sin_port);
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
}

KafkaProxy::~KafkaProxy()
{
    m_thread.request_stop();
    m_thread.join();
    for (const Pair& pair : m_pairs) {
        ::close(pair.client);
        ::close(pair.broker);
    }
    ::close(m_listener);
}

std::vector<SeenRequest> KafkaProxy::seen(const std::string& except) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<SeenRequest> list;
    std::copy_if(m_seen.begin(), m_seen.end(), std::back_inserter(list),
        [&except](const SeenRequest& one) { return except.empty() || one.client != except; });
    return list;
}

std::set<std::int16_t> KafkaProxy::keys(const std::string& except) const
{
    std::set<std::int16_t> keys;
    for (const SeenRequest& one : seen(except))
        keys.insert(one.api);
    return keys;
}

void KafkaProxy::forget()
{
    const std::lock_guard lock(m_mutex);
    m_seen.clear();
}

const std::set<std::int16_t>& KafkaProxy::lookingKeys()
{
    // Fetch, ListOffsets, Metadata, OffsetFetch, FindCoordinator, DescribeGroups, ListGroups, SaslHandshake,
    // ApiVersions, OffsetForLeaderEpoch, DescribeAcls, DescribeConfigs, DescribeLogDirs, SaslAuthenticate,
    // DescribeCluster, DescribeProducers, DescribeTransactions, ListTransactions, ConsumerGroupDescribe,
    // DescribeTopicPartitions.
    static const std::set<std::int16_t> keys{
        1, 2, 3, 9, 10, 15, 16, 17, 18, 23, 29, 32, 35, 36, 60, 61, 65, 66, 69, 75};
    return keys;
}

void KafkaProxy::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        std::vector<pollfd> waiting{{m_listener, POLLIN, 0}};
        for (const Pair& pair : m_pairs) {
            waiting.push_back({pair.client, POLLIN, 0});
            waiting.push_back({pair.broker, POLLIN, 0});
        }
        if (::poll(waiting.data(), waiting.size(), pollMs) <= 0)
            continue;
        const std::size_t known = m_pairs.size();
        for (std::size_t i = 0; i < known; ++i) {
            Pair& pair = m_pairs[i];
            const bool open = (waiting[1 + 2 * i].revents == 0 || pass(pair.client, pair.broker, &pair))
                && (waiting[2 + 2 * i].revents == 0 || pass(pair.broker, pair.client, nullptr));
            if (!open) {
                ::close(std::exchange(pair.client, -1));
                ::close(std::exchange(pair.broker, -1));
            }
        }
        std::erase_if(m_pairs, [](const Pair& pair) { return pair.client < 0; });
        if (waiting[0].revents != 0)
            accept();
    }
}

void KafkaProxy::accept()
{
    const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0)
        return;
    const int broker = connectTo(m_brokerPort);
    if (broker < 0)
        ::close(client);
    else
        m_pairs.push_back({client, broker, {}});
}

/// Passes on what is there; false when a side is gone.
bool KafkaProxy::pass(int from, int to, Pair* noting)
{
    char bytes[65536];
    const ssize_t got = ::recv(from, bytes, sizeof bytes, 0);
    if (got <= 0)
        return false;
    if (noting) {
        noting->pending.append(bytes, static_cast<std::size_t>(got));
        note(*noting);
    }
    for (ssize_t sent = 0; sent < got;) {
        const ssize_t now = ::send(to, bytes + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
        if (now <= 0)
            return false;
        sent += now;
    }
    return true;
}

/// Takes whole requests off what is pending: size, API key, version, correlation id, client id.
void KafkaProxy::note(Pair& pair)
{
    while (pair.pending.size() >= 4) {
        const std::size_t size = integerAt(pair.pending, 0, 4);
        if (size < 10 || size > largestRequest) {
            ++m_malformed;
            pair.pending.clear();
            return;
        }
        if (pair.pending.size() < 4 + size)
            return;
        SeenRequest request;
        request.api = static_cast<std::int16_t>(integerAt(pair.pending, 4, 2));
        request.version = static_cast<std::int16_t>(integerAt(pair.pending, 6, 2));
        const std::size_t length = integerAt(pair.pending, 12, 2);
        if (length < 0x8000 && 10 + length <= size)
            request.client = pair.pending.substr(14, length);
        pair.pending.erase(0, 4 + size);
        const std::lock_guard lock(m_mutex);
        m_seen.push_back(std::move(request));
    }
}

} // namespace weir::test
