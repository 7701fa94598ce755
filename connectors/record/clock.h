// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

/// Milliseconds since 1970-01-01T00:00:00Z.
using EpochMs = std::int64_t;

/// The one way to read time, so that tests can hold it still. Thread-safe.
class Clock
{
public:
    virtual ~Clock() = default;
    virtual EpochMs wallMs() const = 0;
    /// Never goes back; only differences mean something.
    virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock final : public Clock
{
public:
    EpochMs wallMs() const override
    {
        using namespace std::chrono;
        return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    }
    std::chrono::steady_clock::time_point steady() const override { return std::chrono::steady_clock::now(); }

    /// The process-wide instance, for defaults. Never destroyed: threads that nobody waits for read it until the end.
    static const SystemClock& instance()
    {
        static const auto* const clock = new SystemClock;
        return *clock;
    }
};

} // namespace weir
