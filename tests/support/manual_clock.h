// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/clock.h"

#include <atomic>

namespace weir::test {

/// A clock that stands still until the test moves it. Thread-safe.
class ManualClock final : public Clock
{
public:
    explicit ManualClock(EpochMs start = 1'700'000'000'000) : m_now(start) { }
    EpochMs wallMs() const override { return m_now; }
    std::chrono::steady_clock::time_point steady() const override
    {
        return std::chrono::steady_clock::time_point(std::chrono::milliseconds(m_now));
    }
    void advance(std::chrono::milliseconds by) { m_now += by.count(); }

private:
    std::atomic<EpochMs> m_now;
};

} // namespace weir::test
