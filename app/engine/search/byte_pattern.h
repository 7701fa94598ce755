// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"
#include "connectors/record/result.h"

#include <memory>
#include <string>
#include <vector>

namespace weir::search {

enum class PatternKind : std::uint8_t {
    Text, ///< UTF-8, as it stands
    Bytes, ///< hexadecimal: "DE AD be ef"
    Regex, ///< RE2, over the bytes as UTF-8
};

/// What is looked for, and where.
struct PatternSpec
{
    PatternKind kind = PatternKind::Text;
    std::string text;
    bool ignoreCase = false; ///< of all letters that Unicode pairs; not for Bytes
    bool inKey = true;
    bool inValue = true;
    bool inHeaders = true; ///< names and values
    bool operator==(const PatternSpec&) const = default;
};

/// Where a pattern was found.
struct PatternPlace
{
    std::size_t position = 0;
    std::size_t length = 0;
};

/// Looks for one pattern in records, in time linear in their bytes. Immutable, any thread.
class BytePattern
{
public:
    /// Error: the pattern is empty, or cannot be read or run; says why.
    static Result<std::shared_ptr<const BytePattern>> compile(const PatternSpec& spec);
    ~BytePattern();

    const PatternSpec& spec() const { return m_spec; }
    bool matches(const RecordBatch& batch, std::size_t row) const;
    /// Adds the rows that match, ascending.
    void select(const RecordBatch& batch, std::vector<std::uint32_t>& rows) const;
    /// The first place at or behind `from`.
    std::optional<PatternPlace> find(std::string_view bytes, std::size_t from = 0) const;

private:
    class Expression;

    explicit BytePattern(PatternSpec spec);
    bool isIn(std::string_view bytes) const;
    bool isIn(const std::optional<std::string_view>& bytes) const { return bytes && isIn(*bytes); }

    const PatternSpec m_spec;
    std::string m_needle; ///< of a plain text; empty: m_expression looks
    std::unique_ptr<Expression> m_expression;
};

/// The bytes that hexadecimal digits stand for; blanks between them do not matter.
std::optional<std::string> bytesOfHex(std::string_view digits);

} // namespace weir::search
