// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace weir::kafka {

/// An open TCP connection, closed when it goes. Blocking calls with a time-out; one thread.
class TcpConnection
{
public:
    TcpConnection() = default;
    TcpConnection(TcpConnection&& other) noexcept;
    TcpConnection& operator=(TcpConnection&& other) noexcept;
    ~TcpConnection();

    /// `address` in digits, as resolve() gives it.
    static Result<TcpConnection> open(const std::string& address, int port, std::chrono::milliseconds timeout);

    Result<void> send(const std::string& bytes, std::chrono::milliseconds timeout);
    /// Exactly `size` bytes.
    Result<std::string> receive(std::size_t size, std::chrono::milliseconds timeout);

private:
    Result<void> wait(short events, std::chrono::milliseconds timeout) const;
    int m_socket = -1;
};

/// The first address of a host in digits; an Error with the resolver's own words.
Result<std::string> resolve(const std::string& host);

/// Which requests a broker takes: highest version by API key. Sends one ApiVersions request.
Result<std::map<std::int16_t, std::int16_t>> askApiVersions(
    TcpConnection& connection, std::chrono::milliseconds timeout);

/// "Kafka 4.1" as far as the requests a broker takes tell; empty when they tell nothing.
std::string guessVersion(const std::map<std::int16_t, std::int16_t>& highest);

} // namespace weir::kafka
