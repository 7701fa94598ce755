// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace weir::aggregate {

/// Quantiles of any number of values with a relative error of at most 1 % each: values are counted in bins whose bounds
/// grow by a constant factor (DDSketch, Masson et al. 2019). Order of adding and merging does not show.
class QuantileSketch
{
public:
    static constexpr double relativeError = 0.01;

    void add(double value); ///< NaN counts above all
    void merge(const QuantileSketch& other);
    /// fraction 0 to 1; nothing while it is empty.
    std::optional<double> quantile(double fraction) const;
    std::size_t memoryBytes() const;

private:
    /// Counts by bin number, from the lowest to the highest bin in use.
    struct Bins
    {
        std::int32_t first = 0;
        std::vector<std::uint64_t> counts;

        void add(std::int32_t bin, std::uint64_t count);
    };

    Bins m_positive;
    Bins m_negative; ///< of the magnitudes
    std::uint64_t m_zeros = 0;
    std::uint64_t m_infinite = 0;
    std::uint64_t m_negativeInfinite = 0;
    std::uint64_t m_notNumbers = 0;
    std::uint64_t m_count = 0;
};

} // namespace weir::aggregate
