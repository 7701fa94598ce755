// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/export_writer.h"
#include "connectors/record/record_batch.h"

namespace weir {

/// A bit per row, set = not NULL.
class ValidBits
{
public:
    void reset(std::size_t rows) { m_words.assign((rows + 63) / 64, ~std::uint64_t{0}); }
    void setNull(std::size_t row) { m_words[row / 64] &= ~(std::uint64_t{1} << (row % 64)); }
    std::span<const std::uint64_t> words() const { return m_words; }

private:
    std::vector<std::uint64_t> m_words;
};

/// Texts that are built one behind the other, one for each of some rows; to be viewed once all of them stand.
class BuiltTexts
{
public:
    void clear()
    {
        m_bytes.clear();
        m_ends.clear();
    }
    std::string& bytes() { return m_bytes; } ///< append the next text here, then end() it
    void end() { m_ends.push_back(m_bytes.size()); }
    /// By row of a batch of `size`; the texts are those of `rows`, in their order.
    std::span<const std::string_view> views(std::size_t size, std::span<const std::uint32_t> rows)
    {
        m_views.resize(size);
        std::size_t begin = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            m_views[rows[i]] = std::string_view(m_bytes).substr(begin, m_ends[i] - begin);
            begin = m_ends[i];
        }
        return m_views;
    }

private:
    std::string m_bytes;
    std::vector<std::size_t> m_ends;
    std::vector<std::string_view> m_views;
};

/// What records have beside the fields of their values, as columns of an export.
enum class ExportedPart : std::uint8_t { Topic, Partition, Offset, Timestamp, TimestampType, Key, Headers, Value };

/// One such column; kept from batch to batch to spare allocations. One thread.
class RecordPartColumn
{
public:
    RecordPartColumn(ExportedPart part, exporter::FormatNeeds needs) : m_part(part), m_needs(needs) { }

    /// Only the rows asked for are looked at. The view is good until the next call and as long as the batch lives.
    exporter::ColumnView make(const RecordBatch& batch, std::span<const std::uint32_t> rows);

private:
    exporter::ColumnView numbers(const RecordBatch& batch, std::span<const std::uint32_t> rows);
    exporter::ColumnView texts(const RecordBatch& batch, std::span<const std::uint32_t> rows);
    exporter::ColumnView headers(const RecordBatch& batch, std::span<const std::uint32_t> rows);
    exporter::ColumnView payloads(const RecordBatch& batch, std::span<const std::uint32_t> rows);

    const ExportedPart m_part;
    const exporter::FormatNeeds m_needs;
    std::vector<std::int64_t> m_numbers;
    std::vector<std::string_view> m_texts;
    std::vector<exporter::Payload> m_payloads;
    BuiltTexts m_headers;
    ValidBits m_valid;
};

/// Looks at bytes until `finest` is known of them.
exporter::PayloadForm formOf(std::string_view bytes, exporter::PayloadForm finest);

} // namespace weir
