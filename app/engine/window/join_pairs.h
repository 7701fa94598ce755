// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/evaluate.h"
#include "app/engine/sql/plan.h"
#include "app/engine/window/output_rows.h"

#include <span>

namespace weir::window {

/// A left and a right row that may belong together, by number in their buffers.
struct Pair
{
    std::uint32_t left = 0;
    std::uint32_t right = 0;
};

/// What both kinds of joins are told.
struct JoinSpec
{
    sql::JoinKind kind = sql::JoinKind::Inner;
    std::vector<LogicalType> keyTypes;
    std::vector<std::size_t> leftKeys;
    std::vector<std::size_t> rightKeys;
    sql::ExpressionPtr condition; ///< over left columns followed by right ones; null: none
    Schema left;
    Schema right;
    sql::EvaluationContext context;

    bool keepsLeft() const { return kind == sql::JoinKind::Left || kind == sql::JoinKind::Full; }
    bool keepsRight() const { return kind == sql::JoinKind::Right || kind == sql::JoinKind::Full; }
};

/// Tells which pairs fulfil the rest of a join's condition, and writes joined rows.
class JoinPairs
{
public:
    explicit JoinPairs(const JoinSpec& spec) : m_spec(spec) { }

    struct Sides
    {
        const std::vector<Column>& left;
        const std::vector<Column>& right;
    };
    /// The pairs for which the condition is TRUE, in their order. A pair at which Flink's job would fail is told in
    /// `failures` and does not match.
    std::vector<Pair> matching(
        std::span<const Pair> pairs, const Sides& sides, std::vector<std::string>& failures) const;

    void appendBoth(const Sides& sides, const Pair& pair, OutputRows& out) const;
    void appendLeft(const std::vector<Column>& left, std::uint32_t row, OutputRows& out) const; ///< right side NULL
    void appendRight(const std::vector<Column>& right, std::uint32_t row, OutputRows& out) const; ///< left side NULL

private:
    const JoinSpec& m_spec;
};

/// NULL equals nothing: rows of such a key find no partner.
bool hasNull(const std::vector<Column>& cells, std::size_t row);

} // namespace weir::window
