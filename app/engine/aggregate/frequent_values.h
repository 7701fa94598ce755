// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::aggregate {

/// The texts that are seen most, in fixed memory (Misra-Gries, mergeable as in Agarwal et al. 2012). A count is never
/// too high, and too low by at most error(): all rows over the capacity.
class FrequentValues
{
public:
    /// `k` values are asked for; more are tracked, so that the error stays below a tenth of the k-th share.
    explicit FrequentValues(std::size_t k = 1);

    struct Entry
    {
        std::string text;
        std::uint64_t count = 0;
    };

    void add(std::string_view text);
    void merge(const FrequentValues& other);
    std::vector<Entry> top() const; ///< by count, then by text
    std::uint64_t error() const { return m_error; }
    std::size_t memoryBytes() const { return m_bytes; }

private:
    void count(std::string_view text, std::uint64_t by);
    void prune();

    std::size_t m_k;
    std::size_t m_capacity;
    std::unordered_map<std::string, std::uint64_t> m_counts;
    std::uint64_t m_error = 0;
    std::size_t m_bytes = 0;
};

} // namespace weir::aggregate
