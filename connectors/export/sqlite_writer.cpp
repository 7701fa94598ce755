// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/sqlite_writer.h"

#include <algorithm>
#include <sqlite3.h>
#include <sys/stat.h>

namespace weir::exporter {

namespace {

using FileStat = struct stat;

// SQLite's own limit as Debian builds it.
constexpr std::size_t mostColumns = 2000;

std::string quotedName(const std::string& name)
{
    std::string text = "\"";
    for (const char c : name) {
        text += c == '"' ? "\"" : "";
        text.push_back(c == '\0' ? '_' : c); // SQL text ends at a zero byte
    }
    return text + '"';
}

const char* declaredType(ColumnKind kind)
{
    switch (kind) {
    case ColumnKind::Boolean:
        return " BOOLEAN";
    case ColumnKind::Integer:
        return " INTEGER";
    case ColumnKind::Real:
        return " REAL";
    case ColumnKind::Bytes:
    case ColumnKind::Payload:
        return " BLOB"; // leaves texts and numbers as they are
    default:
        return " TEXT";
    }
}

int bindText(sqlite3_stmt* statement, int place, std::string_view text)
{
    return sqlite3_bind_text64(
        statement, place, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

int bindBlob(sqlite3_stmt* statement, int place, std::string_view bytes)
{
    return sqlite3_bind_blob64(statement, place, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC);
}

} // namespace

Result<std::unique_ptr<ExportWriter>> SqliteWriter::open(
    const ExportSettings& settings, const std::vector<ColumnInfo>& columns)
{
    if (settings.path == "-")
        return Error{
            ErrorKind::InvalidInput, "a SQLite database cannot be written to standard output. Name a file.", {}};
    if (columns.size() > mostColumns)
        return Error{ErrorKind::InvalidInput,
            "a SQLite table has at most " + std::to_string(mostColumns) + " columns, not "
                + std::to_string(columns.size()) + ". Choose some of them, or another format.",
            settings.path};
    auto file = PartialFile::open(settings.path, settings.existing);
    if (!file)
        return file.error();
    std::unique_ptr<SqliteWriter> writer(new SqliteWriter(columns));
    writer->m_file = std::move(*file);
    if (auto created = writer->create(settings.table); !created)
        return created.error();
    return std::unique_ptr<ExportWriter>(std::move(writer));
}

SqliteWriter::~SqliteWriter()
{
    close();
}

void SqliteWriter::close()
{
    sqlite3_finalize(std::exchange(m_insert, nullptr));
    sqlite3_close(std::exchange(m_database, nullptr));
}

Error SqliteWriter::error(const std::string& what) const
{
    const int code = m_database ? sqlite3_errcode(m_database) : SQLITE_NOMEM;
    const bool full = code == SQLITE_FULL;
    return {full ? ErrorKind::ResourceLimit : ErrorKind::Io,
        what + ": " + (m_database ? sqlite3_errmsg(m_database) : "no memory") + "."
            + (full ? " Make room or choose another disk." : ""),
        m_file->partialPath()};
}

Result<void> SqliteWriter::run(const std::string& sql)
{
    return sqlite3_exec(m_database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK
        ? Result<void>()
        : error("the database cannot be written");
}

Result<void> SqliteWriter::create(const std::string& table)
{
    if (sqlite3_open_v2(
            m_file->partialPath().c_str(), &m_database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr)
        != SQLITE_OK)
        return error("the database cannot be opened");
    std::vector<std::string> names;
    for (const ColumnInfo& column : m_columns)
        names.push_back(column.name);
    names = distinctNames(names, NameCase::Ignored);
    std::string columns;
    std::string places;
    for (std::size_t i = 0; i < names.size(); ++i) {
        columns += (i == 0 ? "" : ", ") + quotedName(names[i]) + declaredType(m_columns[i].kind)
            + (m_columns[i].nullable ? "" : " NOT NULL");
        places += i == 0 ? "?" : ", ?";
    }
    // One transaction without a journal: what is not complete is thrown away as a whole.
    if (auto begun = run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384; BEGIN; "
                         "CREATE TABLE "
            + quotedName(table) + " (" + columns + ")");
        !begun)
        return begun;
    const std::string insert = "INSERT INTO " + quotedName(table) + " VALUES (" + places + ")";
    return sqlite3_prepare_v2(m_database, insert.c_str(), -1, &m_insert, nullptr) == SQLITE_OK
        ? Result<void>()
        : error("the database cannot be written");
}

int SqliteWriter::bind(int place, const ColumnInfo& info, const ColumnView& column, std::size_t row)
{
    if (column.isNull(row))
        return sqlite3_bind_null(m_insert, place);
    switch (info.kind) {
    case ColumnKind::Boolean:
        return sqlite3_bind_int64(m_insert, place, column.at<std::uint8_t>(row));
    case ColumnKind::Integer:
    case ColumnKind::Date:
    case ColumnKind::Time:
    case ColumnKind::Timestamp:
        return sqlite3_bind_int64(m_insert, place, column.at<std::int64_t>(row));
    case ColumnKind::Real:
        return sqlite3_bind_double(m_insert, place, column.at<double>(row));
    case ColumnKind::Decimal:
    case ColumnKind::Text:
    case ColumnKind::Json:
        return bindText(m_insert, place, column.at<std::string_view>(row));
    case ColumnKind::Bytes:
        return bindBlob(m_insert, place, column.at<std::string_view>(row));
    case ColumnKind::Payload:
        break;
    }
    const auto& payload = column.at<Payload>(row);
    return payload.form == PayloadForm::Bytes ? bindBlob(m_insert, place, payload.bytes)
                                              : bindText(m_insert, place, payload.bytes);
}

Result<void> SqliteWriter::insert(const RowBlock& block, std::size_t row)
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (bind(static_cast<int>(i) + 1, m_columns[i], block.columns[i], row) != SQLITE_OK)
            return error("a row cannot be written");
    }
    const bool done = sqlite3_step(m_insert) == SQLITE_DONE;
    if (!done)
        return error("a row cannot be written");
    sqlite3_reset(m_insert);
    return {};
}

Result<void> SqliteWriter::append(const RowBlock& block)
{
    const std::lock_guard lock(m_mutex);
    for (const std::uint32_t row : block.rows) {
        if (auto inserted = insert(block, row); !inserted)
            return inserted;
    }
    m_counts.rows += block.rows.size();
    return {};
}

Result<void> SqliteWriter::finish()
{
    const std::lock_guard lock(m_mutex);
    if (auto committed = run("COMMIT"); !committed)
        return committed;
    close();
    return m_file->complete();
}

ExportCounters SqliteWriter::counters() const
{
    const std::lock_guard lock(m_mutex);
    FileStat file{};
    ExportCounters counters{m_counts, 0};
    if (::fstat(m_file->descriptor(), &file) == 0)
        counters.bytes = static_cast<std::uint64_t>(file.st_size);
    return counters;
}

} // namespace weir::exporter
