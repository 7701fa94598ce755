// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/export/export_writer.h"

#include <mutex>

struct sqlite3;
struct sqlite3_stmt;

namespace weir::exporter {

/// Rows as a table of a SQLite database of their own. Payloads are TEXT where they are UTF-8, else BLOB; decimals and
/// times are TEXT, which keeps all their digits.
class SqliteWriter final : public ExportWriter
{
public:
    static Result<std::unique_ptr<ExportWriter>> open(
        const ExportSettings& settings, const std::vector<ColumnInfo>& columns);
    ~SqliteWriter() override;

    Result<void> append(const RowBlock& block) override;
    Result<void> finish() override;
    ExportCounters counters() const override;

private:
    explicit SqliteWriter(std::vector<ColumnInfo> columns) : m_columns(std::move(columns)) { }
    Result<void> create(const std::string& table);
    Result<void> run(const std::string& sql);
    Result<void> insert(const RowBlock& block, std::size_t row);
    int bind(int place, const ColumnInfo& info, const ColumnView& column, std::size_t row);
    Error error(const std::string& what) const;
    void close();

    const std::vector<ColumnInfo> m_columns;
    mutable std::mutex m_mutex; ///< guards what follows
    std::unique_ptr<PartialFile> m_file;
    sqlite3* m_database = nullptr;
    sqlite3_stmt* m_insert = nullptr;
    FormatCounts m_counts;
};

} // namespace weir::exporter
