// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace weir {

/// What went wrong, coarse enough to decide on and to colour a state with; the words are in `Error::message`.
enum class ErrorKind {
    InvalidInput, ///< the user's text, file or option
    NotFound, ///< topic, partition, group, file
    NotAuthorized, ///< the server refused this principal
    Locked, ///< writing that the user has not unlocked
    Unreachable, ///< no connection to a server
    Timeout,
    OutOfRange, ///< an offset that the source no longer, or not yet, has
    Corrupt, ///< bytes that fail their own checks
    Unsupported, ///< the server or a library cannot do it
    ResourceLimit, ///< memory budget, disk, depth or size limit
    Cancelled,
    Io,
    Internal,
};

/// An error as a value. `message` says what happened and what to do; `where` names the place (file and line, topic,
/// partition and offset, broker), empty if the message does.
struct Error
{
    ErrorKind kind = ErrorKind::Internal;
    std::string message;
    std::string where;

    /// "where: message", for one line of text.
    std::string text() const { return where.empty() ? message : where + ": " + message; }
};

/// Either a value or an Error. Never throws; asking the wrong side is a programming error (asserted).
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_content(std::in_place_index<0>, std::move(value)) { }
    Result(Error error) : m_content(std::in_place_index<1>, std::move(error)) { }

    bool ok() const { return m_content.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() &
    {
        assert(ok());
        return *std::get_if<0>(&m_content);
    }
    const T& value() const&
    {
        assert(ok());
        return *std::get_if<0>(&m_content);
    }
    T&& value() &&
    {
        assert(ok());
        return std::move(*std::get_if<0>(&m_content));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const
    {
        assert(!ok());
        return *std::get_if<1>(&m_content);
    }

private:
    std::variant<T, Error> m_content;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) { }

    bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error& error() const
    {
        assert(!ok());
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace weir
