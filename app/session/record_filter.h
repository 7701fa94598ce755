// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/search/byte_pattern.h"
#include "app/engine/search/record_filter.h"
#include "app/engine/sql/diagnostic.h"
#include "app/session/filter_table.h"

#include <optional>
#include <string>
#include <vector>

namespace weir {

/// What records are asked for; both have to hold where both are given.
struct SearchTerms
{
    std::string where; ///< SQL as behind WHERE, over a FilterTable; empty: any
    std::optional<search::PatternSpec> pattern;

    bool isEmpty() const { return where.empty() && !pattern; }
    bool operator==(const SearchTerms&) const = default;
};

/// A filter, or what is wrong with the words for it.
struct FilterVerdict
{
    search::RecordFilterFactoryPtr filter; ///< null: see `problems` or `error`
    std::vector<sql::Diagnostic> problems; ///< of `where`, with places in it
    std::optional<Error> error; ///< the first of the problems, or what else stands against it
};

/// Whether a filter may pass over records whose bytes cannot match, without decoding them: those that cannot be decoded
/// are then undecided only where they may match.
enum class Prefilter : std::uint8_t { On, Off };

/// Does not block; takes a millisecond or so.
FilterVerdict judgeFilter(const FilterTable& table, const SearchTerms& terms, Prefilter prefilter = Prefilter::On);

/// For who keeps what cannot be decoded: every record is. *Blocks*: reads a sample of the topic where the terms need
/// one. Error: what is wrong with them, with line and column.
Result<search::RecordFilterFactoryPtr> compileFilter(
    Cluster& cluster, const std::string& topic, const SearchTerms& terms, const Clock& clock);

/// How a filter fares with the sample of its table.
struct TriedFilter
{
    std::size_t records = 0;
    std::size_t matching = 0;
    std::size_t undecided = 0;
};
TriedFilter tryFilter(const FilterTable& table, const search::RecordFilterFactory& filter);

} // namespace weir
