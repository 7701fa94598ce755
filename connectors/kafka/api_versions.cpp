// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/api_versions.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace weir::kafka {

namespace {

constexpr std::int16_t apiVersionsKey = 18;
constexpr std::size_t largestAnswer = 1 << 20; // far beyond what any broker answers here

void appendInteger(std::string& out, std::uint32_t value, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(value >> shift & 0xFF));
}

std::uint32_t integerAt(const std::string& bytes, std::size_t at, int count)
{
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

Error systemError(const char* what)
{
    return {ErrorKind::Unreachable, std::string(what) + ": " + std::strerror(errno), {}};
}

} // namespace

TcpConnection::TcpConnection(TcpConnection&& other) noexcept : m_socket(std::exchange(other.m_socket, -1)) { }

TcpConnection& TcpConnection::operator=(TcpConnection&& other) noexcept
{
    std::swap(m_socket, other.m_socket);
    return *this;
}

TcpConnection::~TcpConnection()
{
    if (m_socket >= 0)
        ::close(m_socket);
}

Result<void> TcpConnection::wait(short events, std::chrono::milliseconds timeout) const
{
    pollfd entry{m_socket, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(timeout.count()));
    if (ready > 0)
        return {};
    if (ready == 0)
        return Error{ErrorKind::Timeout, "no answer within " + std::to_string(timeout.count()) + " ms", {}};
    return systemError("poll");
}

Result<TcpConnection> TcpConnection::open(const std::string& address, int port, std::chrono::milliseconds timeout)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
        return Error{ErrorKind::Unreachable, gai_strerror(code), address};
    TcpConnection connection;
    connection.m_socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int started =
        connection.m_socket < 0 ? -1 : ::connect(connection.m_socket, found->ai_addr, found->ai_addrlen);
    ::freeaddrinfo(found);
    if (started != 0 && errno != EINPROGRESS)
        return systemError("connect");
    if (auto ready = connection.wait(POLLOUT, timeout); !ready)
        return ready.error();
    int failure = 0;
    socklen_t length = sizeof failure;
    ::getsockopt(connection.m_socket, SOL_SOCKET, SO_ERROR, &failure, &length);
    if (failure != 0) {
        errno = failure;
        return systemError("connect");
    }
    return connection;
}

Result<void> TcpConnection::send(const std::string& bytes, std::chrono::milliseconds timeout)
{
    for (std::size_t sent = 0; sent < bytes.size();) {
        if (auto ready = wait(POLLOUT, timeout); !ready)
            return ready;
        const ssize_t count = ::send(m_socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count < 0)
            return systemError("send");
        sent += static_cast<std::size_t>(count);
    }
    return {};
}

Result<std::string> TcpConnection::receive(std::size_t size, std::chrono::milliseconds timeout)
{
    std::string bytes(size, '\0');
    for (std::size_t got = 0; got < size;) {
        if (auto ready = wait(POLLIN, timeout); !ready)
            return ready.error();
        const ssize_t count = ::recv(m_socket, bytes.data() + got, size - got, 0);
        if (count == 0)
            return Error{ErrorKind::Unreachable, "the other side closed the connection", {}};
        if (count < 0)
            return systemError("receive");
        got += static_cast<std::size_t>(count);
    }
    return bytes;
}

Result<std::string> resolve(const std::string& host)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0)
        return Error{ErrorKind::NotFound, gai_strerror(code), host};
    char address[128] = "";
    ::getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, nullptr, 0, NI_NUMERICHOST);
    ::freeaddrinfo(found);
    return std::string(address);
}

Result<std::map<std::int16_t, std::int16_t>> askApiVersions(
    TcpConnection& connection, std::chrono::milliseconds timeout)
{
    // Version 0 of the request is its header alone: key, version, correlation id, client id.
    const std::string client = "weir";
    std::string request;
    appendInteger(request, apiVersionsKey, 2);
    appendInteger(request, 0, 2);
    appendInteger(request, 1, 4);
    appendInteger(request, static_cast<std::uint32_t>(client.size()), 2);
    request += client;
    std::string framed;
    appendInteger(framed, static_cast<std::uint32_t>(request.size()), 4);
    if (auto sent = connection.send(framed + request, timeout); !sent)
        return sent.error();
    auto head = connection.receive(4, timeout);
    if (!head)
        return head.error();
    const std::size_t size = integerAt(*head, 0, 4);
    if (size < 10 || size > largestAnswer)
        return Error{ErrorKind::Corrupt, "what answers there does not speak Kafka's protocol", {}};
    auto body = connection.receive(size, timeout);
    if (!body)
        return body.error();
    const std::uint32_t count = integerAt(*body, 6, 4);
    if (integerAt(*body, 0, 4) != 1 || integerAt(*body, 4, 2) != 0 || count > (size - 10) / 6)
        return Error{ErrorKind::Corrupt, "what answers there does not speak Kafka's protocol", {}};
    std::map<std::int16_t, std::int16_t> highest;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::size_t at = 10 + std::size_t{i} * 6;
        highest[static_cast<std::int16_t>(integerAt(*body, at, 2))] =
            static_cast<std::int16_t>(integerAt(*body, at + 4, 2));
    }
    return highest;
}

std::string guessVersion(const std::map<std::int16_t, std::int16_t>& highest)
{
    const auto version = [&](std::int16_t key) {
        const auto found = highest.find(key);
        return found == highest.end() ? std::int16_t{-1} : found->second;
    };
    constexpr std::int16_t fetch = 1;
    constexpr std::int16_t metadata = 3;
    constexpr std::int16_t shareGroupHeartbeat = 76;
    constexpr std::int16_t alterShareGroupOffsets = 91;
    if (version(alterShareGroupOffsets) >= 0)
        return "Kafka 4.1 or newer";
    if (version(shareGroupHeartbeat) >= 1 || version(fetch) >= 18 || version(metadata) >= 13)
        return "Kafka 4";
    if (version(fetch) >= 17)
        return "Kafka 3.9";
    if (version(fetch) >= 12)
        return "Kafka 3";
    return {};
}

} // namespace weir::kafka
