// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/column_view.h"
#include "connectors/record/result.h"

namespace weir::exporter {

/// What happened to cells while they were written.
struct FormatCounts
{
    std::uint64_t rows = 0;
    std::uint64_t defused = 0; ///< cells that a spreadsheet would have run as formulas
    std::uint64_t encoded = 0; ///< payloads that are no text, written as Base64
    std::uint64_t skipped = 0; ///< rows that have nothing to write
};

/// How rows become bytes of a stream. Thread-safe: what it appends for one block stands by itself.
class RowFormat
{
public:
    virtual ~RowFormat() = default;
    /// What the stream begins with.
    virtual std::string head() const { return {}; }
    virtual Result<void> append(const RowBlock& block, std::string& out, FormatCounts& counts) const = 0;
};

/// The same names, each made different from those before it: "id", "Id" become "id", "Id_2" where case does not count.
enum class NameCase : std::uint8_t { Matters, Ignored };
std::vector<std::string> distinctNames(const std::vector<std::string>& names, NameCase letters);

} // namespace weir::exporter
