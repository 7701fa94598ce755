// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/aggregate/distinct_sketch.h"
#include "app/engine/aggregate/frequent_values.h"
#include "app/engine/event/column.h"

#include <optional>
#include <span>

namespace weir::profile {

/// The values of one field over any number of batches. One thread; several are merged.
class FieldProfile
{
public:
    FieldProfile(std::string name, const LogicalType& type) : m_name(std::move(name)), m_type(type) { }

    /// The rows of a batch whose value could be decoded.
    void add(const Column& column, std::span<const std::uint32_t> rows);
    void merge(const FieldProfile& other); ///< of the same field

    const std::string& name() const { return m_name; }
    const LogicalType& type() const { return m_type; }
    std::uint64_t count() const { return m_nulls + m_present; }
    std::uint64_t nulls() const { return m_nulls; } ///< null, missing, or of another type than most
    std::int64_t distinct() const { return m_distinct.estimate(); } ///< within DistinctSketch::standardError
    /// The smallest and the largest one as text; nothing where all are NULL. Texts are compared by their bytes.
    std::optional<std::string> least() const { return textOf(m_least); }
    std::optional<std::string> most() const { return textOf(m_most); }
    std::optional<double> mean() const; ///< of numbers
    /// The most frequent texts; a count is too low by errorOfTop() at most. Of texts and booleans alone.
    std::vector<aggregate::FrequentValues::Entry> top() const { return m_top.top(); }
    std::uint64_t errorOfTop() const { return m_top.error(); }

private:
    static std::optional<std::string> textOf(const Column& one);
    void take(const Column& column, std::uint32_t row);
    void widen(const Column& column, std::uint32_t row);

    std::string m_name;
    LogicalType m_type;
    std::uint64_t m_nulls = 0;
    std::uint64_t m_present = 0;
    double m_sum = 0;
    Column m_least; ///< a row, or none
    Column m_most;
    aggregate::DistinctSketch m_distinct;
    aggregate::FrequentValues m_top{5};
    std::vector<std::uint32_t> m_valid; ///< kept to spare an allocation per batch
    std::vector<std::uint64_t> m_hashes;
};

} // namespace weir::profile
