// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_members.h"
#include "connectors/record/record_batch.h"
#include "connectors/record/result.h"

#include <string>
#include <vector>

namespace weir::search {

/// By what the rows of a view are ordered. NULLs and what is missing come first, then false and true, numbers (exactly,
/// whatever their size), texts by their bytes, objects and arrays.
struct RowOrder
{
    enum class By : std::uint8_t { Time, Topic, Partition, Offset, Key, Value, Size, Header, Field };

    By by = By::Time;
    std::string header; ///< name; of equal ones the last
    JsonFieldPath field; ///< of the JSON value
    bool descending = false;

    /// "time", "topic", "partition", "offset", "key", "value", "size", "header:NAME", "field:PATH", or a path alone
    /// where it is none of these words; " desc" behind it turns the order round. A table's columns have the same names.
    static Result<RowOrder> parse(std::string_view words);
    std::string text() const; ///< parse() understands it
    bool operator==(const RowOrder&) const = default;
};

/// Makes keys that compare as bytes the way an order means. One thread.
class RowOrderKeys
{
public:
    explicit RowOrderKeys(RowOrder order) : m_order(std::move(order)) { }

    /// Of the records of a batch from `first` on.
    void make(const RecordBatch& batch, std::size_t first, std::vector<std::string>& keys);

private:
    void append(const RecordBatch& batch, std::size_t row, std::string& key);
    void appendField(const std::optional<std::string_view>& value, std::string& key);

    const RowOrder m_order;
    JsonMembers m_members;
};

} // namespace weir::search
