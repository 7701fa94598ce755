// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_fields.h"
#include "app/engine/search/record_filter.h"
#include "app/session/record_place.h"
#include "widgets/tables/record_rows.h"

#include <map>
#include <memory>

namespace weir {

/// A field of the JSON value with a column of its own.
struct TopicField
{
    JsonFieldPath path;
    QString caption; ///< its type, where that is known
    bool number = false; ///< to the right
    bool operator==(const TopicField&) const = default;
};

/// What is shown of each record beyond time, partition, offset, key, value and size.
struct TopicColumns
{
    std::vector<TopicField> fields;
    std::vector<QString> headers; ///< names; of equal ones the last
    bool topic = false; ///< of views over several
    bool comment = false; ///< that the user wrote to marked records
    bool operator==(const TopicColumns&) const = default;
};

/// The records that the user marked, with the comments.
using RecordMarks = std::map<RecordPlace, QString>;

/// Rows for which a condition holds have a colour.
struct RowColour
{
    search::RecordFilterFactoryPtr filter;
    tables::RowTint tint = tables::RowTint::None;
};

/// The records of a topic view as rows of the table: time, partition, offset, key, fields, headers, value, size. Row
/// numbers are the store's. GUI thread.
class TopicRows final : public tables::RecordRows
{
public:
    explicit TopicRows(std::shared_ptr<const RowStore> store);

    /// Other columns over the same rows; the table has to be refreshed.
    void show(TopicColumns columns);

    void setMarks(RecordMarks marks) { m_marks = std::move(marks); }
    /// The first that holds counts.
    void setColours(const std::vector<RowColour>& colours);

    /// The field that a column shows; null: it shows something else.
    const TopicField* fieldOf(const QString& columnId) const;

    qint64 firstRow() const override { return m_store->firstRow(); }
    qint64 endRow() const override { return m_store->endRow(); }
    const std::vector<tables::TableColumn>& columns() const override { return m_columns; }
    std::vector<tables::TableRow> rows(qint64 first, int count) const override;
    std::vector<tables::TableRow> rowsToCopy(qint64 first, int count) const override;
    /// How long a frame may wait for a disk.
    static constexpr std::chrono::milliseconds patience{8};

private:
    std::vector<tables::TableRow> read(qint64 first, int count, std::chrono::milliseconds patience) const;

    void addFields(std::vector<tables::TableCell>& cells, const std::optional<std::string_view>& value) const;
    void addHeaders(std::vector<tables::TableCell>& cells, const RecordBatch& batch, std::size_t index) const;
    tables::TableRow rowOf(const RecordBatch& batch, std::size_t index) const;
    void addColours(const std::vector<StoredRow>& stored, std::vector<tables::TableRow>& rows) const;
    void colourGroup(const std::vector<StoredRow>& stored, std::size_t first, std::size_t end,
        std::vector<tables::TableRow>& rows) const;

    std::shared_ptr<const RowStore> m_store;
    TopicColumns m_shown;
    RecordMarks m_marks;
    struct Colour
    {
        std::unique_ptr<search::RecordFilter> filter;
        tables::RowTint tint;
    };
    std::vector<Colour> m_colours;
    std::vector<JsonFieldPath> m_paths;
    std::vector<tables::TableColumn> m_columns;
};

} // namespace weir
