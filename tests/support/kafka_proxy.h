// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace weir::test {

/// One Kafka request as a client sent it.
struct SeenRequest
{
    std::int16_t api = -1;
    std::int16_t version = -1;
    std::string client; ///< its client.id
};

/// Stands on a loopback port between clients and one broker whose advertised.listeners names this port, passes all
/// bytes on and notes the header of every request. One thread; the public functions may be called from any.
class KafkaProxy
{
public:
    KafkaProxy(); ///< listens at once; connections are closed until a broker is named
    ~KafkaProxy();
    KafkaProxy(const KafkaProxy&) = delete;
    KafkaProxy& operator=(const KafkaProxy&) = delete;

    int port() const { return m_port; }
    std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }
    void setBroker(int port) { m_brokerPort = port; }

    /// Requests of all clients but those whose client.id is `except`, in the order of arrival.
    std::vector<SeenRequest> seen(const std::string& except = {}) const;
    /// API keys of the same.
    std::set<std::int16_t> keys(const std::string& except = {}) const;
    void forget();
    /// Bytes that were no request as the protocol writes it.
    int malformed() const { return m_malformed; }

    /// What a client that only looks may ask a broker for.
    static const std::set<std::int16_t>& lookingKeys();

private:
    struct Pair
    {
        int client = -1;
        int broker = -1;
        std::string pending; ///< of the client's bytes, from the start of a request
    };

    void run(std::stop_token stop);
    void accept();
    bool pass(int from, int to, Pair* noting);
    void note(Pair& pair);

    int m_listener = -1;
    int m_port = 0;
    std::atomic<int> m_brokerPort{0};
    std::atomic<int> m_malformed{0};
    mutable std::mutex m_mutex;
    std::vector<SeenRequest> m_seen; ///< guarded
    std::vector<Pair> m_pairs; ///< the thread's own
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace weir::test
