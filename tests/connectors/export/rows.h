// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/column_view.h"

#include <numeric>
#include <optional>

namespace weir::exporter {

/// Rows made by hand: a value per row, nothing where it is NULL. Owns what its blocks view.
class Rows
{
public:
    explicit Rows(std::size_t count) : m_all(count) { std::iota(m_all.begin(), m_all.end(), 0U); }

    template <typename T>
    Rows& add(const ColumnInfo& info, const std::vector<std::optional<T>>& values)
    {
        auto kept = std::make_shared<std::vector<T>>();
        auto valid = std::make_shared<std::vector<std::uint64_t>>((values.size() + 63) / 64);
        for (std::size_t row = 0; row < values.size(); ++row) {
            kept->push_back(values[row].value_or(T{}));
            (*valid)[row / 64] |= static_cast<std::uint64_t>(values[row].has_value()) << (row % 64);
        }
        infos.push_back(info);
        m_views.push_back({std::span<const T>(*kept), *valid});
        m_kept.push_back(kept);
        m_kept.push_back(valid);
        return *this;
    }
    RowBlock block() const { return {m_views, m_all}; }
    /// Only these rows.
    RowBlock block(const std::vector<std::uint32_t>& rows) const { return {m_views, rows}; }

    std::vector<ColumnInfo> infos;

private:
    std::vector<ColumnView> m_views;
    std::vector<std::shared_ptr<void>> m_kept;
    std::vector<std::uint32_t> m_all;
};

} // namespace weir::exporter
