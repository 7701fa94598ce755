// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/random.h"

#include <cmath>
#include <numbers>

namespace weir::demo {

// The splitmix64 sequence: every seed is a good one, and neighbouring seeds are unrelated.
std::uint64_t Random::bits()
{
    std::uint64_t mixed = (m_state += 0x9e3779b97f4a7c15U);
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31U);
}

double Random::uniform()
{
    return static_cast<double>(bits() >> 11U) * 0x1.0p-53;
}

double Random::normal()
{
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

double Random::lognormal(double median, double sigma)
{
    return median * std::exp(sigma * normal());
}

} // namespace weir::demo
