// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace weir::demo {

/// Random numbers that are the same on every machine and with every standard library (whose distributions differ).
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_state(seed) { }

    std::uint64_t bits();
    double uniform(); ///< [0, 1)
    std::uint64_t below(std::uint64_t end) { return bits() % end; }
    bool oneIn(std::uint64_t n) { return below(n) == 0; }
    double normal(); ///< mean 0, deviation 1
    /// Most delays of services look like this: half below `median`, a long tail above.
    double lognormal(double median, double sigma);

private:
    std::uint64_t m_state;
};

} // namespace weir::demo
